"""What a source lists now and what is known in, the plan to publish and what to tell about it out.

For each work: the records that all sources give it are combined, rendered in every format and validated. A record that
fails is quarantined with the reason; the last good version of its item stays as it is. Nothing is written here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from repo_harvest import formats
from repo_harvest.match import Assignment, Decision, combine, keys
from repo_harvest.match.keys import normal, surnames, title_of
from repo_harvest.model import Change, Kind, Known, KnownEntry, KnownItem, Record
from repo_harvest.store.ledger import Quarantined
from repo_harvest.store.plan import EntryEdit, ItemEdit, Plan

__all__ = ["Draft", "Naming", "Stated", "draft_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One entry as a source states it now: its record, and where it stands."""

    record: Record
    place: str
    page_url: str
    fetched: int
    byline: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()
    local_id: str | None = None


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
    changes: list[Change] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)

    def plan(self, source_id: int, known: Known, vanished: tuple[int, ...], set_names: Mapping[str, str]) -> Plan:
        """The plan, as a value."""
        return Plan(
            source_id=source_id,
            sealed=known.sealed,
            items=tuple(self.items),
            entries=tuple(self.entries),
            moved=tuple(self.moved),
            vanished=vanished,
            set_names=set_names,
        )


def draft_plan(
    listed: Sequence[Stated], known: Known, decision: Decision, naming: Naming, *, advance: Callable[[int], None]
) -> Draft:
    """Work out every edit that this listing asks for; `advance` is told how many entries are done."""
    draft = Draft()
    planner = _Planner(listed, known, decision, draft)
    works = planner.works()
    names = _new_identifiers([work for work in works if work.item is None], naming)
    for work in works:
        planner.plan_work(work, names.get(work.number, work.item.identifier if work.item else ""))
        advance(len(work.members))
    planner.plan_gone()
    return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One group of the decision: the entries listed now, the item they belong to, and the record they make."""

    number: int
    members: tuple[int, ...]
    item: KnownItem | None
    others: tuple[KnownEntry, ...]
    record: Record


class _Planner:
    def __init__(self, listed: Sequence[Stated], known: Known, decision: Decision, draft: Draft) -> None:
        self._listed, self._known, self._decision, self._draft = listed, known, decision, draft
        self._own = {entry.id: entry for entry in known.own}
        self._losers: dict[int, list[int]] = defaultdict(list)
        for loser, survivor in decision.merged.items():
            self._losers[survivor].append(loser)
        self._others: dict[int, list[KnownEntry]] = defaultdict(list)
        for entry in decision.staying:
            self._others[entry.item_id].append(entry)

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
        ranked = [((entry.source_id, entry.id), entry.record) for entry in others]
        ranked += [(self._rank(self._decision.assigned[i], i), self._listed[i].record) for i in indexes]
        return _Work(
            number=number,
            members=tuple(indexes),
            item=None if item_id is None else self._known.items[item_id],
            others=tuple(others),
            record=combine(record for _, record in sorted(ranked, key=lambda pair: pair[0])),
        )

    def _rank(self, assignment: Assignment, index: int) -> tuple[int, int]:
        """Older entries of older sources come first; what is new comes last, in the order of the list."""
        entry = self._own.get(assignment.entry_id or 0)
        return (entry.source_id, entry.id) if entry else (2**62, index)

    def plan_work(self, work: _Work, identifier: str) -> None:
        """The edits of one work: its item, its entries, and the items that are merged into it."""
        sets = {spec for i in work.members for spec in self._listed[i].sets}
        sets.update(spec for entry in work.others for spec in entry.sets)
        why = _difference(work.item, work.record, sets)
        edit, faults = _item_edit(work.item, identifier, work.record, tuple(sorted(sets)), why)
        if faults:
            self._quarantine(work, faults)
            return
        moves = edit.seen != edit.digest
        held = work.item
        if moves or held is None or held.record != edit.record or keys(held.record) != edit.keys:
            self._draft.items.append(edit)
        losers = self._losers.get(held.id, []) if held else []
        for loser in losers:
            self._merge_away(self._known.items[loser], edit)
        moved_items = set(losers)
        self._draft.moved += [(entry.id, identifier) for entry in work.others if entry.item_id in moved_items]
        for order, index in enumerate(work.members):
            self._plan_entry(index, identifier, held)
            self._tell(index, order, work, edit if moves else None)

    def _quarantine(self, work: _Work, faults: tuple[str, ...]) -> None:
        for index in work.members:
            listed = self._listed[index]
            name = work.item.identifier if work.item else None
            held = Quarantined(place=listed.place, reason="; ".join(faults), record=listed.record, item=name)
            self._draft.quarantined.append(held)
            self._note(Kind.REFUSED, name or listed.place, listed.record, held.reason)

    def _merge_away(self, loser: KnownItem, winner: ItemEdit) -> None:
        reason = f"merged into {winner.identifier}"
        edit = _tombstone(loser, reason=reason, merged_into=winner.identifier)
        self._draft.items.append(edit)

    def _plan_entry(self, index: int, identifier: str, item: KnownItem | None) -> None:
        """An entry is written only if something about it differs from what is kept."""
        listed, assignment = self._listed[index], self._decision.assigned[index]
        held = self._own.get(assignment.entry_id or 0)
        if (
            held is not None
            and item is not None
            and not held.gone
            and (held.item_id, held.record, held.position) == (item.id, listed.record, index)
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
                record, sets = combine(e.record for e in left), {spec for e in left for spec in e.sets}
                edit, faults = _item_edit(item, item.identifier, record, tuple(sorted(sets)), "no longer on one page")
                if not faults:
                    self._draft.items.append(edit)
            elif not item.deleted:
                self._draft.items.append(_tombstone(item, reason="no longer on the page"))
        for entry_id in self._decision.vanished:
            entry = self._own[entry_id]
            identifier = self._known.items[entry.item_id].identifier
            self._note(Kind.GONE, identifier, entry.record, "no longer on the page")

    def _note(self, kind: Kind, identifier: str, record: Record, reason: str) -> None:
        self._draft.changes.append(Change(kind=kind, identifier=identifier, title=title_of(record), reason=reason))

    def _abandoned(self, planned: Collection[int | None]) -> Iterator[int]:
        """Items that an entry left for another item."""
        for assignment in self._decision.assigned:
            held = self._own.get(assignment.entry_id or 0)
            if held is not None and not held.gone and held.item_id not in planned:
                yield held.item_id


def _item_edit(
    item: KnownItem | None, identifier: str, record: Record, sets: tuple[str, ...], reason: str
) -> tuple[ItemEdit, tuple[str, ...]]:
    """The edit that makes the item this record, and the faults that forbid it."""
    renditions, problems = formats.disseminate(record)
    faults = tuple(str(problem) for problem in problems) if record.title else ("it has no title",)
    edit = ItemEdit(
        identifier=identifier,
        id=item.id if item else None,
        seen=item.digest if item else None,
        record=record,
        renditions=renditions,
        sets=sets,
        keys=keys(record),
        reason=reason,
    )
    return edit, faults


def _difference(item: KnownItem | None, record: Record, sets: Collection[str]) -> str:
    """What becomes different about an item, in words; for an item that is not served yet, that it is new."""
    if item is None:
        return "not seen before"
    if item.deleted:
        return "back again"
    before, after = item.record.as_dict(), record.as_dict()
    fields = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if set(item.sets) != set(sets):
        fields.append("sets")
    return f"{', '.join(fields) or 'its rendering'} changed"


def _tombstone(item: KnownItem, *, reason: str, merged_into: str | None = None) -> ItemEdit:
    """A deleted item keeps its sets and its last record; it keeps its keys too, unless it was merged away."""
    return ItemEdit(
        identifier=item.identifier,
        id=item.id,
        seen=item.digest,
        record=item.record,
        renditions=(),
        sets=item.sets,
        keys=frozenset() if merged_into else keys(item.record),
        deleted=True,
        merged_into=merged_into,
        reason=reason,
    )


def _new_identifiers(works: Sequence[_Work], naming: Naming) -> dict[int, str]:
    """Work number -> an identifier made from title, year and surnames, so that a feed built anew gets the same ones."""
    wanted = {work.number: _local_name(work.record) for work in works}
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
