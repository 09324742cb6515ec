"""Pairs that are the same in, clusters that are one work each out; where two that cannot be one work were joined, a split.

A component (records joined by accepted pairs) that holds two records in conflict is split: its pairs are accepted anew,
people's first, then the best score first, each unless it would put two in conflict into one cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

__all__ = ["Pair", "clusters", "components"]

Pair = tuple[int, int]


def components(nodes: Iterable[int], pairs: Iterable[Pair]) -> list[list[int]]:
    """The connected components, each sorted, in the order of their smallest node."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        keep, lose = sorted((root(one), root(other)))
        parent[lose] = keep
    found: defaultdict[int, list[int]] = defaultdict(list)
    for node in sorted(parent):
        found[root(node)].append(node)
    return list(found.values())


def clusters(
    component: Collection[int],
    same: Mapping[Pair, float],
    *,
    conflict: Callable[[int, int], bool],
    rank: Callable[[int], bytes],
    together: Collection[Pair] = (),
    apart: Collection[Pair] = (),
) -> list[list[int]]:
    """The clusters of one component, each sorted, in the order of their smallest node.

    `same` are its accepted pairs (smaller id first) with their scores; `conflict` says of two nodes that the rules can
    never make them one work; `rank` is of what a record says, never of when it came, so that ties are broken by content.
    `together` and `apart` are what people decided, and come before everything else.
    """
    held = {node: {node} for node in component}
    ranks = {node: rank(node) for node in component}
    edges = [(0, 0.0, *sorted((ranks[a], ranks[b])), (a, b)) for a, b in together]
    edges += [(1, -score, *sorted((ranks[a], ranks[b])), (a, b)) for (a, b), score in same.items()]
    parted = {frozenset(pair) for pair in apart}
    joined = {frozenset(pair) for pair in together}
    for by_rules, _, _, _, (one, other) in sorted(edges):
        left, right = held[one], held[other]
        if left is right or any(
            frozenset((a, b)) in parted or (by_rules and frozenset((a, b)) not in joined and conflict(a, b))
            for a in left
            for b in right
        ):
            continue
        left |= right
        for node in right:
            held[node] = left
    found = {min(group): sorted(group) for group in held.values()}
    return [found[first] for first in sorted(found)]
