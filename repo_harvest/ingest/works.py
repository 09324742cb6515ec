"""A decision in, each of its works out with its entries and the item that they make; and those that have to be held back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from repo_harvest.ingest.making import Part, Policy, part_of
from repo_harvest.ingest.stated import Stated
from repo_harvest.match import Decision
from repo_harvest.model import Known, KnownEntry, KnownItem

__all__ = ["Assembled", "assemble", "held_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """One work: the entries that are listed now (indexes), those that stay as they are, and the item that is theirs.

    `parts` are what all of them give, the best source first; `losers` are the items that are merged into this one,
    `before` all items that its entries belonged to until now; `homed`: one of its entries stood alone as this item.
    """

    number: int
    listed: tuple[int, ...]
    staying: tuple[KnownEntry, ...]
    item: KnownItem | None
    parts: tuple[Part, ...]
    losers: tuple[KnownItem, ...]
    before: frozenset[int]
    homed: bool


def assemble(
    listed: Sequence[Stated], known: Known, decision: Decision, policy: Policy, source_id: int
) -> list[Assembled]:
    """Every work of the decision, in the order of its first listed entry; those of other sources' entries come last."""
    held = {entry.id: entry for entry in (*known.own, *known.others)}
    nodes = decision.continued.nodes
    index_of = {node: index for index, node in enumerate(nodes)}
    losers: defaultdict[int, list[KnownItem]] = defaultdict(list)
    for item_id, number in decision.merged.items():
        losers[number].append(known.items[item_id])
    found: list[Assembled] = []
    for number, work in enumerate(decision.works):
        indexes = tuple(sorted(index_of[node] for node in work.members if node in index_of))
        staying = tuple(held[node] for node in work.members if node not in index_of)
        mine = [held[node] for node in work.members if node in held]
        ranked = [((policy.rank(entry.source), entry.source_id, entry.id, 0), part_of(entry)) for entry in staying]
        # What is new in a source comes last in it, in the order of the list: that is the order of the ids they will have.
        ranked += [
            (
                (policy.rank(listed[i].source), source_id, max(nodes[i], 0) or 2**62, i),
                _part(listed[i]),
            )
            for i in indexes
        ]
        found.append(
            Assembled(
                number=number,
                listed=indexes,
                staying=staying,
                item=None if work.item_id is None else known.items[work.item_id],
                parts=tuple(part for _, part in sorted(ranked, key=lambda pair: pair[0])),
                losers=tuple(losers[number]),
                before=frozenset(entry.item_id for entry in mine),
                homed=work.item_id is not None and any(entry.home_id == work.item_id for entry in mine),
            )
        )
    return sorted(found, key=lambda work: (work.listed or (len(listed),), work.number))


def held_back(works: Sequence[Assembled], faulty: Collection[int]) -> set[int]:
    """The numbers of works that cannot be published because one that cannot be made has entries of the same items.

    Half of a merge or of a split would lose what the other half was to keep.
    """
    if not faulty:
        return set()
    root: dict[int, int] = {}

    def find(item_id: int) -> int:
        while root.setdefault(item_id, item_id) != item_id:
            item_id = root[item_id]
        return item_id

    touched: Mapping[int, Collection[int]] = {
        work.number: set(work.before) | ({work.item.id} if work.item else set()) | {item.id for item in work.losers}
        for work in works
    }
    for item_ids in touched.values():
        ordered = sorted(item_ids)
        for one, other in pairwise(ordered):
            root[find(other)] = find(one)
    bad = {find(item_id) for number in faulty for item_id in touched[number]}
    return {number for number, item_ids in touched.items() if number in faulty or any(find(i) in bad for i in item_ids)}


def _part(listed: Stated) -> Part:
    return Part(
        record=listed.record,
        enriched=listed.enriched,
        sets=listed.sets,
        source=listed.source,
        page_url=listed.page_url,
        fetched=listed.fetched,
    )
