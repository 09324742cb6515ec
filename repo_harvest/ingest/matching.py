"""What changes in a store in, which entries are one work from then on out: the engine that matches as records come.

Only what a change touches is looked at: new and changed entries are compared with those that share a key with them, and the
components that they, or entries that are gone, belong to are put into clusters anew. What comes out is a function of the
entries that are there, never of the order in which they came: comparing all of them at once gives the same clusters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from repo_harvest.match import (
    Comparison,
    Features,
    Verdict,
    blocking_keys,
    compare,
    components,
    features,
    from_text,
    place,
    split,
)
from repo_harvest.match.candidates import HOT, WINDOW, pairs_of
from repo_harvest.model import Record
from repo_harvest.store.filing import Holder
from repo_harvest.store.known import Ruled, View

__all__ = ["Matching", "Touched", "rematch"]

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What changes: nodes are ids of entries, and numbers below 0 for entries that are new.

    `fresh` is what new, changed and returning entries say now; `dropped` what changed and vanished entries, live until
    now, said before; `ruled` entries of which people decided something anew. `laid` are rulings that count although the
    store has them not yet, and `undone` is one that no longer counts although it has it.
    """

    fresh: Mapping[int, Record] = field(default_factory=dict)
    dropped: Mapping[int, Record] = field(default_factory=dict)
    ruled: Collection[int] = ()
    laid: tuple[Ruled, ...] = ()
    undone: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which entries are one work from now on, of all that the change touches, and what is to be kept of it.

    `clusters` are of nodes, each sorted; `judged` the pairs that are the same or uncertain; `parted` pairs kept until now
    of which nothing is known any more; `hot` the keys that have become so; `fresh` the features of what is fresh,
    and `filed` its place and keys; `back` the entries that are gone and that a new one is the same as, by the node of that.
    """

    clusters: tuple[tuple[int, ...], ...]
    judged: Mapping[Pair, Comparison] = field(default_factory=dict)
    parted: tuple[Pair, ...] = ()
    hot: tuple[int, ...] = ()
    fresh: Mapping[int, Features] = field(default_factory=dict)
    filed: Mapping[int, tuple[int, frozenset[int]]] = field(default_factory=dict)
    back: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def rematch(view: View, touched: Touched) -> Matching:
    """Match what is touched; raises `StoreUnavailable`."""
    return _Engine(view, touched).matching()


class _Engine:
    def __init__(self, view: View, touched: Touched) -> None:
        self._view, self._touched = view, touched
        self._features: dict[int, Features] = {node: features(record) for node, record in touched.fresh.items()}
        self._filed = {node: (place(found), blocking_keys(found)) for node, found in self._features.items()}
        self._judged: dict[Pair, Comparison] = {}

    def matching(self) -> Matching:
        """Candidates, verdicts, clusters: in that order."""
        wide = _Candidates(self._view, self._touched, self._filed)
        gained, lost = wide.pairs()
        said = {pair: verdict for pair, verdict in self._view.said(lost).items() if not self._supported(pair, wide)}
        self._judge(gained)
        start = {node for pair, found in self._judged.items() if found.verdict is Verdict.SAME for node in pair}
        start |= {node for pair, verdict in said.items() if verdict == Verdict.SAME for node in pair}
        start |= {*self._touched.fresh, *self._touched.ruled}
        return Matching(
            clusters=tuple(self._clusters(start, set(said))),
            judged=self._judged,
            parted=tuple(said),
            hot=tuple(sorted(wide.heated)),
            fresh=self._features,
            filed=self._filed,
            back=self._back(wide),
        )

    # --- verdicts ---

    def _load(self, nodes: Iterable[int]) -> None:
        missing = {node for node in nodes if node not in self._features}
        if missing:
            self._features.update((i, from_text(said)) for i, said in self._view.said_by(missing).items())

    def _judge(self, gained: Collection[Pair]) -> None:
        self._load(node for pair in gained for node in pair)
        for one, other in gained:
            found = compare(self._features[one], self._features[other])
            if found.verdict is not Verdict.DIFFERENT:
                self._judged[one, other] = found

    def _supported(self, pair: Pair, wide: _Candidates) -> bool:
        """Whether another key still makes candidates of two that are no longer neighbours under one."""
        self._load(pair)
        one, other = (self._features[node] for node in pair)
        shared = blocking_keys(one) & blocking_keys(other)
        return any(wide.neighbours(key, (place(one), pair[0]), (place(other), pair[1])) for key in shared)

    # --- clusters ---

    def _clusters(self, start: set[int], parted: set[Pair]) -> Iterator[tuple[int, ...]]:
        over = set(self._touched.dropped)
        same = {pair: found.score for pair, found in self._judged.items() if found.verdict is Verdict.SAME}
        known = {node for node in start if node >= 0} | over
        laid = {(one.one, one.other): one.together for one in self._touched.laid}
        seen: set[int] = set()
        while known - seen:
            asked = known - seen
            seen |= asked
            kept = {pair: score for pair, score in self._view.same_pairs(asked).items() if pair not in parted}
            known |= {node for pair in kept for node in pair}
            same.update({p: score for p, score in kept.items() if not over.intersection(p) and p not in same})
            rulings = {
                (one.one, one.other): one.together for one in self._view.rulings(asked, without=self._touched.undone)
            }
            laid = {**rulings, **laid}
            known |= {node for pair, together in rulings.items() if together for node in pair}
        gone = (known & over | (known - over - self._view.live(known - over))) - set(self._touched.fresh)
        edges = _Edges((start | known) - gone, same, [pair for pair, holds in laid.items() if holds])
        parts = {pair for pair, holds in laid.items() if not holds}
        for component, joined, together in edges.components():
            yield from self._split(component, joined, together, parts)

    def _split(
        self, component: list[int], same: Mapping[Pair, float], together: list[Pair], apart: set[Pair]
    ) -> Iterator[tuple[int, ...]]:
        if len(component) == 1:
            yield tuple(component)
            return
        self._load(component)
        inside = set(component)
        parted = [pair for pair in apart if inside.issuperset(pair)]
        yield from map(tuple, split(component, same, self._features, together=together, apart=parted))

    # --- what comes back ---

    def _back(self, wide: _Candidates) -> dict[int, tuple[int, ...]]:
        """New entry -> the entries, gone now, that it is the same as."""
        new = [node for node in self._touched.fresh if node < 0]
        wanted = {-key - 1 for node in new for key in self._filed[node][1]} - wide.heated
        gone = self._view.holders(wanted) if wanted else {}
        found: dict[int, tuple[int, ...]] = {}
        for node in new if gone else ():
            ids = {entry_id for key in self._filed[node][1] for _, entry_id in gone.get(-key - 1, ())[:HOT]}
            self._load(ids)
            same = [i for i in ids if compare(self._features[node], self._features[i]).verdict is Verdict.SAME]
            if same:
                found[node] = tuple(sorted(same))
        return found


class _Edges:
    """Nodes and the pairs that join them, component by component."""

    def __init__(self, nodes: set[int], same: Mapping[Pair, float], together: Iterable[Pair]) -> None:
        self._nodes = nodes
        self._same = {pair: score for pair, score in same.items() if nodes.issuperset(pair)}
        self._together = [pair for pair in together if nodes.issuperset(pair)]

    def components(self) -> Iterator[tuple[list[int], dict[Pair, float], list[Pair]]]:
        """(nodes, accepted pairs with their scores, pairs that people joined) of each component."""
        found = components(self._nodes, [*self._same, *self._together])
        number = {node: i for i, component in enumerate(found) for node in component}
        same: defaultdict[int, dict[Pair, float]] = defaultdict(dict)
        together: defaultdict[int, list[Pair]] = defaultdict(list)
        for pair, score in self._same.items():
            same[number[pair[0]]][pair] = score
        for pair in self._together:
            together[number[pair[0]]].append(pair)
        return ((component, same[i], together[i]) for i, component in enumerate(found))


_NEW = 2**62


def _late(node: int) -> int:
    """A number that a node stands at among the holders of a key: what is new comes after all that is there."""
    return node if node >= 0 else _NEW - node


def _early(pair: Pair) -> Pair:
    """The nodes that two such numbers are of, the smaller one first."""
    one, other = (number if number < _NEW else _NEW - number for number in pair)
    return (one, other) if one < other else (other, one)


class _Candidates:
    """The pairs that a change makes candidates, and those that it makes none any more."""

    def __init__(self, view: View, touched: Touched, filed: Mapping[int, tuple[int, frozenset[int]]]) -> None:
        self._view = view
        self._arriving: defaultdict[int, list[Holder]] = defaultdict(list)
        for node, (spot, keys) in filed.items():
            for key in keys:
                self._arriving[key].append((spot, _late(node)))
        self._leaving: defaultdict[int, set[Holder]] = defaultdict(set)
        for node, record in touched.dropped.items():
            found = features(record)
            for key in blocking_keys(found):
                self._leaving[key].add((place(found), node))
        self._over = set(touched.dropped)
        wanted = {*self._arriving, *self._leaving}
        self._hot = view.hot(wanted)
        self._asked = wanted
        self.heated: set[int] = set()
        self._windows: defaultdict[int, set[Pair]] = defaultdict(set)
        self._bounds: dict[int, list[tuple[Holder, Holder]]] = {}
        self._gained: set[Pair] = set()
        self._lost: set[Pair] = set()

    def pairs(self) -> tuple[set[Pair], set[Pair]]:
        """(pairs to compare, pairs of which what is kept may no longer hold), the smaller node first."""
        held = self._view.holders(self._asked - self._hot)
        for key in list(self._asked):
            if key in self._hot:
                self._bounds[key] = self._stretches(key)
                for first, last in self._bounds[key]:
                    arriving = [holder for holder in self._arriving[key] if first <= holder <= last]
                    self._differ(key, self._view.between(key, first, last), arriving, was_hot=True)
            else:
                self._cold(key, held.get(key, []))
        return {_early(pair) for pair in self._gained}, self._lost

    def neighbours(self, key: int, one: Holder, other: Holder) -> bool:
        """Whether a key makes candidates of two of its holders after the change."""
        if key not in self._asked:
            self._asked.add(key)
            self._hot |= self._view.hot({key})
        if key not in self._hot and key not in self.heated:
            return True
        changed = key in self.heated or any(
            first <= min(one, other) and max(one, other) <= last for first, last in self._bounds.get(key, ())
        )
        if changed:
            return (min(one[1], other[1]), max(one[1], other[1])) in self._windows[key]
        first, last = self._view.stretch(key, one, WINDOW)  # as it was: the change is elsewhere
        return first <= other <= last

    def _cold(self, key: int, before: list[Holder]) -> None:
        leaving, arriving = self._leaving.get(key, ()), self._arriving.get(key, [])
        staying = [holder for holder in before if holder not in leaving]
        if len(staying) + len(arriving) >= HOT:
            self.heated.add(key)
            self._differ(key, before, arriving, was_hot=False)
            return
        for i, (_, node) in enumerate(arriving):
            for _, other in [*staying, *arriving[i + 1 :]]:
                self._gained.add((node, other))

    def _differ(self, key: int, before: list[Holder], arriving: list[Holder], *, was_hot: bool) -> None:
        """A stretch of the holders of a key that is hot from now on: which pairs are candidates, and which were."""
        leaving = self._leaving.get(key, ())
        after = [holder for holder in before if holder not in leaving] + arriving
        now = set(pairs_of(after, hot=True))
        was = set(pairs_of(before, hot=was_hot))
        if self._over:
            was = {pair for pair in was if not self._over.intersection(pair)}
        self._windows[key] |= now
        self._gained |= now - was
        self._lost |= was - now

    def _stretches(self, key: int) -> list[tuple[Holder, Holder]]:
        """The parts of a hot key that the change touches, each from its first to its last holder; none overlap."""
        bounds: list[tuple[Holder, Holder]] = []
        for spot in sorted({*self._arriving.get(key, ()), *self._leaving.get(key, ())}):
            first, last = self._view.stretch(key, spot, WINDOW)
            if bounds and first <= bounds[-1][1]:
                bounds[-1] = (bounds[-1][0], max(last, bounds[-1][1]))
            else:
                bounds.append((first, last))
        return bounds
