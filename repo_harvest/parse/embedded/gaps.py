"""Two statements of one work in, the first with its gaps filled from the second out.

What a page states stays; what another source adds is marked with where it came from; where the two disagree, both
values and their sources go into a note. A date is made more exact only by one that lies inside it, and never by the
first of a month: that is what systems write that had to complete a date. What is said of names and funders is gathered.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from repo_harvest.model import Entry, PartialDate, Problem, Severity
from repo_harvest.parse.embedded.draft import doi_in

__all__ = ["agree", "fill"]

_NOT_WORD = re.compile(r"[\W_]+")
_LONGEST_QUOTE = 80  # characters


def agree(entry: Entry, other: Entry) -> bool:
    """Whether two entries are about one work: they share a DOI, or the words of their titles and nothing speaks against it.

    Two DOIs that differ do, and authors of whom none is the same.

    >>> one = Entry(title="Trust and time", place="line 1", creators=("Buck, Gillian",))
    >>> agree(one, Entry(title="Trust & Time", place="line 2")), agree(one, Entry(title="“Trust and Time”", place="head"))
    (False, True)
    """
    mine, theirs = _dois(entry), _dois(other)
    if mine and theirs:
        return not mine.isdisjoint(theirs)
    title = _normal(entry.title)
    if not title or title != _normal(other.title):
        return False
    names, others = set(_surnames(entry)), set(_surnames(other))
    return not names or not others or not names.isdisjoint(others)


def fill(entry: Entry, other: Entry) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry with what it lacks taken from the other, and a note for each field in which they disagree.

    Whether both are about one work is for the caller to ask first (`agree`).

    >>> one = Entry(title="Trust", place="line 1", date=PartialDate(year=2021), origins=(("title", "byline"),))
    >>> other = Entry(title="Trust", place="head", date=PartialDate(year=2020), publisher="Wiley",
    ...               origins=(("date", "meta DC.date"), ("publisher", "meta DC.publisher")))
    >>> filled, notes = fill(one, other)
    >>> filled.publisher, filled.origins, str(filled.date)
    ('Wiley', (('title', 'byline'), ('publisher', 'meta DC.publisher')), '2021')
    >>> print(notes[0])
    line 1.date: '2021' (the page) is kept; '2020' (meta DC.date) says otherwise
    """
    return _Filling(entry, other).done()


class _Filling:
    """One entry being filled from another."""

    def __init__(self, entry: Entry, other: Entry) -> None:
        self._entry, self._other = entry, other
        self._filled: list[str] = []
        self._notes: list[Problem] = []

    def done(self) -> tuple[Entry, tuple[Problem, ...]]:
        entry, other = self._entry, self._other
        if _normal(entry.title) != _normal(other.title):
            self._note("title", entry.title, other.title)
        filled = replace(
            entry,
            creators=self._creators(),
            date=self._date(),
            identifiers=self._identifiers(),
            container=self._once("container", entry.container, other.container),
            publisher=self._once("publisher", entry.publisher, other.publisher),
            abstract=self._once("abstract", entry.abstract, other.abstract),
            name_identifiers=self._gathered("name_identifiers", entry.name_identifiers, other.name_identifiers),
            affiliations=self._gathered("affiliations", entry.affiliations, other.affiliations),
            funding=self._gathered("funding", entry.funding, other.funding),
            links=(*entry.links, *(link for link in other.links if link.url not in {mine.url for mine in entry.links})),
        )
        gained = [(field, origin) for field, origin in other.origins if field in self._filled]
        origins = tuple(dict.fromkeys((*entry.origins, *gained)))
        return replace(filled, origins=origins), tuple(self._notes)

    def _once(self, field: str, mine: str | None, theirs: str | None) -> str | None:
        """A field that a work has once."""
        if not mine and theirs:
            self._filled.append(field)
            return theirs
        if mine and theirs and not _is_same(mine, theirs):
            self._note(field, mine, theirs)
        return mine

    def _creators(self) -> tuple[str, ...]:
        mine, theirs = self._entry.creators, self._other.creators
        if not mine and theirs:
            self._filled.append("creators")
            return theirs
        if mine and theirs and _surnames(self._entry) != _surnames(self._other):
            self._note("creators", "; ".join(mine), "; ".join(theirs))
        return mine

    def _gathered(self, field: str, mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
        """What both say, each once."""
        together = tuple(dict.fromkeys((*mine, *theirs))) if theirs else mine
        if len(together) > len(mine):
            self._filled.append(field)
        return together

    def _date(self) -> PartialDate | None:
        mine, theirs = self._entry.date, self._other.date
        if theirs is None or mine == theirs:
            return mine
        if mine is None or (str(theirs).startswith(str(mine)) and theirs.day != 1):
            self._filled.append("date")
            return theirs
        if not str(theirs).startswith(str(mine)) and not str(mine).startswith(str(theirs)):
            self._note("date", str(mine), str(theirs))
        return mine

    def _identifiers(self) -> tuple[str, ...]:
        """Its own, and those of the other that it lacks, but never a second DOI."""
        mine, theirs = _dois(self._entry), _dois(self._other)
        gained = []
        for value in self._other.identifiers:
            doi = _doi(value)
            if doi and mine and doi not in mine:
                self._note("identifiers", ", ".join(sorted(mine)), ", ".join(sorted(theirs)))
            elif value not in self._entry.identifiers and (doi is None or not mine):
                gained.append(value)
        if gained:
            self._filled.append("identifiers")
        return (*self._entry.identifiers, *gained)

    def _note(self, field: str, mine: str, theirs: str) -> None:
        said = f"{_quoted(mine)} ({_origin(self._entry, field)}) is kept; {_quoted(theirs)} ({_origin(self._other, field)})"
        where = f"{self._entry.place}.{field}"
        note = Problem(where=where, what=f"{said} says otherwise", severity=Severity.NOTE)
        if note not in self._notes:
            self._notes.append(note)


def _origin(entry: Entry, field: str) -> str:
    """Where a field's value came from, or that it is the page's."""
    return ", ".join(origin for name, origin in entry.origins if name == field) or "the page"


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= _LONGEST_QUOTE else f"'{text[:_LONGEST_QUOTE]}…'"


def _doi(identifier: str) -> str | None:
    """The DOI that an identifier is, in lower case; an address that merely holds one is none."""
    is_doi = identifier.startswith("doi:") or "doi.org/" in identifier
    return (doi_in(identifier) or "").casefold() or None if is_doi else None


def _dois(entry: Entry) -> frozenset[str]:
    return frozenset(doi for doi in map(_doi, entry.identifiers) if doi)


def _is_same(one: str, other: str) -> bool:
    """Whether two texts have the same words, or one has all of the other's and more."""
    one, other = _normal(one), _normal(other)
    return one in other or other in one


def _surnames(entry: Entry) -> list[str]:
    """The surnames of its creators, in order: what stands before the comma, or the last word without one."""
    found = []
    for name in entry.creators:
        head = name.partition(",")[0]
        words = _normal(head).split()
        found += words[-1:]
    return found


def _normal(text: str) -> str:
    """The text without case, accents and punctuation, its words apart by one blank."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub(" ", "".join(char for char in folded if not unicodedata.combining(char))).strip()
