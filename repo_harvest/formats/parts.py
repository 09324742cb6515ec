"""A `Record` in, the parts of it that several formats write out: its identifiers by kind, names, dates and pages taken apart.

Every format asks the same of a record, one after the other: the last answers are remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from repo_harvest.model import Record

__all__ = [
    "Appearance",
    "Name",
    "addresses",
    "appearances",
    "doi",
    "first_appearance",
    "handle",
    "iso_dates",
    "name_of",
    "page_range",
    "urn",
]

_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_HANDLE = re.compile(r"https?://hdl\.handle\.net/(\S+/\S+)", re.IGNORECASE)
_ISO = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_PAGES = re.compile(r"(?:pp?\.?\s*)?([A-Za-z]?[0-9]+)\s*(?:[-\u2010-\u2015]|to)\s*([A-Za-z]?[0-9]+)")
_REMEMBERED = 256
_PAGE = re.compile(r"(?:p\.?\s*)?([A-Za-z]?[0-9]+)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the record; `family` and `given` where it is written in that order, with a comma."""

    full: str
    family: str | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a work appeared; what is not known is empty."""

    container: str
    volume: str
    issue: str
    pages: str

    @property
    def ends(self) -> tuple[str, str] | None:
        """The first and the last page, where the pages are such a range."""
        return page_range(self.pages)

    @property
    def citation(self) -> str:
        """`Container, 12(3), 45-67`, without what is not known."""
        number = f"{self.volume}({self.issue})" if self.issue else self.volume
        return ", ".join(part for part in (self.container, number, self.pages) if part)


_NOWHERE = Appearance("", "", "", "")


def appearances(record: Record) -> tuple[Appearance, ...]:
    """Where the work appeared; the second volume belongs to the second container."""
    return _appearances(record.container, record.volume, record.issue, record.pages)


def first_appearance(record: Record) -> Appearance:
    """Where the work first appeared, for what has room for one place; every part is empty where no place is known.

    >>> first_appearance(Record(container=("Probation Journal", "A Reader"), pages=("4-20",))).citation
    'Probation Journal, 4-20'
    """
    return next(iter(appearances(record)), _NOWHERE)


@lru_cache(maxsize=_REMEMBERED)
def _appearances(*columns: tuple[str, ...]) -> tuple[Appearance, ...]:
    return tuple(Appearance(*row) for row in zip_longest(*columns, fillvalue="") if any(row))


@lru_cache(maxsize=_REMEMBERED)
def name_of(text: str) -> Name:
    """A name taken apart at its one comma.

    >>> name_of("Buck, Gillian"), name_of("Ministry of Justice").family
    (Name(full='Buck, Gillian', family='Buck', given='Gillian'), None)
    """
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and family and given and "," not in given:
        return Name(text, family, given)
    return Name(text)


def addresses(record: Record) -> tuple[str, ...]:
    """Its identifiers that are http or https addresses, in their order."""
    return _addresses(record.identifiers)


@lru_cache(maxsize=_REMEMBERED)
def _addresses(identifiers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in identifiers if value.lower().startswith(("http://", "https://")))


def doi(record: Record) -> str | None:
    """Its first DOI, bare.

    >>> doi(Record(identifiers=("https://example.org/1", "https://doi.org/10.1177/026455"),))
    '10.1177/026455'
    """
    return _first(_DOI, record.identifiers)


def handle(record: Record) -> str | None:
    """Its first handle, bare."""
    return _first(_HANDLE, record.identifiers)


def urn(record: Record, kind: str) -> str | None:
    """What follows `urn:isbn:`, say, in the first of its identifiers that begins so.

    >>> urn(Record(identifiers=("urn:isbn:9780367228736",)), "isbn")
    '9780367228736'
    """
    start = f"urn:{kind}:"
    return next((value[len(start) :] for value in record.identifiers if value.lower().startswith(start)), None)


def iso_dates(record: Record) -> tuple[str, ...]:
    """Its dates that are a year, a month or a day in ISO 8601."""
    return _iso_dates(record.date)


@lru_cache(maxsize=_REMEMBERED)
def _iso_dates(dates: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in dates if _ISO.fullmatch(value))


@lru_cache(maxsize=_REMEMBERED)
def page_range(pages: str) -> tuple[str, str] | None:
    """First and last page, where they are two numbers; the same twice for a single page.

    >>> page_range("4-20"), page_range("e12"), page_range("xii, 230")
    (('4', '20'), ('e12', 'e12'), None)
    """
    if found := _PAGES.fullmatch(pages.strip()):
        return found[1], found[2]
    found = _PAGE.fullmatch(pages.strip())
    return (found[1], found[1]) if found else None


@lru_cache(maxsize=_REMEMBERED)
def _first(pattern: re.Pattern[str], identifiers: tuple[str, ...]) -> str | None:
    return next((found[1] for value in identifiers if (found := pattern.fullmatch(value))), None)
