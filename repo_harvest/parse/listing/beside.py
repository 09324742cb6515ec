"""Units in, the rows of buttons out that stand between them: for each unit those that are its own.

Some pages write the links of an entry ("PDF", "Full text") in a box of their own before it or after it. Which of the two
a page does shows where a list begins and ends: a row between a heading and the first entry can only be that entry's.
"""

from __future__ import annotations

from collections.abc import Sequence

from repo_harvest.parse.citation.tape import is_row_of_buttons
from repo_harvest.parse.listing.candidates import Span
from repo_harvest.parse.listing.signs import Signs

__all__ = ["beside"]


def beside(signs: Signs, spans: Sequence[Span]) -> list[range]:
    """For each unit the lines beside it, in their order, that hold its links."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(signs.lines)]
    before = [_before(signs, end, start) for end, start in zip(ends[:-1], starts[:-1], strict=True)]
    after = [_after(signs, end, start) for end, start in zip(ends[1:], starts[1:], strict=True)]
    leads = sum(bool(rows) and rows.start > end for rows, end in zip(before, ends[:-1], strict=True))
    trails = sum(bool(rows) and rows.stop < start for rows, start in zip(after, starts[1:], strict=True))
    if leads == trails:
        return [range(0)] * len(spans)
    return before if leads > trails else after


def _before(signs: Signs, end: int, start: int) -> range:
    """The rows of buttons right before `start`, but none before `end`."""
    first = start
    while first > end and _is_row(signs, first - 1):
        first -= 1
    return range(first, start)


def _after(signs: Signs, end: int, start: int) -> range:
    """The rows of buttons from `end` on, but none from `start` on."""
    last = end
    while last < start and _is_row(signs, last):
        last += 1
    return range(end, last)


def _is_row(signs: Signs, at: int) -> bool:
    return signs.counts[at] and is_row_of_buttons(signs.lines[at])
