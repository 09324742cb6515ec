"""The shape of the last good run and of this one go in; why the page must not be believed comes out, if it must not.

Rule: a page that lost its entries, turned into an error page or a login, or changed its layout deletes nothing. A page
that lists nothing at all never gets here: that is `NoEntries`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Shape", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a run remembers of a page: how many entries it listed, and a stable key of each."""

    count: int
    known: frozenset[str]


def judge(last: Shape | None, now: Shape) -> str | None:
    """Why the page must be refused as drifted, as a clause without a full stop; `None` when it is the page we know.

    `last` is the shape of the last good run, `None` before there was one. At least half of the entries it had must
    still be there: publications are added to a list all the time, and leave it one by one.

    >>> before = Shape(count=4, known=frozenset("abcd"))
    >>> judge(before, Shape(count=3, known=frozenset("abx"))) is None
    True
    >>> judge(before, Shape(count=3, known=frozenset("axy")))
    'of the 4 entries of the last good run only 1 is still on the page, which now lists 3'
    """
    if last is None:
        return None
    kept = len(last.known & now.known)
    if kept * 2 >= len(last.known):
        return None
    still = f"only {kept} {'is' if kept == 1 else 'are'} still" if kept else "none is still"
    return f"of the {len(last.known)} entries of the last good run {still} on the page, which now lists {now.count}"
