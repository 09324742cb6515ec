"""Entries in, the same without what is too long to be what it says it is out, and what was left out.

A page may state a title of a megabyte. No work has one; every step after this one, and every harvester, would pay for it.
The bounds are several times what the longest honest values are: papers of physics name some thousand people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from repo_harvest.model import Entry, Problem

__all__ = ["bounded"]

_TITLE = 2_000
_LONGEST = {"abstract": 20_000, "container": 1_000, "publisher": 1_000, "volume": 100, "issue": 100, "pages": 200}
"""In characters."""
_LISTS = {
    "creators": (300, 5_000),
    "identifiers": (1_000, 50),
    "name_identifiers": (400, 5_000),
    "affiliations": (1_000, 10_000),
    "funding": (1_000, 500),
}
"""Characters of one, and how many."""
_BYLINE = 20_000
_LINKS = 1_000
_SAID = 60  # characters


def bounded(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries within bounds; one whose title is too long is left out.

    >>> entries, problems = bounded([Entry(title="Trust", place="p", abstract="a" * 30_000)])
    >>> entries[0].abstract is None, problems[0].what
    (True, 'an abstract of 30,000 characters was left out: it is none')
    """
    kept: list[Entry] = []
    problems: list[Problem] = []
    for entry in entries:
        if len(entry.title) > _TITLE:
            what = f"{entry.title[:_SAID]!r}, of {len(entry.title):,} characters, is no title: the entry was left out"
            problems.append(Problem(where=entry.place, what=what))
            continue
        sane, lost = _within(entry)
        problems += [Problem(where=f"entries[{len(kept)}].{field}", what=what) for field, what in lost]
        kept.append(sane)
    return tuple(kept), tuple(problems)


def _within(entry: Entry) -> tuple[Entry, list[tuple[str, str]]]:
    """The entry, and field and sentence for each of its values that were left out."""
    lost = []
    values: dict[str, object] = {}
    for name, longest in _LONGEST.items():
        value = getattr(entry, name)
        if value is not None and len(value) > longest:
            values[name] = None
            an = "an" if name[0] in "ai" else "a"
            lost.append((name, f"{an} {name} of {len(value):,} characters was left out: it is none"))
    for name, (longest, most) in _LISTS.items():
        stated = getattr(entry, name)
        if len(stated) > most or any(len(value) > longest for value in stated):
            values[name] = tuple(value for value in stated if len(value) <= longest)[:most]
            lost.append(
                (
                    name,
                    f"of {len(stated):,} {name} those longer than {longest:,} characters, or after the first {most:,}, were left out",
                )
            )
    if len(entry.byline) > _BYLINE:
        values["byline"] = entry.byline[:_BYLINE]
    if len(entry.links) > _LINKS:
        values["links"] = entry.links[:_LINKS]
    return replace(entry, **values) if values else entry, lost  # type: ignore[arg-type]  # fields of an entry, by name
