"""What is served, and the one interface (`Feed`) that the provider reads it from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from repo_harvest.model.record import Record

__all__ = [
    "Feed",
    "Header",
    "Item",
    "Listed",
    "Position",
    "Provenance",
    "Rendition",
    "SetInfo",
    "Snapshot",
    "Window",
    "utc_text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One record in one metadata format: a self-contained, schema-valid XML document without a declaration."""

    prefix: str
    metadata: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a record's metadata was read: a web page, what it is called there, the second of the fetch (UTC, since 1970)."""

    page_url: str
    identifier: str
    fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a record (OAI-PMH 2.0 section 2.5); `datestamp` is in UTC seconds since 1970."""

    identifier: str
    datestamp: int
    sets: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of the repository as it is served: its header, and its record (the last one, once deleted)."""

    id: int
    header: Header
    record: Record
    merged_into: str | None = None


class Position(NamedTuple):
    """A place in a list, which is ordered by (datestamp, item id): what comes next is what is after it."""

    datestamp: int
    id: int


class Listed(NamedTuple):
    """One row of a list: the rendered header, metadata (`None` once deleted, or when not asked for) and `about` elements."""

    datestamp: int
    id: int
    header: bytes
    metadata: bytes | None
    about: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a list is of: a format, and if given a set and inclusive bounds in UTC seconds since 1970."""

    prefix: str
    set_spec: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInfo:
    """A set: its setSpec, its name for people, and perhaps some sentences about it."""

    spec: str
    name: str
    description: str | None = None


class Snapshot(Protocol):
    """The feed as one committed transaction left it; every answer is made from exactly one."""

    @property
    def sealed(self) -> int:
        """The watermark S: the responseDate, in UTC seconds. Whatever is published later has a datestamp > S."""

    @property
    def newest(self) -> int | None:
        """The largest datestamp; `None` while there are none. Every publication raises it, and nothing else does."""

    def earliest(self) -> int | None:
        """The smallest datestamp, of live and deleted records; `None` while there are none."""

    def count(self, window: Window) -> int:
        """How many records the window holds."""

    def headers(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        """At most `limit` headers of the window after a position, in list order."""

    def records(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        """At most `limit` records of the window after a position, in list order."""

    def record(self, identifier: str, prefix: str) -> Listed | None:
        """One record, or `None` if that item has none in this format."""

    def prefixes(self, identifier: str) -> frozenset[str] | None:
        """The formats that an item has (or had, once deleted); `None` if there is no such item."""

    def has_sets(self) -> bool:
        """Whether there is any set."""

    def has_set(self, spec: str) -> bool:
        """Whether there is such a set."""

    def sets(self, after: str | None, limit: int) -> Sequence[SetInfo]:
        """At most `limit` sets after a setSpec, in the order of their setSpecs."""

    def count_sets(self) -> int:
        """How many sets there are."""


class Feed(Protocol):
    """What the provider reads from."""

    def snapshot(self, now: float, reach: int | None = None) -> AbstractContextManager[Snapshot]:
        """One read transaction; seals the past second first if it can (raises `StoreUnavailable`).

        With `reach` an older state will do, if its watermark is that second (UTC, since 1970) or later.
        """


def utc_text(seconds: int) -> str:
    """UTC seconds since 1970 as `YYYY-MM-DDThh:mm:ssZ` (OAI-PMH 2.0 section 3.3).

    >>> utc_text(0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat() + "Z"
