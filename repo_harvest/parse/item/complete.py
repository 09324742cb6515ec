"""An entry and what addresses told of its work in, the entry with its gaps filled out, and where the two disagree.

Rule: what the page states stands, to the letter. A field that it leaves empty is filled by the first that states it, and
says from which address it came; to identifiers that it states, only a DOI is added, and only where it has none. What is said
of names and funders is added to what the page says of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from repo_harvest.model import Entry, Problem, Severity
from repo_harvest.parse.embedded import fill
from repo_harvest.parse.item.same import same_work

__all__ = ["Completed", "Telling", "complete", "gaps"]

_GAPS: dict[str, Callable[[Entry], object]] = {
    "creators": lambda entry: entry.creators,
    "date": lambda entry: entry.date,
    "identifiers": lambda entry: entry.identifiers,
    "abstract": lambda entry: entry.abstract,
    "container or publisher": lambda entry: entry.container or entry.publisher,
}
_ONCE = ("date", "container", "publisher", "abstract", "creators")
_GATHERED = ("name_identifiers", "affiliations", "funding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an address told: the works that it stated, in the order in which they are trusted."""

    address: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The entry with its gaps filled; `notes` are disagreements, with both values and both sources.

    `refused` are the addresses that told of another work.
    """

    entry: Entry
    notes: tuple[Problem, ...] = ()
    refused: tuple[str, ...] = ()


def gaps(entry: Entry) -> tuple[str, ...]:
    """What an entry lacks of what most works have.

    >>> gaps(Entry(title="Trust", place="line 1", creators=("Buck, Gillian",), publisher="SAGE"))
    ('date', 'identifiers', 'abstract')
    """
    return tuple(name for name, has in _GAPS.items() if not has(entry))


def complete(entry: Entry, tellings: Sequence[Telling], *, page: str) -> Completed:
    """The entry with its gaps filled from what these addresses told of it, the first that states a field first.

    `page` is where the entry was found, for the notes.

    >>> from repo_harvest.model import PartialDate
    >>> entry = Entry(title="Trust", place="line 1", date=PartialDate(year=2021))
    >>> told = Entry(title="Trust", place="item 1", date=PartialDate(year=2020), publisher="SAGE",
    ...              origins=(("date", "CSL-JSON issued"), ("publisher", "CSL-JSON publisher")))
    >>> telling = Telling(address="https://doi.org/10.1000/1", entries=(told,))
    >>> done = complete(entry, [telling], page="https://example.org/list")
    >>> done.entry.publisher, str(done.entry.date), done.entry.origins
    ('SAGE', '2021', (('publisher', 'https://doi.org/10.1000/1, CSL-JSON publisher'),))
    >>> print(done.notes[0].what)
    '2021' (https://example.org/list) is kept; '2020' (https://doi.org/10.1000/1, CSL-JSON issued) says otherwise
    """
    filled, gained = entry, dict[str, str]()
    notes: dict[Problem, None] = {}
    refused = []
    for telling in tellings:
        told = [other for other in telling.entries if same_work(entry, other)]
        if telling.entries and not told:
            refused.append(telling.address)
        for other in told:
            filled, found = _filled(filled, other, telling.address, page, gained)
            notes.update(dict.fromkeys(found))
    return Completed(entry=filled, notes=tuple(notes), refused=tuple(refused))


def _filled(
    entry: Entry, other: Entry, address: str, page: str, gained: dict[str, str]
) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry filled from one more statement; `gained` knows where each field came from that was filled, and learns."""
    told = {name: f"{address}, {how}" for name, how in reversed(other.origins)}
    theirs = replace(other, links=(), origins=tuple((name, told.get(name, address)) for name in _fields(other)))
    said = {name: f"{page}, {how}" for name, how in reversed(entry.origins)}
    mine = replace(entry, origins=tuple((name, gained.get(name) or said.get(name, page)) for name in _fields(entry)))
    full, notes = fill(mine, theirs)
    kept = replace(
        full,
        links=entry.links,
        origins=entry.origins,
        date=entry.date or full.date,
        identifiers=_identifiers(entry, full),
    )
    new = [name for name in (*_ONCE, "identifiers", *_GATHERED) if getattr(kept, name) != getattr(entry, name)]
    gained.update({name: told.get(name, address) for name in new})
    origins = (*entry.origins, *((name, told.get(name, address)) for name in new))
    return replace(kept, origins=origins), tuple(replace(note, severity=Severity.NOTE) for note in notes)


def _fields(entry: Entry) -> tuple[str, ...]:
    """The fields that it states."""
    return tuple(name for name in ("title", *_ONCE, "identifiers", *_GATHERED) if getattr(entry, name))


def _identifiers(entry: Entry, full: Entry) -> tuple[str, ...]:
    """All of the other's where the page has none, and else a DOI, if it lacks that."""
    if not entry.identifiers:
        return full.identifiers
    added = (value for value in full.identifiers[len(entry.identifiers) :] if _is_doi(value))
    lacking = not any(map(_is_doi, entry.identifiers))
    return (*entry.identifiers, *([first] if lacking and (first := next(added, None)) else []))


def _is_doi(value: str) -> bool:
    return value.startswith("doi:") or "doi.org/" in value
