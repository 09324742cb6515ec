"""Decoded text in, what it lists out: text | lines | candidates | entries.

What no reader finds an entry in reads as an empty list; whether that may be is for the caller to say.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.bounds import bounded
from repo_harvest.parse.candidates import Candidate, by_profile, candidates
from repo_harvest.parse.following import next_page
from repo_harvest.parse.markup import read_tree
from repo_harvest.parse.plain import read_text
from repo_harvest.parse.profile import Profile
from repo_harvest.parse.tree import parse_html

__all__ = ["Reading", "as_json", "read"]

_MARKUP = re.compile(r"[\s\ufeff]{0,100}(?:<!--|<\?xml\b|<!doctype\b|<html\b|<body\b|<head\b)", re.IGNORECASE)


_MOST_PROBLEMS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page lists. `layout` names the reading that was taken (see `parse.candidates`), empty if there was none.

    `next_page` is the address where the list goes on, if it says so.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    layout: str = ""
    candidates: tuple[Candidate, ...] = ()
    next_page: str | None = None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Read without the garbage collector: of what a page is made into, nothing is garbage before all of it has been read.

    It would look through all of that again and again, for a tenth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_undisturbed()
def read(text: str, *, location: str, content_type: str, profile: Profile | None = None, listings: int = 1) -> Reading:
    r"""The publications that a page lists, in its order.

    `location` is where the page was found; relative links are resolved against it. `content_type` is the media type:
    `text/plain` is read as lines, unless it starts like HTML; everything else as HTML. A `profile` says where on the pages
    of this site entries are; without one, of the ways to cut the page into entries so many `listings` are read.

    >>> text = "Mentoring\n\nGosling, Helena, Buck, Gillian (2015)\n\nIt takes two."
    >>> read(text, location="", content_type="text/plain").entries[0].creators
    ('Gosling, Helena', 'Buck, Gillian')
    """
    plain = content_type.partition(";")[0].strip().lower() == "text/plain" and not _MARKUP.match(text)
    root, problems = (None, ()) if plain else parse_html(text)
    following = None if root is None else next_page(root, location=location)
    if profile is not None and root is not None:
        chosen = by_profile(root, profile, location=location)
        entries, lost = bounded(chosen.entries)
        return Reading(
            entries=entries,
            problems=_few(*problems, *chosen.problems, *lost),
            layout=chosen.name,
            next_page=following,
        )
    document = read_text(text) if plain else read_tree(root, location=location, problems=problems)
    found = candidates(document, root, location=location, listings=listings)
    if not found:
        return Reading(entries=(), problems=document.problems, next_page=following)
    chosen = found[0]
    entries, lost = bounded(chosen.entries)
    return Reading(
        entries=entries,
        problems=_few(*document.problems, *chosen.problems, *lost),
        layout=chosen.name,
        candidates=found,
        next_page=following,
    )


def _few(*problems: Problem) -> tuple[Problem, ...]:
    """As many of the problems as anybody reads, and the number of the others."""
    if len(problems) <= _MOST_PROBLEMS:
        return problems
    what = f"and {len(problems) - _MOST_PROBLEMS:,} more such problems"
    return (*problems[:_MOST_PROBLEMS], Problem(where="page", what=what))


def as_json(entry: Entry) -> dict[str, object]:
    """The entry as `inspect --json` prints it; what the page does not say is null, empty or an empty list.

    >>> as_json(Entry(title="Mentoring", place="line 1"))["year"] is None
    True
    """
    return {
        "title": entry.title,
        "creators": list(entry.creators),
        "year": f"{entry.date.year:04d}" if entry.date else None,
        "date": str(entry.date) if entry.date else None,
        "container": entry.container,
        "volume": entry.volume,
        "issue": entry.issue,
        "pages": entry.pages,
        "publisher": entry.publisher,
        "identifiers": list(entry.identifiers),
        "abstract": entry.abstract,
        "name_identifiers": list(entry.name_identifiers),
        "affiliations": list(entry.affiliations),
        "funding": list(entry.funding),
        "links": [{"url": link.url, "text": link.text} for link in entry.links],
        "place": entry.place,
        "byline": entry.byline,
        "origins": dict(entry.origins),
    }
