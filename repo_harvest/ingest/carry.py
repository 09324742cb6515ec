"""A listing in, published: read what is known, decide, plan, publish; and again if another run came between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from repo_harvest import formats
from repo_harvest.errors import Busy, Stale
from repo_harvest.ingest.making import Policy
from repo_harvest.ingest.matching import Matching, Touched, rematch
from repo_harvest.ingest.planning import Draft, Naming, draft_plan
from repo_harvest.ingest.stated import Stated
from repo_harvest.match import Comparison, Continuation, Decision, Incoming, Verdict, continue_listing, decide
from repo_harvest.model import Known, KnownEntry, Record, SetInfo
from repo_harvest.store.known import View, open_view, taken_identifiers
from repo_harvest.store.plan import RulingEdit
from repo_harvest.store.publish import Fence, publish, unfenced

__all__ = ["NOTHING", "Press", "around", "carry_out", "decided", "reassign"]

_MOST_PLANS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What publishing works with: the database, the clock (UTC seconds since 1970), and what the configuration says.

    `repository` is the middle of identifiers; `sets` are the configured ones, by setSpec. `advance` is told how many entries were planned, for a progress bar.
    `fence` is asked in each transaction that publishes, and raises when the run has lost the right to.
    """

    engine: Engine
    clock: Callable[[], float]
    repository: str
    sets: Mapping[str, SetInfo] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    advance: Callable[[int], None] = lambda _: None
    fence: Fence = unfenced

    @property
    def naming(self) -> Naming:
        """How new items get their identifiers."""
        return Naming(repository=self.repository, taken=lambda names: taken_identifiers(self.engine, names))


def carry_out(
    press: Press,
    source_id: int,
    listed: Sequence[Stated],
    *,
    judge: Callable[[Continuation, Sequence[KnownEntry]], None] = lambda _continued, _own: None,
    leaves: Collection[str | None] | None = None,
    patience: int = 1,
    named: bool = False,
    dry_run: bool = False,
    complete: Callable[[Sequence[Stated]], Sequence[Stated]] = lambda listed: listed,
) -> tuple[Draft, int | None]:
    """Publish what a source lists now; returns what was done, and the datestamp that moved items got.

    `judge` may raise `Refused` on seeing which entries go on; `complete` then fills the gaps of what is listed, which
    neither judge nor matching ever see. The listing is all that the source
    has, and what it no longer lists is gone, once `patience` good runs in a row have missed it; unless `leaves` names by
    `local_id` what is gone. `named`: every entry listed has such an id, so that no others are looked at.
    Raises `Busy` when other runs keep publishing meanwhile, and `StoreError`.
    """
    incoming = [Incoming(record=e.record, position=i, local_id=e.local_id) for i, e in enumerate(listed)]
    wanted = {e.local_id for e in listed if e.local_id} | {one for one in leaves or () if one} if named else None
    completed: Sequence[Stated] | None = None
    for _ in range(_MOST_PLANS):
        with open_view(press.engine) as view:
            own = view.own(source_id, wanted)
            continued = continue_listing(incoming, own, leaves=leaves, patience=patience)
            judge(continued, own)
            touched = _touched(listed, own, continued)
            matching = rematch(view, touched)
            known = around(view, own, continued, matching)
        decision = decided(continued, matching, known)
        completed = completed if completed is not None else complete(listed)
        draft = draft_plan(
            completed,
            known,
            decision,
            press.naming,
            press.policy,
            source_id=source_id,
            patience=patience,
            why=_Reasons(matching, decision),
            advance=press.advance,
        )
        if dry_run:
            return draft, None
        plan = draft.plan(source_id, known, decision, matching, press.sets, dropped=touched.dropped)
        try:
            return draft, publish(press.engine, plan, clock=press.clock, header_xml=formats.header, fence=press.fence)
        except Stale:
            continue
    raise Busy("other runs kept publishing while this one was planned; nothing was published: run it again")


