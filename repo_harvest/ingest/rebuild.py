"""Every entry matched anew at once, by one of the engines, in; what becomes of the works out, and published if it shall be.

New rules may join works and take others apart. They say what they would change before they do: `plan` tells it, `rebuild`
does it. What people decided holds before the rules here as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from repo_harvest import formats
from repo_harvest.errors import Busy, Stale
from repo_harvest.ingest.carry import NOTHING, Press, around, decided
from repo_harvest.ingest.matching import Matching
from repo_harvest.ingest.planning import draft_plan
from repo_harvest.match import RULES, Verdict, blocking_keys, features, place, to_text
from repo_harvest.match.bulk import Engine, Judged, grouped
from repo_harvest.match.candidates import HOT
from repo_harvest.match.keys import title_of
from repo_harvest.store import ledger
from repo_harvest.store.known import View, load_record, open_view
from repo_harvest.store.plan import Filed, PairEdit, Plan
from repo_harvest.store.publish import publish
from repo_harvest.store.said import refile

__all__ = ["Rebuilt", "Regrouped", "matched", "rebuild", "settle_keys"]

_STEP = 2000  # works published at once
_MOST_PLANS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """Works whose entries are grouped otherwise from now on: the items until now and their titles, and how many come out."""

    identifiers: tuple[str, ...]
    titles: tuple[str, ...]
    works: int
    reasons: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What happens, in a word."""
        if len(self.identifiers) == 1:
            return "split"
        return "merged" if self.works == 1 else "regrouped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What rebuilding does: the works it regroups, and how many pairs of entries are the same, and of works in doubt."""

    regrouped: tuple[Regrouped, ...]
    entries: int
    same: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matched:
    """One matching of everything: what the store was (`written`), its pairs, clusters of two and more, and hot keys."""

    written: int
    judged: tuple[Judged, ...]
    clusters: tuple[tuple[int, ...], ...]
    hot: frozenset[int]
    item_of: Mapping[int, int]


def settle_keys(press: Press) -> bool:
    """File all entries as this program finds them, if another one filed them; whether there were any.

    What was said of pairs holds on until a run touches them, or `rebuild`. Raises `StoreError`.
    """
    if ledger.find_applied(press.engine, ledger.KEYS) == RULES:
        return False
    filed = refile(press.engine, _filed, hot=HOT, advance=press.advance)
    ledger.note_applied(press.engine, RULES, ledger.KEYS)
    if not filed:
        ledger.note_applied(press.engine, RULES, ledger.PAIRS)
    return filed > 0


def matched(press: Press, engine: Engine) -> list[list[int]]:
    """The clusters of all live entries (ids), by the engine; everything that is by itself is a cluster of one.

    Keys that are hot stay so, as they do while records come. Raises `StoreError`.
    """
    with open_view(press.engine) as view:
        found = _match(view, engine, hot=view.every_hot())
    inside = {node for cluster in found.clusters for node in cluster}
    return [list(cluster) for cluster in found.clusters] + [[node] for node in found.item_of if node not in inside]


def rebuild(
    press: Press, engine: Engine, *, dry_run: bool = False, told: Callable[[int], None] = lambda _: None
) -> Rebuilt:
    """Match everything anew and publish what comes of it, unless it is a dry run; `told` is given the works done.

    Works are published some thousand at a time; one that is cut short goes on when it is run again. Raises `Busy` when runs
    keep publishing meanwhile, and `StoreError`.
    """
    for _ in range(_MOST_PLANS):
        with open_view(press.engine) as view:
            found = _match(view, engine)
            bundles = _bundles(found)
            rebuilt = _told(view, found, bundles)
        if dry_run:
            return rebuilt
        try:
            _publish(press, found, bundles, told)
        except Stale:
            continue
        ledger.note_applied(press.engine, RULES, ledger.PAIRS)
        return rebuilt
    raise Busy("runs kept publishing while everything was matched anew: run it again")


def _filed(text: str) -> Filed:
    found = features(load_record(text))
    return Filed(node=0, place=place(found), keys=blocking_keys(found), said=to_text(found))


def _match(view: View, engine: Engine, *, hot: Collection[int] = ()) -> _Matched:
    item_of = {entry_id: item_id for entry_id, item_id, _ in view.places()}
    rulings = [one for one in view.rulings() if one.one in item_of and one.other in item_of]
    with engine.over(view.every_entry(), hot=hot) as work:
        judged = tuple(work.judged())
        found = grouped(
            judged,
            work.features,
            together=[(one.one, one.other) for one in rulings if one.together],
            apart=[(one.one, one.other) for one in rulings if not one.together],
        )
        clusters = tuple(tuple(cluster) for cluster in found)
        return _Matched(written=view.written, judged=judged, clusters=clusters, hot=work.hot, item_of=item_of)


