"""Every item in line with the configuration and the program: what changed of these since the items were made is made up for.

Entries stay what was read; items are made from them anew, and those that come out different are published. It goes in
steps, each a publication of its own, so that a feed of any size is revised without holding its clock for long; a pass that
was cut short begins again, and finds done what is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from repo_harvest import formats
from repo_harvest.errors import Busy, Stale
from repo_harvest.ingest.carry import Press
from repo_harvest.ingest.making import Policy, make_item, part_of
from repo_harvest.model import Known, KnownEntry, SetInfo
from repo_harvest.store import ledger
from repo_harvest.store.known import open_view
from repo_harvest.store.plan import ItemEdit, Plan
from repo_harvest.store.publish import publish

__all__ = ["Revised", "is_due", "revise"]

_STEP = 5000  # items: some seconds of work, so that the clock of the feed does not run ahead
_MOST_PLANS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """How many items moved, and what kept others from being brought in line, each with its identifier."""

    moved: int = 0
    faults: tuple[str, ...] = ()


def is_due(press: Press) -> bool:
    """Whether items have yet to be held against this configuration and program; raises `StoreError`."""
    return ledger.find_applied(press.engine) != press.policy.fingerprint


def revise(press: Press) -> Revised:
    """Bring all items in line, unless they are; an item that cannot be keeps its last good version.

    Raises `Busy` when runs keep publishing meanwhile, and `StoreError`.
    """
    if not is_due(press):
        return Revised()
    moved, faults, after = 0, list[str](), 0
    while True:
        step = _published_step(press, after)
        if step is None:
            break
        moved, after = moved + step.moved, step.last
        faults += step.faults
    ledger.note_applied(press.engine, press.policy.fingerprint)
    return Revised(moved=moved, faults=tuple(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    moved: int
    last: int
    faults: tuple[str, ...]


def _published_step(press: Press, after: int) -> _Step | None:
    """Revise the next items after an id; `None` if there are no more."""
    for _ in range(_MOST_PLANS):
        with open_view(press.engine) as view:
            found = view.items_after(after, _STEP)
            listed = view.entries_of(found)
        known = Known(sealed=view.sealed, written=view.written, others=tuple(listed.values()), items=found)
        if not known.items:
            return None
        plan, faults = _plan(known, press)
        try:
            publish(press.engine, plan, clock=press.clock, header_xml=formats.header)
        except Stale:
            continue
        press.advance(len(known.items))
        return _Step(moved=len(plan.items), last=max(known.items), faults=faults)
    raise Busy("other runs kept publishing while the records were brought in line with the configuration: run it again")


def _plan(known: Known, press: Press) -> tuple[Plan, tuple[str, ...]]:
    edits, told, faults = list[ItemEdit](), dict(press.sets), list[str]()
    listed = _by_item(known.others, press.policy)
    for item_id, item in known.items.items():
        made = make_item(item, item.identifier, [part_of(entry) for entry in listed.get(item_id, ())], press.policy)
        if made.faults:
            faults.append(f"{item.identifier}: {'; '.join(made.faults)}")
        elif made.edit.digest != item.digest:
            edits.append(made.edit)
            told = {**{spec: SetInfo(spec=spec, name=name) for spec, name in made.names.items()}, **told}
    return Plan(source_id=0, written=known.written, items=tuple(edits), sets=told), tuple(faults)


def _by_item(entries: Iterable[KnownEntry], policy: Policy) -> dict[int, list[KnownEntry]]:
    """Item id -> its entries, in the order in which they make its record."""
    found: dict[int, list[KnownEntry]] = {}
    for entry in sorted(entries, key=lambda entry: (policy.rank(entry.source), entry.source_id, entry.id)):
        found.setdefault(entry.item_id, []).append(entry)
    return found
