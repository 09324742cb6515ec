"""A component and the features of its entries in, its clusters out: any two of three and more may be in conflict.

In a component of more than `LARGE` only those whose places are at most `REACH` apart are held against each other: its square
is too many, and a conflict among records as like as that shows between neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from repo_harvest.match.blocking import place
from repo_harvest.match.cluster import Pair, clusters
from repo_harvest.match.compare import compare
from repo_harvest.match.features import Features, rank

__all__ = ["LARGE", "REACH", "split"]

LARGE = 200
REACH = 64


def split(
    component: Collection[int],
    same: Mapping[Pair, float],
    known: Mapping[int, Features],
    *,
    together: Collection[Pair] = (),
    apart: Collection[Pair] = (),
) -> list[list[int]]:
    """The clusters of one component (see `cluster.clusters`); their features are `known` unless they are two."""
    if len(component) <= 2:  # noqa: PLR2004 -- the one pair that there is was accepted
        return clusters(
            component, same, conflict=lambda _one, _other: False, rank=lambda _: b"", together=together, apart=apart
        )
    near = _neighbours(component, known) if len(component) > LARGE else None

    def conflict(one: int, other: int) -> bool:
        if near is not None and abs(near[one] - near[other]) > REACH:
            return False
        return compare(known[one], known[other]).conflict

    return clusters(
        component, same, conflict=conflict, rank=lambda node: rank(known[node]), together=together, apart=apart
    )


def _neighbours(component: Collection[int], known: Mapping[int, Features]) -> dict[int, int]:
    """How many of the component come before each, in the order of places."""
    ordered = sorted(component, key=lambda node: (place(known[node]), rank(known[node]), node))
    return {node: before for before, node in enumerate(ordered)}
