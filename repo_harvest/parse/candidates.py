"""A page in, every list of publications that may be on it out, each as entries, the best first.

Three kinds of readers propose lists: the layouts of titles, bylines and abstracts (`layouts`), the ways to cut a page into
units that are read as citations (`listing`, `citation`), and what is written for programs (`embedded`). None is tried
first. What is compared is what came out: how many entries, how much each says, and how much of the page's words they
account for. What a page hides of an entry in a form for programs fills the gaps of that entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from lxml import etree

from repo_harvest.model import Entry, Problem, Severity
from repo_harvest.parse import byline, citation, embedded, identifiers, listing
from repo_harvest.parse.byline import Byline
from repo_harvest.parse.citation import Citation
from repo_harvest.parse.document import Document
from repo_harvest.parse.embedded import bibtex
from repo_harvest.parse.entries import as_entries
from repo_harvest.parse.issue import issue_of, of_issue
from repo_harvest.parse.layouts import View, best
from repo_harvest.parse.orcid import name_identifiers
from repo_harvest.parse.profile import Profile
from repo_harvest.parse.sited import stated, units_of
from repo_harvest.parse.unit import Unit

__all__ = ["Candidate", "by_profile", "candidates", "entries_of"]

_Read = Callable[[str], Byline | None]

_NUMBER = re.compile(r"\[[0-9]{1,4}\]|\(?[0-9]{1,3}[.):]?")  # four figures alone are a year
_SANE_TITLE = (8, 300)  # characters
_LONGEST_LINE = 12_000  # characters; no entry of a list is written in a longer one
_LEAST_OF_A_LIST = 0.5  # of the worth of one whole entry; less is a page that lists no publications
_MOST_ENTRIES = 0.6  # of what a profile finds, where the rest can be told from them
_BY_BYLINES = 1.2  # what a list is worth that was found by bylines, each read whole
_FOR_PROGRAMS = 0.8  # what a list for programs is worth beside one for people: it may not be the list of the page
_WORTH = {"creators": 1.0, "date": 1.0, "container": 0.4, "publisher": 0.2, "identifiers": 0.3, "abstract": 0.6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reading of a page. `name` says how it was read; `score` is higher for the better of two of the same page."""

    name: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    score: float = 0.0
    weight: float = 1.0


def candidates(
    document: Document, root: etree._Element | None, *, location: str, listings: int = 1
) -> tuple[Candidate, ...]:
    """Every reading that found an entry, the best first; of the ways to cut the page, at most so many `listings`.

    Of these the first is the best by what its units hold; what they read as does not make another better.
    """
    letters = sum(_letters(line.text) for line in document.shown) or 1
    read = cache(byline.read)
    cut = list(_by_citations(document, listings, read))
    found = [*_by_layouts(document, read), *_embedded(root, location), *cut[:1]]
    judged = [replace(one, score=one.weight * _score(one.entries, letters)) for one in found if one.entries]
    issue = issue_of(root, document.lines) if root is not None and judged else None
    judged = [replace(one, entries=of_issue(one.entries, issue)) for one in judged]
    ranked = sorted(judged, key=lambda one: -one.score)
    return (*ranked, *(one for one in cut[1:] if one.entries))


def _by_layouts(document: Document, read: _Read) -> Iterator[Candidate]:
    view = View.of(document.shown, read)
    if (proposal := best(view)) is not None:
        entries, problems = as_entries(view, proposal)
        yield Candidate(name=proposal.layout, entries=entries, problems=problems, weight=_BY_BYLINES)


def _by_citations(document: Document, most: int, read: _Read) -> Iterator[Candidate]:
    readable = tuple(line for line in document.lines if len(line.text) <= _LONGEST_LINE)
    for found in listing.propose(Document(lines=readable), most=most, read=read):
        if found.score.total < _LEAST_OF_A_LIST:
            return
        entries, problems = entries_of(found.units)
        if _is_list(entries):
            yield Candidate(name=found.name, entries=entries, problems=problems)


def _is_list(entries: Sequence[Entry]) -> bool:
    """Whether these are publications: most with names or a date, and most with a title of their own."""
    told = sum(bool(entry.creators or entry.date) for entry in entries)
    titles = len({entry.title.casefold() for entry in entries})
    return min(told, titles) >= _MOST_ENTRIES * len(entries) > 0


def _embedded(root: etree._Element | None, location: str) -> Iterator[Candidate]:
    if root is not None:
        for found in embedded.read(root, location=location):
            yield Candidate(name=found.name, entries=found.entries, problems=found.problems, weight=_FOR_PROGRAMS)


def by_profile(root: etree._Element, profile: Profile, *, location: str) -> Candidate:
    """The reading that the profile of a site says; fields that it names are what stands where it says."""
    units, problems = units_of(root, profile, location=location)
    entries, notes = entries_of(units, stated=lambda unit: stated(unit, profile))
    kept = _without_strangers(entries)
    if len(kept) < len(entries):
        what = (
            f"{len(entries) - len(kept)} of what it finds have neither names nor a date, as the others have: left out"
        )
        notes = (*notes, Problem(where="profile.entry", what=what, severity=Severity.NOTE))
    return Candidate(name="its profile", entries=kept, problems=(*problems, *notes))


