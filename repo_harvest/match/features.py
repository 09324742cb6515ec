"""A record in, what comparing looks at out: normalised once, so that a comparison costs little."""

from __future__ import annotations

from dataclasses import dataclass

from repo_harvest.match.keys import dois, normal, surnames, title_of
from repo_harvest.model import Record

__all__ = ["Features", "features"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is compared of a record. Equal records have equal features."""

    title: str
    year: str | None
    surnames: frozenset[str]
    dois: frozenset[str]


def features(record: Record) -> Features:
    """The features of a record."""
    return Features(title=normal(title_of(record)), year=record.year, surnames=surnames(record), dois=dois(record))
