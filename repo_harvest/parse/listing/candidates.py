"""What a candidate is: one way to cut a page into units, before anybody judges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from repo_harvest.parse.document import Block
from repo_harvest.parse.listing.signs import Signs

__all__ = ["Candidate", "Span", "tightened"]

Span = tuple[int, int]


class Candidate(NamedTuple):
    """Stretches of lines, in order and apart, and for each the box in which it has its like. `name` is for people."""

    name: str
    spans: tuple[Span, ...]
    homes: tuple[Block, ...]
    weight: float = 1.0  # how likely a cut of this sort is, all else being equal


def tightened(signs: Signs, spans: Sequence[Span], homes: Sequence[Block], name: str) -> Candidate:
    """The candidate without lines that do not count at either end of a unit, and without units that have no others."""
    kept = [
        ((signs.counted_from[start], signs.counted_before[end]), home)
        for (start, end), home in zip(spans, homes, strict=True)
        if signs.counted_from[start] < end
    ]
    return Candidate(name, tuple(span for span, _ in kept), tuple(home for _, home in kept))
