"""What a reading of one publication says: its fields, and for each of them where on the page it stands and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from repo_harvest.model import Link, PartialDate, Problem

__all__ = ["Citation", "Origin"]


class Origin(NamedTuple):
    """Where a field was read: characters `start` to `end` of a line, and in a word how it was recognised.

    `line` counts the unit's lines from 0, then its hidden lines; it is -1 for a heading over the unit.
    """

    field: str
    how: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One publication as a unit states it; what it does not say is `None` or empty.

    `creators` are "Surname, Given" where the text says which is which, else as written. `type` is the words of the
    heading or label that says what kind of publication it is. Places in `problems` are names of fields.
    """

    title: str | None = None
    creators: tuple[str, ...] = ()
    date: PartialDate | None = None
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    identifiers: tuple[str, ...] = ()
    abstract: str | None = None
    type: str | None = None
    links: tuple[Link, ...] = ()
    origins: tuple[Origin, ...] = ()
    problems: tuple[Problem, ...] = ()
