"""What a person says of duplicates in, the works joined or taken apart and published out.

Every change is one publication. What people decide is kept with it, comes before what the rules say, holds through later
runs and later rules, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product

from repo_harvest.errors import UsageError
from repo_harvest.ingest.carry import Press, reassign
from repo_harvest.ingest.matching import Touched
from repo_harvest.ingest.planning import Draft
from repo_harvest.model import KnownEntry, KnownItem
from repo_harvest.store.known import Ruled, View
from repo_harvest.store.plan import RulingEdit

__all__ = ["Ruling", "merge", "split", "undo"]

_NEXT = 2**62  # the number of a ruling that is not stored yet: later than every one that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Who decides, and a note on why."""

    by: str
    note: str = ""


def merge(press: Press, one: str, other: str, ruling: Ruling, *, dry_run: bool = False) -> Draft:
    """Say that two items (OAI identifiers) are one work; returns what was done, or with `dry_run` would be.

    Raises `UsageError` for an identifier that no live item has, `Busy` and `StoreError`.
    """

    def touch(view: View) -> tuple[Touched, RulingEdit]:
        items = [_live(view, name) for name in (one, other)]
        if items[0].id == items[1].id:
            raise UsageError(f"{one}: both names are of one item")
        entries = [_entries(view, item) for item in items]
        return _ruled(press, "same", ((a.id, b.id) for a in entries[0] for b in entries[1]), ruling)

    return reassign(press, touch, dry_run=dry_run)[0]


def split(press: Press, one: str, other: str | None, ruling: Ruling) -> Draft:
    """Say that two items are not one work; or, of one alone, that nothing that was merged into it is the same.

    Either may be merged into the other: they come apart. Neither is: they stay apart, and are doubted no more.
    Raises `UsageError` when there is nothing to take apart, `Busy` and `StoreError`.
    """

    def touch(view: View) -> tuple[Touched, RulingEdit]:
        if other is None:
            groups = _by_home(_entries(view, _live(view, one)))
            if len(groups) == 1:
                raise UsageError(f"{one}: nothing was merged into it")
            parted = [pair for left, right in combinations(groups, 2) for pair in product(left, right)]
        else:
            sides = [_side(view, name) for name in (one, other)]
            parted = [pair for pair in product(sides[0], sides[1]) if pair[0] != pair[1]]
            if not parted:
                raise UsageError(f"{one} and {other}: are read from the same entry and cannot be taken apart")
        return _ruled(press, "different", [*parted, *_joined_with(view, parted)], ruling)

    return reassign(press, touch)[0]


def undo(press: Press, number: int, ruling: Ruling) -> Draft:
    """Take back what was decided, by the number that `duplicates list --decisions` gives it; returns what was done.

    Raises `UsageError` when no such decision holds, `Busy` and `StoreError`.
    """

    def touch(view: View) -> tuple[Touched, RulingEdit]:
        about = view.ruled_pairs(number)
        if about is None:
            raise UsageError(f"{number}: no such decision, or it was undone already; see `duplicates list --decisions`")
        touched = Touched(ruled=sorted({i for pair in about for i in pair}), undone=number)
        return touched, RulingEdit(made=int(press.clock()), made_by=ruling.by, note=ruling.note, undoes=number)

    return reassign(press, touch)[0]


def _ruled(press: Press, verdict: str, about: Iterable[tuple[int, int]], ruling: Ruling) -> tuple[Touched, RulingEdit]:
    found = sorted({(min(pair), max(pair)) for pair in about})
    laid = tuple(Ruled(one=one, other=other, together=verdict == "same", ruling=_NEXT) for one, other in found)
    touched = Touched(ruled=sorted({i for pair in found for i in pair}), laid=laid)
    edit = RulingEdit(verdict=verdict, pairs=tuple(found), made=int(press.clock()), made_by=ruling.by, note=ruling.note)
    return touched, edit


def _joined_with(view: View, parted: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every pair of the decisions that joined any of these: they are of more entries than stood alone then."""
    wanted = {(min(pair), max(pair)) for pair in parted}
    held = view.rulings({node for pair in wanted for node in pair})
    numbers = {one.ruling for one in held if one.together and (one.one, one.other) in wanted}
    return [pair for number in sorted(numbers) for pair in view.ruled_pairs(number) or ()]


def _item(view: View, identifier: str) -> KnownItem:
    found = view.items_named([identifier]).get(identifier)
    if found is None:
        raise UsageError(f"{identifier}: there is no such item; `repo-harvest export` lists all of them")
    return found


def _live(view: View, identifier: str) -> KnownItem:
    found = _item(view, identifier)
    if found.deleted:
        raise UsageError(f"{identifier}: is deleted; `repo-harvest show {identifier}` tells why")
    return found


def _entries(view: View, item: KnownItem) -> list[KnownEntry]:
    return sorted(view.entries_of([item.id]).values(), key=lambda entry: entry.id)


def _side(view: View, identifier: str) -> list[int]:
    """The entries that an item stands for: those that stood alone as it, else all that it has."""
    item = _item(view, identifier)
    found = [i for i, entry in view.homes_of([item.id]).items() if not entry.gone]
    if not found and not item.deleted:
        found = [entry.id for entry in _entries(view, item)]
    if not found:
        raise UsageError(f"{identifier}: nothing that is listed now was ever read as this item")
    return sorted(found)


def _by_home(entries: Iterable[KnownEntry]) -> list[list[int]]:
    """Entries that stood alone as one item belong together; those that never did stand for themselves."""
    groups: dict[tuple[int | None, int], list[int]] = {}
    for entry in entries:
        groups.setdefault((entry.home_id, entry.id if entry.home_id is None else 0), []).append(entry.id)
    return list(groups.values())
