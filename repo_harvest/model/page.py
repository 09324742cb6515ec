"""A fetched page, and the entries read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import total_ordering
from typing import Self

__all__ = ["Entry", "Link", "Page", "PartialDate", "Problem", "Relation", "Severity", "Validators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110 section 13.1): sent back on the next fetch."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A typed link that a page's server states in a header (RFC 8288): where it leads, its relations, a media type or ""."""

    url: str
    rel: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched page, as bytes.

    `url` is what was asked for, `location` where it was found after redirects; `content` is decompressed.
    `content_type` is the bare media type in lower case, `charset` what the transport declared, if it did.
    With `unchanged` the server said 304: `content` is empty and the last reading still holds. `relations` are its Link headers,
    `requests` how many it took to fetch, redirects and further attempts counted; none for a file.
    """

    url: str
    location: str
    fetched: datetime
    content: bytes
    content_type: str
    charset: str | None = None
    validators: Validators = field(default_factory=Validators)
    unchanged: bool = False
    relations: tuple[Relation, ...] = ()
    requests: int = 0


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
        month, day = (1 if part is None else part for part in (self.month, self.day))
        datetime(self.year, month, day, tzinfo=UTC)  # raises for what no calendar has

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
    date and publisher were read from. `name_identifiers`, `affiliations` and `funding` are written as
    `repo_harvest.model.agents` says, but nobody has checked their addresses yet. `origins` maps a field to where its value came from, for people.
    """

    title: str
    place: str
    byline: str = ""
    creators: tuple[str, ...] = ()
    date: PartialDate | None = None
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    identifiers: tuple[str, ...] = ()
    abstract: str | None = None
    name_identifiers: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
