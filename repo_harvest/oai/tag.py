"""One request and one state of the feed in, the entity tag of the answer out; and whether a tag that is held still stands.

A tag names exactly one sequence of bytes: `SEALED-NEWEST-DIGEST`, the watermark that is the answer's responseDate, the
newest datestamp of the feed, and a keyed digest of both, of the arguments, of the repository as it is configured and of
the version of this program. Whoever answers adds the coding of the body (RFC 9110 section 8.8.3.3).

The watermark rises every second, so a tag that named only the current answer would never be met again. What is asked of
a held tag is whether its answer is still true: the digest shows that we made it, for this very request and repository,
and as long as the newest datestamp is the same, nothing was published since (every publication is stamped later than all
before it). Then the held list is what would be listed now, and its older responseDate is one that a harvester may come
back with and miss nothing. The alternative that lost: a tag without the watermark, equal for as long as nothing is
published. It would name different bytes each second, which a strong tag must not, and weak tags do not survive proxies
that compress.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

from repo_harvest import __version__
from repo_harvest.oai.answer import NO_SUCH_SET, Answer, Errors, Sets
from repo_harvest.oai.repository import Repository
from repo_harvest.oai.request import Arguments

__all__ = ["held_tag", "is_named", "make_tag"]

_SIZE = 16  # bytes of keyed BLAKE2 (RFC 7693): every answer needs one, and it takes half the time of an HMAC
_TAG = re.compile(r"([0-9]{1,15})-(none|-?[0-9]{1,15})-[0-9a-f]{32}")


def make_tag(arguments: Arguments, repository: Repository, *, sealed: int, newest: int | None) -> str:
    """The tag of the answer to these arguments from a feed sealed at `sealed` whose newest datestamp is `newest`."""
    state = f"{sealed}-{'none' if newest is None else newest}"
    told = f"{state}\n{arguments!r}".encode()
    return f"{state}-{blake2b(told, key=_key(repository), digest_size=_SIZE).hexdigest()}"


def held_tag(
    held: Collection[str], arguments: Arguments, repository: Repository, *, newest: int | None
) -> tuple[str, int] | None:
    """The first of the held tags whose answer is still true, and the watermark of that answer; `None` if there is none."""
    for tag in held:
        parts = _TAG.fullmatch(tag)
        if parts is None or parts[2] != ("none" if newest is None else str(newest)):
            continue
        sealed = int(parts[1])
        if hmac.compare_digest(tag, make_tag(arguments, repository, sealed=sealed, newest=newest)):
            return tag, sealed
    return None


def is_named(answer: Answer) -> bool:
    """Whether the state of the feed decides every byte of the answer, so that a tag may name it.

    Sets are given and named by the configuration, at any moment and without a datestamp: neither their list nor that
    one is missing has a tag. Of the errors only an empty list is worth one: it is what most polls of most days get.
    """
    if isinstance(answer, Errors):
        return all(error.code == "noRecordsMatch" and error.message != NO_SUCH_SET for error in answer.errors)
    return not isinstance(answer, Sets)


@lru_cache(maxsize=8)
def _key(repository: Repository) -> bytes:
    """What the program and the configuration have to do with an answer; the token key, which is in there, makes tags ours alone."""
    return blake2b(f"{__version__}\n{repository!r}".encode()).digest()
