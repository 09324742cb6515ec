"""What a source lists now and what is known in, whose record each one is out.

Records are grouped: with the item their entry belongs to, with items that share a key, and with each other; the surest
evidence first. Groups whose DOIs differ are never joined. A group's item is its oldest live one; the other live items
of the group are merged into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from repo_harvest.match.continuity import Incoming, continue_entries, likeness
from repo_harvest.match.keys import dois, keys
from repo_harvest.model import Known, KnownEntry, Record

__all__ = ["Assignment", "Decision", "combine", "decide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Whose record an incoming one is: the entry it continues, the item it belongs to (`None`: a new one), and why.

    Incoming records with the same `group` belong to one item.
    """

    entry_id: int | None
    item_id: int | None
    group: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One `Assignment` for each incoming record, in order; items merged away (loser -> survivor); own entries gone.

    `missing` are own entries that the source does not list and that are not given up yet, each with the number of good
    runs in a row that have missed it, this one with them. `staying` are the live entries that the incoming records leave as they are: those of other sources, own
    ones that are missing, and own ones that an import neither repeats nor takes away.
    """

    assigned: tuple[Assignment, ...]
    merged: dict[int, int]
    vanished: tuple[int, ...]
    staying: tuple[KnownEntry, ...]
    missing: tuple[tuple[int, int], ...] = ()


def decide(
    incoming: Sequence[Incoming], known: Known, *, leaves: Collection[str | None] | None = None, patience: int = 1
) -> Decision:
    """Assign every incoming record to an entry and an item; the same input always gives the same decision.

    The incoming records are all that the source has, and its other entries have vanished, once `patience` good runs in
    a row have missed them; unless `leaves` names the ones that have, by the id of their import line.
    """
    continued = continue_entries(known.own, incoming)
    present = {entry_id for entry_id, _ in continued.values()}
    absent = [entry for entry in known.own if not entry.gone and entry.id not in present]
    if leaves is None:
        missing = tuple((entry.id, entry.missing + 1) for entry in absent if entry.missing + 1 < patience)
        vanished = tuple(entry.id for entry in absent if entry.missing + 1 >= patience)
    else:
        missing, vanished = (), tuple(entry.id for entry in absent if entry.local_id in leaves)
    over = present.union(vanished)
    staying = tuple(entry for entry in (*known.others, *known.own) if not entry.gone and entry.id not in over)
    groups = _Groups()
    _place(groups, incoming, known, staying)
    _join_continued(groups, incoming, known, continued, staying)
    reasons = _join_by_keys(groups, incoming, known)
    numbers: dict[_Node, int] = {}
    assigned: list[Assignment] = []
    merged: dict[int, int] = {}
    for index in range(len(incoming)):
        root = groups.root(("record", index))
        live, item_id = _survivor(groups.items[root], known)
        if root not in numbers:
            numbers[root] = len(numbers)
            merged.update({loser: item_id for loser in live if item_id is not None and loser != item_id})
        entry_id, why = continued.get(index, (None, reasons.get(index, "not seen before")))
        assigned.append(Assignment(entry_id=entry_id, item_id=item_id, group=numbers[root], reason=why))
    return Decision(assigned=tuple(assigned), merged=merged, vanished=vanished, staying=staying, missing=missing)


def _survivor(item_ids: frozenset[int], known: Known) -> tuple[list[int], int | None]:
    """The live items of a group, and the one that stays: the oldest live one, else the oldest."""
    live = sorted(i for i in item_ids if not known.items[i].deleted)
    return live, live[0] if live else min(item_ids, default=None)


_Node = tuple[str, int]  # ("record", index of an incoming record) or ("item", id)


class _Groups:
    """Incoming records and known items in groups that are one work each: a union-find that refuses contradictions."""

    def __init__(self) -> None:
        self._parent: dict[_Node, _Node] = {}
        self.items: dict[_Node, frozenset[int]] = {}
        self._dois: dict[_Node, frozenset[str]] = {}

    def add(self, node: _Node, *, dois: frozenset[str]) -> None:
        self._parent[node] = node
        self.items[node] = frozenset({node[1]} if node[0] == "item" else ())
        self._dois[node] = dois

    def root(self, node: _Node) -> _Node:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, one: _Node, other: _Node) -> bool:
        """Make the two groups one; `False`, and nothing done, if they are one already or their DOIs differ."""
        keep, lose = sorted((self.root(one), self.root(other)))
        dois = self._dois[keep], self._dois[lose]
        if keep == lose or (all(dois) and not dois[0] & dois[1]):
            return False
        self._parent[lose] = keep
        self.items[keep] |= self.items[lose]
        self._dois[keep] |= self._dois[lose]
        return True


def _place(groups: _Groups, incoming: Sequence[Incoming], known: Known, staying: Sequence[KnownEntry]) -> None:
    """Every record and item in a group of its own.

    An item has the DOIs that its other entries give it: the record of an entry that continues is about to be replaced,
    and may have had the DOI wrong.
    """
    held: dict[int, frozenset[str]] = {item_id: frozenset() for item_id in known.items}
    for entry in {entry.id: entry for entry in (*known.others, *staying)}.values():
        held[entry.item_id] |= dois(entry.record)
    for item_id, found in held.items():
        groups.add(("item", item_id), dois=found)
    for index, this in enumerate(incoming):
        groups.add(("record", index), dois=dois(this.record))


def _join_continued(
    groups: _Groups,
    incoming: Sequence[Incoming],
    known: Known,
    continued: dict[int, tuple[int, str]],
    staying: Sequence[KnownEntry],
) -> None:
    """A record stays with the item of the entry it continues, unless it no longer resembles what else is there."""
    entries = {entry.id: entry for entry in known.own}
    there: dict[int, list[Record]] = defaultdict(list)
    for entry in staying:
        there[entry.item_id].append(entry.record)
    for index, (entry_id, _) in sorted(continued.items(), key=lambda pair: pair[1]):
        item_id, record = entries[entry_id].item_id, incoming[index].record
        if there[item_id] and not any(_alike(record, other) for other in there[item_id]):
            continue
        if groups.join(("record", index), ("item", item_id)):
            there[item_id].append(record)


def _alike(one: Record, other: Record) -> bool:
    return bool(keys(one) & keys(other)) or likeness(one, other) > 0


def _join_by_keys(groups: _Groups, incoming: Sequence[Incoming], known: Known) -> dict[int, str]:
    """Join what shares a key, identifiers first; returns the reason for each record that joined something."""
    holders: dict[str, list[int]] = defaultdict(list)
    for index, this in enumerate(incoming):
        for key in keys(this.record):
            holders[key].append(index)
    reasons: dict[int, str] = {}
    for key in sorted(holders, key=lambda k: (k.startswith("work:"), k)):
        nodes: list[_Node] = [("item", i) for i in known.keyed.get(key, ()) if not known.items[i].merged]
        nodes += [("record", index) for index in holders[key]]
        apart: list[_Node] = []  # one node of each group that holds this key, where several may not be joined
        for node in nodes:
            if any(groups.root(node) == groups.root(other) for other in apart):
                continue
            if not any(groups.join(other, node) for other in apart):
                apart.append(node)
            elif node[0] == "record":
                reasons.setdefault(node[1], _reason(key))
    return reasons


def _reason(key: str) -> str:
    kind, _, value = key.partition(":")
    named = {"doi": f"the same DOI {value}", "hdl": f"the same handle {value}", "url": f"the same address {value}"}
    return named.get(kind, f"the same title and year, and the surname {value.rpartition('|')[2]}")


def combine(records: Iterable[Record]) -> Record:
    """One record of several of the same work, the best source first.

    Each field is the first one's that has it; identifiers and subjects are everybody's.

    >>> combine([Record(title=("A",), identifiers=("x",)), Record(title=("B",), date=("2020",), identifiers=("y",))])
    ... # doctest: +ELLIPSIS
    Record(title=('A',), creators=(), contributors=(), date=('2020',), ... identifiers=('x', 'y'), ...)
    """
    together: dict[str, list[str]] = {}
    for record in records:
        for name, values in record.as_dict().items():
            if name in {"identifiers", "subjects"}:
                held = together.setdefault(name, [])
                held += [value for value in values if value not in held]
            else:
                together.setdefault(name, values)
    return Record.from_dict(together)
