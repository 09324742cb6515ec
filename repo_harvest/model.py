"""The nouns that rooms exchange: frozen values, and the one interface (`Feed`) that the provider reads from.

A page is fetched (`Page`), read into entries (`Entry`), each entry becomes a record (`Record`), matching decides
whose record it is (`Change`), formats render it (`Rendition`), and the store keeps it as an item (`Item`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import total_ordering
from typing import NamedTuple, Protocol, Self

__all__ = [
    "Change",
    "Entry",
    "Feed",
    "Header",
    "Item",
    "Kind",
    "Link",
    "Listed",
    "Outcome",
    "Page",
    "PartialDate",
    "Position",
    "Problem",
    "Record",
    "Rendition",
    "Run",
    "SetInfo",
    "Severity",
    "Snapshot",
    "Validators",
    "Window",
    "utc_text",
]


# --- the page comes in -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110 section 13.1): sent back on the next fetch."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched page, as bytes.

    `url` is what was asked for, `location` where it was found after redirects; `content` is decompressed.
    `content_type` is the bare media type in lower case, `charset` what the transport declared, if it did.
    With `unchanged` the server said 304: `content` is empty and the last reading still holds.
    """

    url: str
    location: str
    fetched: datetime
    content: bytes
    content_type: str
    charset: str | None = None
    validators: Validators = field(default_factory=Validators)
    unchanged: bool = False


# --- it is read --------------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How bad a `Problem` is: `NOTE` is worth knowing, `WARNING` lost a value, `ERROR` kept a record out."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong, as a value: `where` is a path such as `entries[3].byline`, `what` a sentence for a person."""

    where: str
    what: str
    severity: Severity = Severity.WARNING

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@total_ordering
@dataclass(frozen=True, slots=True, kw_only=True, eq=True)
class PartialDate:
    """2021, 2021-03 or 2021-03-04: keeps the precision it was stated with and never invents the rest.

    Raises `ValueError` for a date that does not exist. A coarser date sorts before the finer ones inside it.

    >>> str(PartialDate.parse("2021-03"))
    '2021-03'
    >>> PartialDate.parse("2021") < PartialDate.parse("2021-01-01") < PartialDate.parse("2022")
    True
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        datetime(self.year, self.month or 1, self.day or 1, tzinfo=UTC)  # raises for what no calendar has

    @classmethod
    def parse(cls, text: str) -> Self:
        """`YYYY`, `YYYY-MM` or `YYYY-MM-DD` in ASCII digits, nothing else; raises `ValueError`."""
        match = _PARTIAL_DATE.fullmatch(text)
        if match is None or match[1] == "0000":
            raise ValueError(f"not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {text!r}")
        year, month, day = (int(part) if part else None for part in match.groups())
        return cls(year=year or 0, month=month, day=day)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    def __lt__(self, other: PartialDate) -> bool:
        return (self.year, self.month or 0, self.day or 0) < (other.year, other.month or 0, other.day or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link on an entry: its absolute URL and the words it is under."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One publication as the page states it: its words untouched, nothing inferred, and its place on the page.

    `creators` are written "Surname, Given" when the page says which is which, else as the page writes them.
    `place` says where it stands, such as `main/div[2]/p[4]` or `line 12`; `byline` is the line that names,
    date and publisher were read from. `origins` maps a field to where its value came from, for people.
    """

    title: str
    place: str
    byline: str = ""
    creators: tuple[str, ...] = ()
    date: PartialDate | None = None
    container: str | None = None
    publisher: str | None = None
    identifiers: tuple[str, ...] = ()
    abstract: str | None = None
    links: tuple[Link, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


# --- it becomes a record -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The typed bibliographic record: NFC text, legal in XML; every field is a tuple, because every one repeats.

    `identifiers` are absolute URLs or URNs where we know how to write them so; `date` is ISO 8601 at the
    precision stated. `container`, `volume`, `issue` and `pages` are where it appeared. The field names are those of
    the import file; `repo_harvest.formats.oai_dc` shows the record as the fifteen Dublin Core elements.
    """

    title: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    volume: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    source_ref: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    format: tuple[str, ...] = ()

    @property
    def year(self) -> str | None:
        """The year of the first date that states one."""
        return next((value[:4] for value in self.date if re.match(r"[0-9]{4}(?![0-9])", value)), None)

    def as_dict(self) -> dict[str, list[str]]:
        """The filled fields only, as lists: what is stored and exported."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}

    @classmethod
    def from_dict(cls, values: dict[str, list[str]]) -> Self:
        """The inverse of `as_dict`."""
        return cls(**{name: tuple(value) for name, value in values.items()})


# --- whose record is it? -----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a run does to one entry or item."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MERGED = "merged"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a run does: the kind, the item's OAI identifier, and the reason in words."""

    kind: Kind
    identifier: str
    reason: str


# --- it is rendered and kept -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One record in one metadata format: a self-contained, schema-valid XML document without a declaration."""

    prefix: str
    metadata: bytes


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


class Outcome(StrEnum):
    """How a run ended. `DIED` is given by a later run to one that never said."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DIED = "died"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a source: `seen` = new + changed + same + merged + refused; `gone` counts beside it.

    `started` and `ended` are UTC seconds since 1970; `message` is the reason when it did not end as `DONE`.
    """

    source: str
    started: int
    ended: int | None = None
    outcome: Outcome = Outcome.RUNNING
    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    refused: int = 0
    gone: int = 0
    message: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def seen(self) -> int:
        """How many entries the page listed."""
        return self.new + self.changed + self.same + self.merged + self.refused


# --- it is served: what a provider reads -------------------------------------------------------------------------


class Position(NamedTuple):
    """A place in a list, which is ordered by (datestamp, item id): what comes next is what is after it."""

    datestamp: int
    id: int


class Listed(NamedTuple):
    """One row of a list: the rendered header, and the rendered metadata (`None` once deleted, or when not asked for)."""

    datestamp: int
    id: int
    header: bytes
    metadata: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a list is of: a format, and if given a set and inclusive bounds in UTC seconds since 1970."""

    prefix: str
    set_spec: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInfo:
    """A set: its setSpec and its name for people."""

    spec: str
    name: str


class Snapshot(Protocol):
    """The feed as one committed transaction left it; every answer is made from exactly one."""

    @property
    def sealed(self) -> int:
        """The watermark S: the responseDate, in UTC seconds. Whatever is published later has a datestamp > S."""

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

    def snapshot(self, now: float) -> AbstractContextManager[Snapshot]:
        """One read transaction; seals the past second first if it can (raises `StoreUnavailable`)."""


def utc_text(seconds: int) -> str:
    """UTC seconds since 1970 as `YYYY-MM-DDThh:mm:ssZ` (OAI-PMH 2.0 section 3.3).

    >>> utc_text(0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
