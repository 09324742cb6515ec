"""The holders of a key in, the pairs of them that are compared out: all of them, or neighbours once the key is hot.

A key that many records share says little, and comparing all of its holders would cost the square of their number. Once it
has `HOT` holders it is hot, stays so until the list of hot keys is made anew (`duplicates rebuild`), and gives only the
pairs whose places are at most `WINDOW` apart. Both are functions of the holders alone: which came first does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["HOT", "WINDOW", "pairs_of"]

HOT = 64
WINDOW = 8


def pairs_of(holders: Sequence[tuple[int, int]], *, hot: bool) -> Iterator[tuple[int, int]]:
    """Pairs (smaller id first) of holders, each of which is (place, id); they need not be in order.

    >>> list(pairs_of([(5, 1), (3, 2)], hot=False))
    [(1, 2)]
    """
    ordered = sorted(holders)
    reach = WINDOW if hot else len(ordered)
    for i, (_, one) in enumerate(ordered):
        for _, other in ordered[i + 1 : i + 1 + reach]:
            if one != other:
                yield (one, other) if one < other else (other, one)
