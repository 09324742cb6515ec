"""Which entries are one work in, whose item each work is out: items keep their identifiers through merging and splitting.

A work takes the oldest live item of its entries; the others are merged into it. When a work comes apart, the item stays
with the entries that made it, and the others get back the items that they had when they stood alone, or new ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from repo_harvest.match.continuity import Continuation
from repo_harvest.model import Known, KnownEntry

__all__ = ["Decision", "Work", "decide"]

_STILL_HOME, _STILL, _HOME, _ONCE, _LIKE = range(5)  # how good a claim to an item is: the smaller, the better


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One work: its nodes (ids of entries, and numbers below 0 for new ones), sorted, and its item, `None` for a new one."""

    item_id: int | None
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Every work that a change touches; items merged away (loser -> index of the work); live items left without entries.

    `continued` says which entry each incoming record is, if any was listed.
    """

    works: tuple[Work, ...]
    merged: Mapping[int, int]
    emptied: tuple[int, ...]
    continued: Continuation = Continuation(found=(), vanished=())  # noqa: RUF009 -- frozen

    @property
    def work_of(self) -> dict[int, int]:
        """Node -> index of its work."""
        return {node: index for index, work in enumerate(self.works) for node in work.members}


def decide(
    continued: Continuation,
    clusters: Iterable[Sequence[int]],
    known: Known,
    *,
    back: Mapping[int, Collection[int]] | None = None,
) -> Decision:
    """Give every work its item.

    `clusters` are the works among what matching looked at; every other live entry stays with those of its item. `back` is,
    for new nodes, the items that were deleted and that they are like. The same input always gives the same decision.
    """
    over = set(continued.vanished)
    held = {entry.id: entry for entry in (*known.own, *known.others)}
    groups = [tuple(sorted(cluster)) for cluster in clusters]
    placed = {node for group in groups for node in group}
    rest: defaultdict[int, list[int]] = defaultdict(list)
    listed = set(continued.nodes)
    for entry in held.values():
        if entry.id not in placed and entry.id not in over and (not entry.gone or entry.id in listed):
            rest[entry.item_id].append(entry.id)
    concerned = {held[i].item_id for i in over} | {held[i].item_id for i in placed if i in held}
    groups += [
        tuple(sorted(group))
        for item_id, group in sorted(rest.items())
        if item_id in concerned or listed.intersection(group)
    ]
    return _assigned(continued, groups, held, known, back or {})


def _assigned(
    continued: Continuation,
    groups: list[tuple[int, ...]],
    held: Mapping[int, KnownEntry],
    known: Known,
    back: Mapping[int, Collection[int]],
) -> Decision:
    claims = _claims(groups, held, back)
    taken = _taken(claims, known)
    kept = set(taken.values())
    vanished = {held[i].item_id for i in continued.vanished}
    merged, emptied = dict[int, int](), list[int]()
    for item_id in sorted({*claims, *vanished} - kept):
        if known.items[item_id].deleted:
            continue
        until_now = [number for claim, _, number in claims.get(item_id, ()) if claim <= _STILL]
        if until_now:
            merged[item_id] = until_now[0]
        elif item_id in vanished:
            emptied.append(item_id)
    works = tuple(Work(item_id=taken.get(number), members=group) for number, group in enumerate(groups))
    return Decision(works=works, merged=merged, emptied=tuple(emptied), continued=continued)


_Claim = tuple[int, int, int]  # how good, the node, the number of its group


def _claims(
    groups: Sequence[Sequence[int]], held: Mapping[int, KnownEntry], back: Mapping[int, Collection[int]]
) -> dict[int, list[_Claim]]:
    """Item -> the claims to it, the best first."""
    claims: defaultdict[int, list[_Claim]] = defaultdict(list)
    for number, group in enumerate(groups):
        for node in group:
            for item_id, claim in _claims_of(held.get(node), back.get(node, ())):
                claims[item_id].append((claim, node, number))
    return {item_id: sorted(found) for item_id, found in claims.items()}


def _taken(claims: Mapping[int, Sequence[_Claim]], known: Known) -> dict[int, int]:
    """Number of a group -> the item it gets: the oldest live one that it has the best claim to, else the oldest."""
    taken: dict[int, int] = {}
    for item_id in sorted(claims, key=lambda i: (known.items[i].deleted, i)):
        number = next((number for _, _, number in claims[item_id] if number not in taken), None)
        if number is not None:
            taken[number] = item_id
    return taken


def _claims_of(entry: KnownEntry | None, back: Collection[int]) -> Iterable[tuple[int, int]]:
    """The items that an entry may have, each with how good its claim is."""
    for item_id in back:
        yield item_id, _LIKE
    if entry is None:
        return
    if entry.gone:
        yield entry.item_id, _ONCE
    else:
        yield entry.item_id, _STILL_HOME if entry.home_id == entry.item_id else _STILL
    if entry.home_id is not None and (entry.gone or entry.home_id != entry.item_id):
        yield entry.home_id, _HOME
