"""What a client accepts in, the coding its answer gets out (RFC 9110 section 12.5.3), and the one place that compresses.

gzip is done whenever it is acceptable and no less wanted than plain bytes, also for small bodies, so that what Identify
advertises is always true. isal is three to five times as fast as zlib, which stands in where isal has no build; level 1,
because an answer is made once and read once, and on publications' metadata the higher levels gain little. The alternative
that lost: to leave it to a proxy, which is not there where the service runs on its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import lru_cache

__all__ = ["ENCODER", "accepts_gzip", "gzip", "zlib_gzip"]

_LEVEL = 1
_GZIP_FORMAT = 31  # zlib's number for gzip with the largest window
_LONGEST = 1000  # characters of a header that are read; the honest ones have fewer than 100
_MEMBER = re.compile(
    r"[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?)?"
)
_SAME = {"x-gzip": "gzip"}  # section 8.4.1.3


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip is what a client with this Accept-Encoding should get.

    Of a coding named twice the smaller weight holds: plain bytes are what everyone reads. A member that is malformed is
    passed over, and a header that accepts nothing at all is taken as if it were not there.

    >>> [accepts_gzip(text) for text in ("gzip", "br, *;q=0.1", "gzip;q=0.5, identity", "gzip;q=0, *", "", None)]
    [True, True, False, False, False, False]
    """
    weights = _weights(accept_encoding or "")
    others = weights.get("*")
    gzip_weight = weights.get("gzip", others)
    identity_weight = weights.get("identity", 0 if others == 0 else None)
    if gzip_weight is None:  # not named: sent only to a client that refuses plain bytes, and does not refuse all else
        return identity_weight == 0
    return gzip_weight > 0 and gzip_weight >= (identity_weight or 0)


def _weights(header: str) -> dict[str, int]:
    """The weight of each coding that the header names, in thousandths."""
    weights: dict[str, int] = {}
    for text in header[:_LONGEST].split(","):
        member = _MEMBER.fullmatch(text)
        if member is None or member[1] is None:
            continue
        name = _SAME.get(member[1].lower(), member[1].lower())
        weight = round(float(member[2] or 1) * 1000)
        weights[name] = min(weight, weights.get(name, weight))
    return weights


def zlib_gzip(body: bytes) -> bytes:
    """The body as gzip by zlib; the same bytes for the same body, because the header holds no time."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
    return packer.compress(body) + packer.flush()


def _found_encoder() -> tuple[str, Callable[[bytes], bytes]]:
    try:
        from isal import ISAL_VERSION, igzip  # noqa: PLC0415 -- no build of it for this machine is no fault
    except ImportError:
        return f"zlib-{zlib.ZLIB_RUNTIME_VERSION}", zlib_gzip
    return f"isal-{ISAL_VERSION}", lambda body: igzip.compress(body, _LEVEL, mtime=0)


ENCODER, gzip = _found_encoder()
"""What compresses, by name and version, and how. The name is part of entity tags: another one makes other bytes."""
