"""What a source lists now and what is known in, the plan to publish and what to tell about it out.

For each work: the records that all sources give it are combined, rendered in every format and validated. A record that
fails is quarantined with the reason; the last good version of its item stays as it is. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from repo_harvest.ingest.making import Made, Policy, make_item, tombstone
from repo_harvest.ingest.matching import Matching
from repo_harvest.ingest.stated import Stated
from repo_harvest.ingest.works import Assembled, assemble, held_back
from repo_harvest.match import RULES, Decision, combine, to_text
from repo_harvest.match.keys import normal, surnames, title_of
from repo_harvest.model import Change, Kind, Known, KnownItem, Record, SetInfo
from repo_harvest.store.ledger import Quarantined
from repo_harvest.store.plan import EntryEdit, Filed, ItemEdit, PairEdit, Plan, RulingEdit

__all__ = ["Draft", "Naming", "draft_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How new items get their OAI identifiers: the repository's identifier, and which of these are taken."""

    repository: str
    taken: Callable[[Iterable[str]], Collection[str]]


@dataclass(slots=True)
class Draft:
    """A plan in the making, and what there is to tell about it."""

    items: list[ItemEdit] = field(default_factory=list)
    entries: list[EntryEdit] = field(default_factory=list)
    moved: list[tuple[int, str]] = field(default_factory=list)
    homes: list[tuple[int, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    held: set[int] = field(default_factory=set)  # nodes that stay as they are, because their work could not be made

    def plan(
        self,
        source_id: int,
        known: Known,
        decision: Decision,
        matching: Matching,
        sets: Mapping[str, SetInfo],
        *,
        dropped: Collection[int] = (),
        ruling: RulingEdit | None = None,
    ) -> Plan:
        """The plan, as a value; `sets` are the configured ones, `dropped` the entries that say something else now."""
        by_rule = {spec: SetInfo(spec=spec, name=name) for spec, name in self.names.items()}
        paired = [
            PairEdit(
                one=one,
                other=other,
                verdict=found.verdict,
                score=found.score,
                reasons=found.reasons,
                rules=RULES,
            )
            for (one, other), found in matching.judged.items()
            if not self.held.intersection((one, other))
        ]
        return Plan(
            source_id=source_id,
            written=known.written,
            items=tuple(self.items),
            entries=tuple(self.entries),
            moved=tuple(self.moved),
            homes=tuple(self.homes),
            vanished=decision.continued.vanished,
            missing=decision.continued.missing,
            filed=tuple(
                Filed(node=node, place=place, keys=keys, said=to_text(matching.fresh[node]))
                for node, (place, keys) in matching.filed.items()
                if node not in self.held
            ),
            hot=matching.hot,
            unpaired=tuple(sorted(set(dropped) - self.held)),
            parted=tuple(pair for pair in matching.parted if not self.held.intersection(pair)),
            paired=tuple(paired),
            ruling=ruling,
            sets={**by_rule, **sets},
        )


def draft_plan(
    listed: Sequence[Stated],
    known: Known,
    decision: Decision,
    naming: Naming,
    policy: Policy,
    *,
    source_id: int,
    patience: int = 1,
    why: Callable[[int], str] = lambda _: "",
    advance: Callable[[int], None] = lambda _: None,
) -> Draft:
    """Work out every edit that a decision asks for; `advance` is told how many entries are done.

    `patience` is how many good runs in a row must miss an entry that is gone; `why` says of a node why its work is its own.
    """
    draft = Draft()
    planner = _Planner(listed, known, decision, policy, source_id, draft, why)
    planner.plan_works(naming, advance)
    planner.plan_gone()
    planner.tell_missing(patience)
    return draft


class _Planner:
    def __init__(
        self,
        listed: Sequence[Stated],
        known: Known,
        decision: Decision,
        policy: Policy,
        source_id: int,
        draft: Draft,
        why: Callable[[int], str],
    ) -> None:
        self._known, self._decision, self._draft, self._why = known, decision, draft, why
        self._nodes = decision.continued.nodes
        self._own = {entry.id: entry for entry in known.own}
        self._held = {entry.id: entry for entry in (*known.own, *known.others)}
        self._listed = [self._as_read(one, index) for index, one in enumerate(listed)]
        self._policy = policy
        self._works = assemble(self._listed, known, decision, policy, source_id)

    def _as_read(self, listed: Stated, index: int) -> Stated:
        """An entry that says what it said before was read when that was, and there: reading it again moves nothing."""
        held = self._own.get(self._nodes[index])
        if held is None or held.gone or held.record != listed.record:
            return listed
        return replace(listed, page_url=held.page_url, fetched=held.fetched)

    def plan_works(self, naming: Naming, advance: Callable[[int], None]) -> None:
        """The edits of every work, but for those that cannot be made, and those that hang together with them."""
        names = _new_identifiers([work for work in self._works if work.item is None], naming)
        made: dict[int, Made] = {}
        for work in self._works:
            identifier = names.get(work.number) or (work.item.identifier if work.item else "")
            made[work.number] = make_item(work.item, identifier, work.parts, self._policy)
            advance(len(work.listed))
        faulty = {number for number, one in made.items() if one.faults}
        held = held_back(self._works, faulty)
        for work in self._works:
            if work.number in held:
                self._hold(work, made[work.number])
            else:
                self._plan_work(work, made[work.number])

    def _plan_work(self, work: Assembled, made: Made) -> None:
        """The edits of one work: its item, its entries, and the items that are merged into it."""
        edit, item = made.edit, work.item
        self._draft.names.update(made.names)
        moves = edit.seen != edit.digest
        if moves:
            self._draft.items.append(edit)
        for loser in work.losers:
            reason = f"merged into {edit.identifier}"
            self._draft.items.append(tombstone(loser, reason=reason, merged_into=edit.identifier))
        self._draft.moved += [
            (entry.id, edit.identifier) for entry in work.staying if item is None or entry.item_id != item.id
        ]
        homeless = self._homeless(work)
        if homeless is not None and homeless not in self._nodes:
            self._draft.homes.append((homeless, edit.identifier))
        for order, index in enumerate(work.listed):
            self._plan_entry(index, edit.identifier, item, home=homeless == self._nodes[index])
            self._tell(index, order, work, edit if moves else None)

    def _homeless(self, work: Assembled) -> int | None:
        """The node that stands for the item from now on, if none does: every item has one, to come back as."""
        if work.homed:
            return None
        nodes = sorted(
            [entry.id for entry in work.staying] + [self._nodes[i] for i in work.listed if self._nodes[i] >= 0]
        )
        nodes += [self._nodes[i] for i in work.listed if self._nodes[i] < 0]
        return next((node for node in nodes if node not in self._held or self._held[node].home_id is None), nodes[0])

    def _hold(self, work: Assembled, made: Made) -> None:
        """A work that cannot be published: everything about it stays as it is."""
        reason = "; ".join(made.faults) or "it hangs together with a record that could not be made"
        self._draft.held.update(self._nodes[index] for index in work.listed)
        self._draft.held.update(entry.id for entry in work.staying)
        for index in work.listed:
            listed = self._listed[index]
            name = work.item.identifier if work.item else None
            self._draft.quarantined.append(
                Quarantined(place=listed.place, reason=reason, record=listed.record, item=name)
            )
            self._note(Kind.REFUSED, name or listed.place, listed.record, reason)

    def _plan_entry(self, index: int, identifier: str, item: KnownItem | None, *, home: bool) -> None:
        """An entry is written only if something about it differs from what is kept."""
        listed, node = self._listed[index], self._nodes[index]
        held = self._own.get(node)
        if (
            held is not None
            and item is not None
            and not (held.gone or held.missing or home)
            and (held.item_id, held.record, held.position) == (item.id, listed.record, index)
            and (held.enriched, held.disputes) == (listed.enriched, listed.disputes)
            and (held.sets, held.place, held.byline) == (listed.sets, listed.place, listed.byline)
        ):
            return
        self._draft.entries.append(
            EntryEdit(
                id=held.id if held else None,
                node=node,
                item=identifier,
                home=identifier if home else None,
                record=listed.record,
                position=index,
                sets=listed.sets,
                local_id=listed.local_id,
                page_url=listed.page_url,
                fetched=listed.fetched,
                place=listed.place,
                byline=listed.byline,
                origins=listed.origins,
                enriched=listed.enriched,
                disputes=listed.disputes,
            )
        )

    def _tell(self, index: int, order: int, work: Assembled, moving: ItemEdit | None) -> None:
        """Note what happened to one entry; `moving` is the edit of its item, if a harvester will see it."""
        found = self._decision.continued.found[index]
        held = self._own.get(self._nodes[index])
        reason = found[1] if found else "not seen before"
        if held is not None and held.item_id in self._decision.merged:
            kind, reason = Kind.MERGED, self._why(held.id) or reason
        elif held is not None and not held.gone and (work.item is None or work.item.id != held.item_id):
            kind, reason = Kind.CHANGED, f"not the same work as {self._known.items[held.item_id].identifier} any more"
        elif held is not None and not held.gone:
            kind = Kind.CHANGED if moving else Kind.SAME
            reason = moving.reason if moving else reason
        elif order > 0 or (work.item is not None and not work.item.deleted):
            kind, reason = Kind.MERGED, self._why(self._nodes[index]) or reason
        else:
            kind = Kind.NEW
            reason = "back again" if work.item is not None else reason
        identifier = moving.identifier if moving else work.item.identifier if work.item else ""
        self._note(kind, identifier, self._listed[index].record, reason)

    def plan_gone(self) -> None:
        """Items that lost their last entry are deleted."""
        for item_id in self._decision.emptied:
            self._draft.items.append(tombstone(self._known.items[item_id], reason="no longer on the page"))
        for entry_id in self._decision.continued.vanished:
            entry = self._own[entry_id]
            identifier = self._known.items[entry.item_id].identifier
            self._note(Kind.GONE, identifier, entry.record, "no longer on the page")

    def tell_missing(self, patience: int) -> None:
        """Note what the page does not list and what is kept all the same."""
        for entry_id, runs in self._decision.continued.missing:
            entry = self._own[entry_id]
            reason = f"not on the page in {runs} of the {patience} runs that must agree before it is deleted"
            self._note(Kind.MISSING, self._known.items[entry.item_id].identifier, entry.record, reason)

    def _note(self, kind: Kind, identifier: str, record: Record, reason: str) -> None:
        self._draft.changes.append(Change(kind=kind, identifier=identifier, title=title_of(record), reason=reason))


def _new_identifiers(works: Sequence[Assembled], naming: Naming) -> dict[int, str]:
    """Work number -> an identifier made from title, year and surnames, so that a feed built anew gets the same ones."""
    wanted = {work.number: _local_name(combine(part.record for part in work.parts)) for work in works}
    taken = set(naming.taken(f"oai:{naming.repository}:{local}" for local in wanted.values()))
    given: dict[int, str] = {}
    for number, local in wanted.items():
        identifier, attempt = f"oai:{naming.repository}:{local}", 1
        while identifier in taken or (attempt > 1 and naming.taken([identifier])):
            attempt += 1
            identifier = f"oai:{naming.repository}:{local}-{attempt}"
        taken.add(identifier)
        given[number] = identifier
    return given


def _local_name(record: Record) -> str:
    parts = [normal(title_of(record)), record.year or "", *sorted(surnames(record))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