def _without_strangers(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Those with names or a date, where most have them: a selector may find more than the list."""
    told = tuple(entry for entry in entries if entry.creators or entry.date)
    return told if len(told) >= _MOST_ENTRIES * len(entries) else tuple(entries)


def entries_of(
    units: Sequence[Unit], *, stated: Callable[[Unit], Mapping[str, object]] = lambda _: {}
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries that units make, read as citations; what has no title is none, and said.

    `stated` tells what is known of a unit's fields already, which wins over what is read.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    units = [_without_number(unit) for unit in units]
    read = citation.read(units)
    shared = _shared(units, read)
    for unit, cited in zip(units, read, strict=True):
        known = stated(unit)
        if not (cited.title or known.get("title")):
            what = f"{unit.text[:60]!r} has no title that could be told from the rest: it was left out"
            problems.append(Problem(where=unit.place, what=what))
            continue
        if cited.title and str(known.get("title", "")).startswith(cited.title):
            known = {name: value for name, value in known.items() if name != "title"}  # it holds more than the title
        entry = replace(_entry(unit, cited, shared), **known)  # type: ignore[arg-type]  # fields of an entry, by name
        entry, notes = _completed(_with_name_identifiers(entry, unit), unit)
        where = f"entries[{len(entries)}]"
        problems += [
            replace(one, where=f"{where}.{one.where.removeprefix(f'{entry.place}.')}")
            for one in (*cited.problems, *notes)
        ]
        entries.append(entry)
    return tuple(entries), tuple(problems)


def _without_number(unit: Unit) -> Unit:
    """The unit without the number of the entry, where that is a line of its own."""
    if len(unit.lines) > 1 and _NUMBER.fullmatch(unit.lines[0].text):
        return replace(unit, lines=unit.lines[1:])
    return unit


def _shared(units: Sequence[Unit], read: Sequence[Citation]) -> frozenset[str]:
    """The addresses that titles with other words link to, too: they identify none of them."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for unit, cited in zip(units, read, strict=True):
        for url in _title_links(unit, cited):
            titles[url].add((cited.title or "").casefold())
    return frozenset(url for url, words in titles.items() if len(words) > 1)


def _title_links(unit: Unit, cited: Citation) -> list[str]:
    """Where the words of the title link to."""
    lines = (*unit.lines, *unit.hidden)
    found: dict[str, None] = {}
    for origin in cited.origins:
        if origin.field == "title" and origin.line >= 0:
            at = 0
            for run in lines[origin.line].runs:
                if run.href and at < origin.end and origin.start < at + len(run.text):
                    found[run.href] = None
                at += len(run.text)
    return list(found)


def _entry(unit: Unit, cited: Citation, shared: frozenset[str]) -> Entry:
    linked = [value for url in _title_links(unit, cited) if url not in shared for value in identifiers.from_link(url)]
    origins = {origin.field: origin.how for origin in reversed(cited.origins)}
    if linked:
        origins.setdefault("identifiers", "title link")
    return Entry(
        title=cited.title or "",
        place=unit.place,
        byline=unit.text,
        creators=cited.creators,
        date=cited.date,
        container=cited.container,
        volume=cited.volume,
        issue=cited.issue,
        pages=cited.pages,
        publisher=cited.publisher,
        identifiers=tuple(dict.fromkeys((*linked, *cited.identifiers))),
        abstract=cited.abstract,
        links=cited.links,
        origins=tuple(origins.items()),
    )


def _with_name_identifiers(entry: Entry, unit: Unit) -> Entry:
    """The entry with the ORCID iDs that its names are linked to."""
    links = [link for line in unit.lines for link in line.name_links]
    known = name_identifiers(entry.creators, links) if links else ()
    if not known:
        return entry
    return replace(entry, name_identifiers=known, origins=(*entry.origins, ("name_identifiers", "links beside names")))


def _completed(entry: Entry, unit: Unit) -> tuple[Entry, tuple[Problem, ...]]:
    """The entry with its gaps filled from what is hidden beside it, such as BibTeX."""
    written = "\n".join(line.text for line in unit.hidden)
    if not bibtex.TELLS.search(written):
        return entry, ()
    others, _ = bibtex.read(written, place=lambda _: unit.hidden[0].place)
    other = next((one for one in others if embedded.agree(entry, one)), None)
    if other is None:
        return entry, ()
    if entry.container and not other.container and entry.container == other.publisher:
        told = tuple(origin for origin in entry.origins if origin[0] != "container")
        entry = replace(entry, container=None, origins=told)  # a publisher, which a citation cannot tell from a journal
    return embedded.fill(entry, other)


def _score(entries: Iterable[Entry], letters: int) -> float:
    told = list(entries)
    covered = min(sum(map(_told, told)) / letters, 1.0)
    return sum(map(_worth, told)) / len(told) * covered


def _worth(entry: Entry) -> float:
    low, high = _SANE_TITLE
    title = 1.0 if low <= len(entry.title) <= high else 0.3
    return title + sum(worth for name, worth in _WORTH.items() if getattr(entry, name))


def _told(entry: Entry) -> int:
    words = (entry.title, *entry.creators, entry.container or "", entry.publisher or "", entry.abstract or "")
    return sum(map(_letters, words))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
