"""Titles that look alike: headings of one level, or lines that are all bold, all linked, all italic.

Which mark the titles have is learnt from the lines that stand before bylines; every line with that mark is then a
title. So an entry whose byline cannot be read is found all the same, as long as it stands among others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from repo_harvest.parse.byline import Strength
from repo_harvest.parse.document import HEADINGS
from repo_harvest.parse.layouts.bodies import with_bodies
from repo_harvest.parse.layouts.drafts import Head, Proposal, View

__all__ = ["propose"]

_FARTHEST_BYLINE = 3  # lines after the title


def propose(view: View) -> Iterator[Proposal]:
    """One reading for each mark that at least half of the titles may have."""
    dated = [at for at in range(1, len(view.lines)) if view.strength(at) >= Strength.LIKELY]
    certain = sum(view.strength(at) == Strength.CERTAIN for at in dated)
    before = Counter(mark for at in dated for mark in view.lines[at - 1].marks - {"item"})
    for mark, count in sorted(before.items()):
        if 2 * count >= certain and (heads := _heads(view, mark)):
            yield Proposal(layout=f"marked {mark}", drafts=with_bodies(view, heads))


def _heads(view: View, mark: str) -> list[Head]:
    """The titles with that mark whose bylines can be read, and those among them that must be entries too."""
    titles = _titles(view, mark)
    ends = [title[0] for title in titles[1:]] + [len(view.lines)]
    heads = [Head(title=title, byline=_byline(view, title, end)) for title, end in zip(titles, ends, strict=True)]
    readable = [at for at, head in enumerate(heads) if head.byline is not None]
    if not readable:
        return []
    found = []
    for at in range(readable[0], readable[-1] + 1):
        head = heads[at]
        if head.byline is None:
            unreadable = _unreadable(view, head, ends[at], heading=mark in HEADINGS)
            found += [unreadable] if unreadable else []
        else:
            found.append(head)
    return found


def _titles(view: View, mark: str) -> list[tuple[int, ...]]:
    """The lines with the mark; those of one block that follow each other are one title."""
    titles: list[tuple[int, ...]] = []
    for at, line in enumerate(view.lines):
        if mark not in line.marks:
            continue
        follows = bool(titles) and titles[-1][-1] == at - 1
        if follows and view.strength(at) >= Strength.LIKELY:
            continue
        if follows and view.lines[at - 1].block is line.block:
            titles[-1] = (*titles[-1], at)
        else:
            titles.append((at,))
    return titles


def _byline(view: View, title: tuple[int, ...], end: int) -> int | None:
    """The byline of a title: the next line that is one, with no running text before it."""
    first = title[-1] + 1
    for at in range(first, min(first + _FARTHEST_BYLINE, end)):
        if view.strength(at) >= (Strength.NAMED if at == first else Strength.UNDATED):
            return at
        if view.prose[at]:
            return None
    return None


def _unreadable(view: View, head: Head, end: int, *, heading: bool) -> Head | None:
    """An entry whose byline cannot be read, or that has none: a name of a section has no text of its own."""
    first = head.title[-1] + 1
    if first + 1 < end and view.looks_like_byline(first) and view.is_prose(first + 1):
        return Head(title=head.title, byline=first)
    if heading and first < end and any(view.prose[at] for at in range(first, end)):
        return Head(title=head.title, byline=None if view.prose[first] else first)
    return None
