"""Units in, the headings over each: the lines between units that are headings, by their rank, outermost first.

A heading of the page's own elements (`h1` to `h6`) ranks by its number, a bold line below them, any other short line
between two units below that, a year alone lowest. A heading ends those of its rank and below.
"""

from __future__ import annotations

from collections.abc import Sequence

from repo_harvest.parse.listing.candidates import Span
from repo_harvest.parse.listing.signs import Signs, is_dated_alone

__all__ = ["headings"]

_BOLD, _PLAIN, _YEAR = 7, 8, 9  # after h1 to h6
_LONGEST = 12  # words


def headings(signs: Signs, spans: Sequence[Span]) -> list[tuple[str, ...]]:
    """For each unit the words of the headings over it."""
    stack: list[tuple[int, str]] = []
    told: list[tuple[str, ...]] = []
    at = 0
    for start, end in spans:
        for line in range(at, start):
            rank = _rank(signs, line)
            if rank is not None:
                stack = [above for above in stack if above[0] < rank]
                stack.append((rank, signs.lines[line].text))
        told.append(tuple(text for _, text in stack))
        at = max(at, end)
    return told


def _rank(signs: Signs, at: int) -> int | None:
    """The rank of a line between units, if it is a heading."""
    if not signs.counts[at]:
        return None
    line, sign = signs.lines[at], signs.of[at]
    if line.level:
        return line.level
    if is_dated_alone(line.text):
        return _YEAR
    if sign.headings or line.block.tag in {"dt", "caption", "th", "legend", "summary"}:
        return _BOLD
    short = line.text.count(" ") < _LONGEST and not sign.prose and not sign.menu and not sign.names
    return _PLAIN if short and not line.links and not sign.year else None
