"""Titles that nothing marks: the line before a byline is a title.

A line that is a byline beyond doubt is enough; one that may be a byline needs a title before and running text after it.
Between two entries, a short line, something like a byline, and running text are an entry whose byline cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.parse.byline import Strength
from repo_harvest.parse.layouts.bodies import with_bodies
from repo_harvest.parse.layouts.drafts import Head, Proposal, View

__all__ = ["propose"]


def propose(view: View) -> Iterator[Proposal]:
    """The one reading in which every byline has the line before it as its title."""
    heads = [Head(title=_title(view, at), byline=at) for at in _bylines(view)]
    if heads:
        yield Proposal(layout="bare", drafts=with_bodies(view, _with_unreadable(view, heads)))


def _bylines(view: View) -> list[int]:
    """The lines that are bylines, each with a title before it."""
    likely = [at for at in range(1, len(view.lines)) if view.is_title(at - 1) and _is_likely(view, at)]
    if not _enough(view, likely):
        return []
    found: list[int] = []
    for at, following in zip(likely, [*likely[1:], -1], strict=True):
        is_title_of_next = following == at + 1 and view.strength(following) >= view.strength(at)
        has_title = not found or found[-1] != at - 1
        if has_title and not is_title_of_next:
            found.append(at)
    return found


def _is_likely(view: View, at: int) -> bool:
    strength = view.strength(at)
    if strength == Strength.CERTAIN:
        return True
    return strength >= Strength.UNDATED and not view.prose[at - 1] and view.is_prose(at + 1)


def _enough(view: View, bylines: list[int]) -> bool:
    """One byline beyond doubt makes a list; of others it takes two, or one under a heading."""
    if any(view.strength(at) == Strength.CERTAIN for at in bylines):
        return True
    return len(bylines) > 1 or any(view.lines[at - 1].level for at in bylines)


def _title(view: View, byline: int) -> tuple[int, ...]:
    """The line before the byline, with those before it that belong to the same heading."""
    first = byline - 1
    last = view.lines[first]
    while first and last.level and view.lines[first - 1].block is last.block:
        first -= 1
    return tuple(range(first, byline))


def _with_unreadable(view: View, heads: list[Head]) -> list[Head]:
    """The heads, and between them those whose bylines cannot be read."""
    marks = frozenset.intersection(*(view.lines[head.title[0]].marks for head in heads))
    found: list[Head] = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        found.append(head)
        end = following.title[0] if following else 0
        at = head.last + 1
        while at + 2 < end:
            if _is_unreadable_entry(view, at, marks):
                found.append(Head(title=(at,), byline=at + 1))
                at += 2
            at += 1
    return found


def _is_unreadable_entry(view: View, at: int, marks: frozenset[str]) -> bool:
    """A short line that looks like the other titles, something like a byline, and running text."""
    line = view.lines[at]
    if view.prose[at] or not marks <= line.marks or "item" in line.marks - marks:
        return False
    return view.looks_like_byline(at + 1) and view.prose[at + 2]
