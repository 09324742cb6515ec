"""Features in, what orders records by what they say out: the same in every process, and for equal features only."""

from __future__ import annotations

import hashlib
from dataclasses import fields

from repo_harvest.match.features import Features

__all__ = ["rank", "written"]

_NAMES = tuple(field.name for field in fields(Features))


def rank(features: Features) -> bytes:
    """Breaks ties between records by content, however they came."""
    return hashlib.blake2b(written(features).encode(), digest_size=16).digest()


def written(features: Features) -> str:
    """The features as text; the order of a set is one of this process, so it is sorted."""
    values = (getattr(features, name) for name in _NAMES)
    return repr([sorted(value) if isinstance(value, frozenset) else value for value in values])
