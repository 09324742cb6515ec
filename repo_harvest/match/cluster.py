"""Pairs that are the same in, clusters that are one work each out; where two that cannot be one work were joined, a split.

A component (records joined by accepted pairs) that holds two records in conflict is split: its pairs are accepted anew,
people's first, then those of records that say the same, then the best score first, each unless it would put two in
conflict into one cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import combinations

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
    parted, foes = _foes(component, conflict, together, apart)
    for by_rules, _, _, _, (one, other) in _in_order(component, same, together, rank):
        left, right = held[one], held[other]
        against = foes if by_rules else parted
        if left is not right and all(against[node].isdisjoint(right) for node in left):
            left |= right
            for node in right:
                held[node] = left
    found = {min(group): sorted(group) for group in held.values()}
    return [found[first] for first in sorted(found)]


_Foes = dict[int, set[int]]


def _foes(
    component: Collection[int],
    conflict: Callable[[int, int], bool],
    together: Collection[Pair],
    apart: Collection[Pair],
) -> tuple[_Foes, _Foes]:
    """For each node those that people keep it apart from, and those that people or the rules do.

    Every two nodes are asked for once, beforehand: while clusters grow, an edge that is refused would ask for all of theirs again.
    """
    parted: _Foes = {node: set() for node in component}
    for one, other in apart:
        if one in parted and other in parted:
            parted[one].add(other)
            parted[other].add(one)
    foes = {node: set(others) for node, others in parted.items()}
    joined = {frozenset(pair) for pair in together}
    for one, other in combinations(sorted(component), 2):
        if conflict(one, other) and frozenset((one, other)) not in joined:
            foes[one].add(other)
            foes[other].add(one)
    return parted, foes


_Edge = tuple[int, float, bytes, bytes, Pair]


def _in_order(
    component: Collection[int], same: Mapping[Pair, float], together: Collection[Pair], rank: Callable[[int], bytes]
) -> list[_Edge]:
    """Every edge, in the order in which it is accepted: people's, records that say the same, then by score and rank.

    Records of one rank cannot be told apart: they are one before anything else, or their ids would decide.
    """
    ranks = {node: rank(node) for node in component}
    alike: defaultdict[bytes, list[int]] = defaultdict(list)
    for node in sorted(component):
        alike[ranks[node]].append(node)

    def edge(by_rules: int, score: float, pair: Pair) -> _Edge:
        low, high = sorted((ranks[pair[0]], ranks[pair[1]]))
        return by_rules, -score, low, high, pair

    edges = [edge(0, 0.0, pair) for pair in together]
    edges += [edge(1, 2.0, (nodes[0], node)) for nodes in alike.values() for node in nodes[1:]]
    edges += [edge(2, score, pair) for pair, score in same.items()]
    return sorted(edges)