def reassign(
    press: Press, touch: Callable[[View], tuple[Touched, RulingEdit | None]], *, dry_run: bool = False
) -> tuple[Draft, int | None]:
    """Match entries anew that no run lists, and publish what comes of it: what was done, and the datestamp of it.

    `touch` says what is touched, and the ruling to keep with it; it may raise. Raises `Busy` as `carry_out`, and `StoreError`.
    """
    for _ in range(_MOST_PLANS):
        with open_view(press.engine) as view:
            touched, ruling = touch(view)
            matching = rematch(view, touched)
            known = around(view, (), NOTHING, matching)
        decision = decided(NOTHING, matching, known)
        draft = draft_plan((), known, decision, press.naming, press.policy, source_id=0)
        if dry_run:
            return draft, None
        plan = draft.plan(0, known, decision, matching, press.sets, ruling=ruling)
        try:
            return draft, publish(press.engine, plan, clock=press.clock, header_xml=formats.header, fence=press.fence)
        except Stale:
            continue
    raise Busy("runs kept publishing meanwhile; nothing was changed: try again")


NOTHING = Continuation(found=(), vanished=())


def _touched(listed: Sequence[Stated], own: Sequence[KnownEntry], continued: Continuation) -> Touched:
    """New, changed and returning entries are fresh; changed and vanished ones are no longer what they were."""
    held = {entry.id: entry for entry in own}
    fresh, dropped = dict[int, Record](), dict[int, Record]()
    for node, one in zip(continued.nodes, listed, strict=True):
        entry = held.get(node)
        if entry is None or entry.gone or entry.record != one.record:
            fresh[node] = one.record
            if entry is not None and not entry.gone:
                dropped[node] = entry.record
    dropped.update((entry_id, held[entry_id].record) for entry_id in continued.vanished)
    return Touched(fresh=fresh, dropped=dropped)


def around(view: View, own: Sequence[KnownEntry], continued: Continuation, matching: Matching) -> Known:
    """What the store holds of everything that the works of a change are made of."""
    mine = {entry.id: entry for entry in own}
    nodes = {node for cluster in matching.clusters for node in cluster if node >= 0 and node not in mine}
    others = view.entries(nodes)
    missing = [entry_id for entry_id, _ in continued.missing]
    listed = [mine[node] for node in (*continued.nodes, *continued.vanished, *missing) if node in mine]
    concerned = {entry.item_id for entry in (*listed, *others.values())}
    others.update((i, entry) for i, entry in view.entries_of(concerned).items() if i not in mine)
    back = view.entries({entry_id for ids in matching.back.values() for entry_id in ids} - set(mine) - set(others))
    touched = [*listed, *others.values(), *back.values()]
    items = {entry.item_id for entry in touched} | {entry.home_id for entry in touched if entry.home_id is not None}
    return Known(
        sealed=view.sealed,
        written=view.written,
        own=tuple(own),
        others=tuple(others.values()),
        back={entry.id: entry.item_id for entry in back.values()},
        items=view.items(items),
    )


def decided(continued: Continuation, matching: Matching, known: Known) -> Decision:
    """Whose item each work is, given what the store holds around it."""
    back = {
        node: [known.back[i] for i in ids if i in known.back and known.items[known.back[i]].deleted]
        for node, ids in matching.back.items()
    }
    return decide(continued, matching.clusters, known, back=back)


class _Reasons:
    """Why a node is in its work: the reasons of its best pair there."""

    def __init__(self, matching: Matching, decision: Decision) -> None:
        self._best: dict[int, Comparison] = {}
        works = decision.work_of
        for pair, found in matching.judged.items():
            if found.verdict is Verdict.SAME and works.get(pair[0]) == works.get(pair[1]):
                for node in pair:
                    held = self._best.get(node)
                    if held is None or found.score > held.score:
                        self._best[node] = found

    def __call__(self, node: int) -> str:
        found = self._best.get(node)
        return ", ".join(found.reasons) if found else ""
