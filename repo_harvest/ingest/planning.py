"""What a source lists now and what is known in, the plan to publish and what to tell about it out.

For each work: the records that all sources give it are combined, rendered in every format and validated. A record that
fails is quarantined with the reason; the last good version of its item stays as it is. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from repo_harvest.ingest.making import Part, Policy, make_item, part_of, tombstone
from repo_harvest.match import Assignment, Decision, combine
from repo_harvest.match.keys import normal, surnames, title_of
from repo_harvest.model import Change, Kind, Known, KnownEntry, KnownItem, Record, SetInfo
from repo_harvest.store.ledger import Quarantined
from repo_harvest.store.plan import EntryEdit, ItemEdit, Plan

__all__ = ["Draft", "Naming", "Stated", "draft_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One entry as a source states it now: its record, the name of the source, and where it stands.

    `enriched` is the record with its gaps filled from elsewhere, if any were, and `origins` are those of all of it;
    `disputes` is what is said otherwise there, in sentences.
    """

    record: Record
    source: str
    place: str
    page_url: str
    fetched: int
    byline: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()
    local_id: str | None = None
    enriched: Record | None = None
    disputes: tuple[str, ...] = ()


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
    names: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)

    def plan(self, source_id: int, known: Known, decision: Decision, sets: Mapping[str, SetInfo]) -> Plan:
        """The plan, as a value; `sets` are the configured ones."""
        by_rule = {spec: SetInfo(spec=spec, name=name) for spec, name in self.names.items()}
        return Plan(
            source_id=source_id,
            sealed=known.sealed,
            items=tuple(self.items),
            entries=tuple(self.entries),
            moved=tuple(self.moved),
            vanished=decision.vanished,
            missing=decision.missing,
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
    patience: int,
    advance: Callable[[int], None],
) -> Draft:
    """Work out every edit that this listing of a source asks for; `advance` is told how many entries are done.

    `patience` is how many good runs in a row must miss an entry that is gone.
    """
    draft = Draft()
    planner = _Planner(listed, known, decision, policy, source_id, draft)
    works = planner.works()
    names = _new_identifiers([work for work in works if work.item is None], naming)
    for work in works:
        planner.plan_work(work, names.get(work.number, work.item.identifier if work.item else ""))
        advance(len(work.members))
    planner.plan_gone()
    planner.tell_missing(patience)
    return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One group of the decision: the entries listed now, the item they belong to, and what all its entries give it."""

    number: int
    members: tuple[int, ...]
    item: KnownItem | None
    others: tuple[KnownEntry, ...]
    parts: tuple[Part, ...]


class _Planner:
    def __init__(
        self,
        listed: Sequence[Stated],
        known: Known,
        decision: Decision,
        policy: Policy,
        source_id: int,
        draft: Draft,
    ) -> None:
        self._known, self._decision, self._draft = known, decision, draft
        self._policy, self._source_id = policy, source_id
        self._own = {entry.id: entry for entry in known.own}
        self._listed = [self._as_read(one, index) for index, one in enumerate(listed)]
        self._losers: dict[int, list[int]] = defaultdict(list)
        for loser, survivor in decision.merged.items():
            self._losers[survivor].append(loser)
        self._others: dict[int, list[KnownEntry]] = defaultdict(list)
        for entry in decision.staying:
            self._others[entry.item_id].append(entry)

    def _as_read(self, listed: Stated, index: int) -> Stated:
        """An entry that says what it said before was read when that was, and there: reading it again moves nothing."""
        held = self._own.get(self._decision.assigned[index].entry_id or 0)
        if held is None or held.gone or held.record != listed.record:
            return listed
        return replace(listed, page_url=held.page_url, fetched=held.fetched)

    def works(self) -> list[_Work]:
        """The groups of the decision, in the order of their first entry."""
        members: dict[int, list[int]] = defaultdict(list)
        for index, assignment in enumerate(self._decision.assigned):
            members[assignment.group].append(index)
        return [self._work(number, indexes) for number, indexes in members.items()]

    def _work(self, number: int, indexes: list[int]) -> _Work:
        item_id = self._decision.assigned[indexes[0]].item_id
        others: list[KnownEntry] = []
        for held in [item_id, *self._losers.get(item_id, [])] if item_id is not None else []:
            others += self._others[held]
        ranked = [((entry.source_id, entry.id, 0), part_of(entry)) for entry in others]
        ranked += [(self._rank(self._decision.assigned[i], i), _part(self._listed[i])) for i in indexes]
        return _Work(
            number=number,
            members=tuple(indexes),
            item=None if item_id is None else self._known.items[item_id],
            others=tuple(others),
            parts=tuple(part for _, part in sorted(ranked, key=lambda pair: pair[0])),
        )

    def _rank(self, assignment: Assignment, index: int) -> tuple[int, int, int]:
        """Older entries of older sources come first; what is new in a source comes last in it, in the order of the list.

        That is the order of the ids that they will have, so that the next run finds the same order.
        """
        return (self._source_id, assignment.entry_id or 2**62, index)

    def plan_work(self, work: _Work, identifier: str) -> None:
        """The edits of one work: its item, its entries, and the items that are merged into it."""
        made = make_item(work.item, identifier, work.parts, self._policy)
        if made.faults:
            self._quarantine(work, made.faults)
            return
        edit = made.edit
        self._draft.names.update(made.names)
        moves = edit.seen != edit.digest
        held = work.item
        if moves or held is None or held.record != edit.record or self._restated(work):
            self._draft.items.append(edit)
        losers = self._losers.get(held.id, []) if held else []
        for loser in losers:
            self._merge_away(self._known.items[loser], edit)
        moved_items = set(losers)
        self._draft.moved += [(entry.id, identifier) for entry in work.others if entry.item_id in moved_items]
        for order, index in enumerate(work.members):
            self._plan_entry(index, identifier, held)
            self._tell(index, order, work, edit if moves else None)

    def _restated(self, work: _Work) -> bool:
        """Whether a page says something else than before, of which the keys of the item are made."""
        for index in work.members:
            held = self._own.get(self._decision.assigned[index].entry_id or 0)
            if (
                held is None
                or work.item is None
                or held.item_id != work.item.id
                or held.record != self._listed[index].record
            ):
                return True
        return False

    def _quarantine(self, work: _Work, faults: tuple[str, ...]) -> None:
        for index in work.members:
            listed = self._listed[index]
            name = work.item.identifier if work.item else None
            held = Quarantined(place=listed.place, reason="; ".join(faults), record=listed.record, item=name)
            self._draft.quarantined.append(held)
            self._note(Kind.REFUSED, name or listed.place, listed.record, held.reason)

    def _merge_away(self, loser: KnownItem, winner: ItemEdit) -> None:
        reason = f"merged into {winner.identifier}"
        edit = tombstone(loser, loser.record, reason=reason, merged_into=winner.identifier)
        self._draft.items.append(edit)

    def _plan_entry(self, index: int, identifier: str, item: KnownItem | None) -> None:
        """An entry is written only if something about it differs from what is kept."""
        listed, assignment = self._listed[index], self._decision.assigned[index]
        held = self._own.get(assignment.entry_id or 0)
        if (
            held is not None
            and item is not None
            and not (held.gone or held.missing)
            and (held.item_id, held.record, held.position) == (item.id, listed.record, index)
            and (held.enriched, held.disputes) == (listed.enriched, listed.disputes)
            and (held.sets, held.place, held.byline) == (listed.sets, listed.place, listed.byline)
        ):
            return
        self._draft.entries.append(
            EntryEdit(
                id=assignment.entry_id,
                item=identifier,
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

    def _tell(self, index: int, order: int, work: _Work, moving: ItemEdit | None) -> None:
        """Note what happened to one entry; `moving` is the edit of its item, if a harvester will see it."""
        assignment = self._decision.assigned[index]
        held = self._own.get(assignment.entry_id or 0)
        reason = assignment.reason
        if held is not None and held.item_id in self._decision.merged:
            kind = Kind.MERGED
        elif held is not None and not held.gone:
            kind = Kind.CHANGED if moving else Kind.SAME
            reason = moving.reason if moving else reason
        elif order > 0 or (work.item is not None and not work.item.deleted):
            kind = Kind.MERGED
        else:
            kind = Kind.NEW
            reason = "back again" if work.item is not None else reason
        identifier = moving.identifier if moving else work.item.identifier if work.item else ""
        self._note(kind, identifier, self._listed[index].record, reason)

    def plan_gone(self) -> None:
        """Items that lost an entry: deleted when it was the last, else made of the entries that are left."""
        planned = {assignment.item_id for assignment in self._decision.assigned} | set(self._decision.merged)
        lost = {self._own[entry_id].item_id for entry_id in self._decision.vanished} - planned
        lost.update(self._abandoned(planned))
        for item_id in sorted(lost):
            item = self._known.items[item_id]
            left = sorted(self._others[item_id], key=lambda entry: (entry.source_id, entry.id))
            if left:
                parts, reason = [part_of(entry) for entry in left], "no longer on one page"
                made = make_item(item, item.identifier, parts, self._policy, reason=reason)
                if not made.faults:
                    self._draft.items.append(made.edit)
                    self._draft.names.update(made.names)
            elif not item.deleted:
                said = combine(entry.record for entry in self._known.own if entry.item_id == item_id)
                self._draft.items.append(tombstone(item, said, reason="no longer on the page"))
        for entry_id in self._decision.vanished:
            entry = self._own[entry_id]
            identifier = self._known.items[entry.item_id].identifier
            self._note(Kind.GONE, identifier, entry.record, "no longer on the page")

    def tell_missing(self, patience: int) -> None:
        """Note what the page does not list and what is kept all the same."""
        for entry_id, runs in self._decision.missing:
            entry = self._own[entry_id]
            reason = f"not on the page in {runs} of the {patience} runs that must agree before it is deleted"
            self._note(Kind.MISSING, self._known.items[entry.item_id].identifier, entry.record, reason)

    def _note(self, kind: Kind, identifier: str, record: Record, reason: str) -> None:
        self._draft.changes.append(Change(kind=kind, identifier=identifier, title=title_of(record), reason=reason))

    def _abandoned(self, planned: Collection[int | None]) -> Iterator[int]:
        """Items that an entry left for another item."""
        for assignment in self._decision.assigned:
            held = self._own.get(assignment.entry_id or 0)
            if held is not None and not held.gone and held.item_id not in planned:
                yield held.item_id


def _part(listed: Stated) -> Part:
    return Part(
        record=listed.record,
        enriched=listed.enriched,
        sets=listed.sets,
        source=listed.source,
        page_url=listed.page_url,
        fetched=listed.fetched,
    )


def _new_identifiers(works: Sequence[_Work], naming: Naming) -> dict[int, str]:
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
