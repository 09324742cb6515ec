"""Decoded text in, what it lists out: text | lines | views | layouts | entries.

What no layout finds an entry in reads as an empty list; whether that may be is for the caller to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.entries import as_entries
from repo_harvest.parse.layouts import View, best
from repo_harvest.parse.markup import read_html
from repo_harvest.parse.plain import read_text

__all__ = ["Reading", "as_json", "read"]

_MARKUP = re.compile(r"[\s\ufeff]{0,100}(?:<!--|<\?xml\b|<!doctype\b|<html\b|<body\b|<head\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page lists. `layout` names the reading that was taken (see `parse.layouts`), empty if there was none."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()
    layout: str = ""


def read(text: str, *, location: str, content_type: str) -> Reading:
    r"""The publications that a page lists, in its order.

    `location` is where the page was found; relative links are resolved against it. `content_type` is the media type:
    `text/plain` is read as lines, unless it starts like HTML; everything else as HTML.

    >>> text = "Mentoring\n\nGosling, Helena, Buck, Gillian (2015)\n\nIt takes two."
    >>> read(text, location="", content_type="text/plain").entries[0].creators
    ('Gosling, Helena', 'Buck, Gillian')
    """
    plain = content_type.partition(";")[0].strip().lower() == "text/plain" and not _MARKUP.match(text)
    document = read_text(text) if plain else read_html(text, location=location)
    view = View.of(document.shown)
    proposal = best(view)
    if proposal is None:
        return Reading(entries=(), problems=document.problems)
    entries, problems = as_entries(view, proposal)
    return Reading(entries=entries, problems=(*document.problems, *problems), layout=proposal.layout)


def as_json(entry: Entry) -> dict[str, object]:
    """The entry as `inspect --json` prints it; what the page does not say is null or an empty list.

    >>> as_json(Entry(title="Mentoring", place="line 1"))["year"] is None
    True
    """
    return {
        "title": entry.title,
        "creators": list(entry.creators),
        "year": f"{entry.date.year:04d}" if entry.date else None,
        "date": str(entry.date) if entry.date else None,
        "container": entry.container,
        "publisher": entry.publisher,
        "identifiers": list(entry.identifiers),
        "abstract": entry.abstract,
    }
