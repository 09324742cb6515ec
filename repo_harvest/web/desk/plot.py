"""Numbers over time in, a small drawing of them out, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repo_harvest.web import pages

__all__ = ["HEIGHT", "WIDTH", "Plot", "plot"]

WIDTH, HEIGHT = 240, 48
_EDGE = 5
_FEWEST = 2  # points of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The line, as SVG's `points`; its last point; and what it shows, in words."""

    points: str
    x: float
    y: float
    words: str


def plot(counts: Sequence[tuple[int, int]]) -> Plot | None:
    """What (UTC seconds, number) drew, the oldest first; `None` where that makes no line.

    >>> plot([(0, 10), (86400, 12)]).points
    '5,43 235,5'
    >>> plot([(0, 12), (0, 10)]).points  # in one second
    '5,5 235,43'
    """
    if len(counts) < _FEWEST:
        return None
    times, numbers = [at for at, _ in counts], [number for _, number in counts]
    wide, high = max(times) - min(times), max(numbers) - min(numbers)
    drawn = [
        (
            round(_EDGE + (WIDTH - 2 * _EDGE) * ((at - min(times)) / wide if wide else place / (len(counts) - 1)), 1),
            round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * ((number - min(numbers)) / high if high else 0.5), 1),
        )
        for place, (at, number) in enumerate(counts)
    ]
    points = " ".join(f"{x:g},{y:g}" for x, y in drawn)
    return Plot(points=points, x=drawn[-1][0], y=drawn[-1][1], words=_words(counts, numbers))


def _words(counts: Sequence[tuple[int, int]], numbers: Sequence[int]) -> str:
    first, last = (pages.moment(counts[index][0]).words.partition(",")[0] for index in (0, -1))
    if min(numbers) == max(numbers):
        return f"{numbers[0]} entries in each of {len(counts)} good runs, from {first} to {last}"
    between = f"at least {min(numbers)}, at most {max(numbers)}"
    return f"Entries in {len(counts)} good runs: {numbers[0]} on {first}, {numbers[-1]} on {last}; {between}"