def _bundles(found: _Matched) -> list[list[tuple[int, ...]]]:
    """The clusters that are not what items are until now, with those they share an item with, all in one."""
    entries_of: defaultdict[int, list[int]] = defaultdict(list)
    for entry_id, item_id in found.item_of.items():
        entries_of[item_id].append(entry_id)
    cluster_of = {node: cluster for cluster in found.clusters for node in cluster}
    done: set[tuple[int, ...]] = set()
    bundles: list[list[tuple[int, ...]]] = []
    for entry_id in found.item_of:
        first = cluster_of.get(entry_id, (entry_id,))
        if first in done or sorted(entries_of[found.item_of[first[0]]]) == list(first):
            continue
        bundle, waiting = [], [first]
        done.add(first)
        while waiting:
            cluster = waiting.pop()
            bundle.append(cluster)
            for node in cluster:
                for other in entries_of[found.item_of[node]]:
                    next_one = cluster_of.get(other, (other,))
                    if next_one not in done:
                        done.add(next_one)
                        waiting.append(next_one)
        bundles.append(sorted(bundle))
    return bundles


def _told(view: View, found: _Matched, bundles: Sequence[Sequence[tuple[int, ...]]]) -> Rebuilt:
    best = {(pair.one, pair.other): pair.reasons for pair in found.judged if pair.verdict is Verdict.SAME}
    by_entry: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in best:
        by_entry[pair[0]].append(pair)
    regrouped = []
    for bundle in bundles:
        nodes = {node for cluster in bundle for node in cluster}
        items = view.items({found.item_of[node] for node in nodes})
        across = [
            pair
            for node in sorted(nodes)
            for pair in by_entry[node]
            if pair[1] in nodes and found.item_of[pair[0]] != found.item_of[pair[1]]
        ]
        regrouped.append(
            Regrouped(
                identifiers=tuple(item.identifier for item in items.values()),
                titles=tuple(title_of(item.record) for item in items.values()),
                works=len(bundle),
                reasons=best[across[0]] if across else (),
            )
        )
    cluster_of = {node: cluster[0] for cluster in found.clusters for node in cluster}
    doubted = {
        frozenset(cluster_of.get(node, node) for node in (pair.one, pair.other))
        for pair in found.judged
        if pair.verdict is Verdict.UNCERTAIN
    }
    return Rebuilt(
        regrouped=tuple(regrouped),
        entries=len(found.item_of),
        same=len(best),
        uncertain=sum(len(works) > 1 for works in doubted),
    )


def _publish(
    press: Press, found: _Matched, bundles: Sequence[Sequence[tuple[int, ...]]], told: Callable[[int], None]
) -> None:
    """What is kept of pairs first, then the works in steps; raises `Stale` when somebody else publishes in between."""
    paired = tuple(
        PairEdit(
            one=pair.one, other=pair.other, verdict=pair.verdict, score=pair.score, reasons=pair.reasons, rules=RULES
        )
        for pair in found.judged
    )
    said = Plan(source_id=0, written=found.written, anew=True, hot=tuple(sorted(found.hot)), paired=paired)
    publish(press.engine, said, clock=press.clock, header_xml=formats.header)
    written = found.written + 1
    for step in _steps(bundles):
        with open_view(press.engine) as view:
            if view.written != written:
                raise Stale("another run published meanwhile")
            matching = Matching(clusters=step)
            known = around(view, (), NOTHING, matching)
        decision = decided(NOTHING, matching, known)
        draft = draft_plan((), known, decision, press.naming, press.policy, source_id=0)
        plan = draft.plan(0, known, decision, matching, press.sets)
        if not plan.empty:
            publish(press.engine, plan, clock=press.clock, header_xml=formats.header)
            written += 1
        told(len(step))


def _steps(bundles: Iterable[Sequence[tuple[int, ...]]]) -> Iterable[tuple[tuple[int, ...], ...]]:
    step: list[tuple[int, ...]] = []
    for bundle in bundles:
        step += bundle
        if len(step) >= _STEP:
            yield tuple(step)
            step = []
    if step:
        yield tuple(step)
