"""Features in, the blocking keys that two records of one work share out, and where a record stands among the holders of a key.

Keys are 63 bits of a hash of a text such as `doi:10.1000/x1`; so is the place, of which the upper bits sort like a text and
the lower ones tell records of different content apart.
"""

from __future__ import annotations

import hashlib

from repo_harvest.match.features import Features
from repo_harvest.match.rank import written

__all__ = ["blocking_keys", "place", "texts"]

_BITS = (1 << 63) - 1


def texts(features: Features) -> frozenset[str]:
    """The keys of a record as texts, for people."""
    found = {f"doi:{doi}" for doi in features.dois}
    if features.title and features.year:
        found |= {f"work:{features.title}|{features.year}|{surname}" for surname in features.surnames}
    return frozenset(found)


def blocking_keys(features: Features) -> frozenset[int]:
    """The keys of a record, each from 0 to 2**63 - 1."""
    return frozenset(_hash(text) for text in texts(features))


def place(features: Features) -> int:
    """Where the record stands among records that share a key, 0 to 2**63 - 1: similar ones are neighbours."""
    sorts = (features.title.replace(" ", "") + "\0" * 8)[:5].encode("ascii", "replace")[:5]
    return (int.from_bytes(sorts) << 23 | _hash(written(features)) & ((1 << 23) - 1)) & _BITS


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) & _BITS
