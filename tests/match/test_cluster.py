"""Clusters: no conflict within, what people decided first, and no word about ids or order."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.match.cluster import Pair, clusters, components
from tests.strategies import unhurried

Graph = tuple[list[int], dict[Pair, float], set[frozenset[int]]]


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _clusters(
    nodes: list[int],
    same: dict[Pair, float],
    conflicts: set[frozenset[int]] | None = None,
    *,
    ranks: dict[int, bytes] | None = None,
    together: tuple[Pair, ...] = (),
    apart: tuple[Pair, ...] = (),
) -> list[list[int]]:
    return clusters(
        nodes,
        same,
        conflict=lambda a, b: frozenset((a, b)) in (conflicts or set()),
        rank=lambda node: (ranks or {}).get(node, b"%04d" % node),
        together=together,
        apart=apart,
    )


def test_components_are_joined_by_pairs() -> None:
    assert components([5, 1, 2, 3, 9], [(1, 3), (3, 9)]) == [[1, 3, 9], [2], [5]]


def test_what_holds_no_conflict_stays_whole() -> None:
    assert _clusters([1, 2, 3], {(1, 2): 0.9, (2, 3): 0.6}) == [[1, 2, 3]]


def test_a_vague_record_goes_with_the_better_of_two_in_conflict() -> None:
    assert _clusters([1, 2, 3], {(1, 2): 0.7, (2, 3): 0.9}, {frozenset((1, 3))}) == [[1], [2, 3]]


def test_equal_scores_are_decided_by_what_the_records_say() -> None:
    same, conflict = {(1, 2): 0.8, (2, 3): 0.8}, {frozenset((1, 3))}
    assert _clusters([1, 2, 3], same, conflict, ranks={1: b"a", 2: b"b", 3: b"c"}) == [[1, 2], [3]]
    assert _clusters([1, 2, 3], same, conflict, ranks={1: b"c", 2: b"b", 3: b"a"}) == [[1], [2, 3]]


def test_records_that_say_the_same_are_together_whatever_their_ids() -> None:
    same = {(1, 2): 0.8, (2, 3): 0.8, (3, 4): 0.8}
    conflict = {frozenset((1, 4)), frozenset((3, 4))}
    ranks = {1: b"x", 2: b"m", 3: b"x", 4: b"a"}
    assert _clusters([1, 2, 3, 4], same, conflict, ranks=ranks) == [[1, 2, 3], [4]]


def test_people_part_what_the_rules_join() -> None:
    assert _clusters([1, 2, 3], {(1, 2): 0.9, (2, 3): 0.9}, apart=((1, 3),)) == [[1, 2], [3]]


def test_people_join_what_the_rules_part() -> None:
    assert _clusters([1, 2, 3], {(2, 3): 0.9}, {frozenset((1, 2))}, together=((1, 2),)) == [[1, 2, 3]]


@st.composite
def _graphs(draw: st.DrawFn) -> Graph:
    nodes = list(range(draw(st.integers(1, 8))))
    pairs = [(a, b) for a in nodes for b in nodes if a < b]
    some = st.lists(st.sampled_from(pairs), unique=True) if pairs else st.just([])
    scores = st.sampled_from([0.5, 0.7, 0.9])
    same = {pair: draw(scores) for pair in draw(some)}
    return nodes, same, {frozenset(pair) for pair in draw(some)}


@given(_graphs(), st.data())
@unhurried
def test_no_cluster_holds_a_conflict_or_what_people_parted(graph: Graph, data: st.DataObject) -> None:
    nodes, same, conflicts = graph
    pairs = [(a, b) for a in nodes for b in nodes if a < b]
    apart = tuple(data.draw(st.lists(st.sampled_from(pairs), max_size=3))) if pairs else ()
    for part in components(nodes, same):
        found = _clusters(part, {p: s for p, s in same.items() if p[0] in part}, conflicts, apart=apart)
        assert sorted(node for group in found for node in group) == part
        for group in found:
            for a in group:
                for b in group:
                    assert frozenset((a, b)) not in conflicts or a == b
                    assert (a, b) not in apart


@given(_graphs(), st.randoms())
@unhurried
def test_other_ids_give_the_same_clusters(graph: Graph, random: Random) -> None:
    nodes, same, conflicts = graph
    shuffled = list(nodes)
    random.shuffle(shuffled)
    new = dict(zip(nodes, shuffled, strict=True))
    ranks = {node: b"%04d" % (node * 7 % 11) for node in nodes}
    here = {frozenset(new[node] for node in group) for group in _clusters(nodes, same, conflicts, ranks=ranks)}
    renamed = {_pair(new[a], new[b]): score for (a, b), score in same.items()}
    there = _clusters(
        shuffled,
        renamed,
        {frozenset(new[node] for node in pair) for pair in conflicts},
        ranks={new[node]: rank for node, rank in ranks.items()},
    )
    assert here == {frozenset(group) for group in there}
