"""The only writer of what is served: a plan in, one transaction, the datestamp it was published with out.

Sealed-second publication. The clock row is locked first; the plan is held against the locked state; the new datestamp
is `max(floor(now), sealed + 1)`, read after the lock is held; every item whose served bytes or sets differ gets it;
the clock is raised to it; commit. Nothing differs: nothing served is written and no datestamp moves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, literal, select, update

from repo_harvest.errors import Stale
from repo_harvest.model import Header, Record, SetInfo
from repo_harvest.store.engine import chunks, writing
from repo_harvest.store.plan import EntryEdit, ItemEdit, Plan
from repo_harvest.store.said import write_said
from repo_harvest.store.search.keep import Live, keep
from repo_harvest.store.tables import (
    entries,
    feed_clock,
    items,
    memberships,
    renditions,
    sets,
    sources,
    versions,
)
from repo_harvest.store.witness import note_published

__all__ = ["Fence", "HeaderXml", "dump_record", "ensure_sets", "lock_clock", "publish", "set_closure", "unfenced"]

HeaderXml = Callable[[Header], bytes]
Fence = Callable[[Connection], None]
"""Asked inside a transaction that writes: raises where whoever writes has lost the right to."""


def unfenced(_connection: Connection) -> None:
    """Whoever writes has the right to."""


_Rows = list[dict[str, Any]]


def publish(
    engine: Engine, plan: Plan, *, clock: Callable[[], float], header_xml: HeaderXml, fence: Fence = unfenced
) -> int | None:
    """Carry out a plan: all of it or none. Returns the datestamp that moved items got, `None` when none moved.

    `clock` gives UTC seconds since 1970 and is read once the lock is held. Raises `Stale` when what the plan was made
    from has changed since, `StoreUnavailable`, and whatever `fence` raises; nothing is written then.
    """
    if plan.empty:
        return None
    with writing(engine) as connection:
        sealed = lock_clock(connection)
        fence(connection)
        _check_fresh(connection, plan)
        moving = plan.moving
        connection.execute(update(feed_clock).values(written=feed_clock.c.written + 1))
        datestamp, before = None, _items_before(connection, plan)
        if moving:
            datestamp = max(int(clock()), sealed + 1)
            _write_items(connection, moving, datestamp)
        ids = find_ids(connection, _named(plan))
        if datestamp is not None:
            set_ids = ensure_sets(connection, (spec for edit in moving for spec in edit.sets), plan.sets)
            _write_merges(connection, moving, ids)
            shown = _write_renditions(connection, moving, ids, datestamp, header_xml)
            _write_memberships(connection, moving, ids, set_ids, datestamp, header_xml, shown)
            connection.execute(update(feed_clock).values(sealed=datestamp))
        _write_quiet(connection, plan, ids)
        new = _new_items(connection, plan, ids, datestamp)
        touched = before | {ids[name] for name in _searched(plan)}
        keep(connection, touched - {one.id for one in new}, new)
    if datestamp is not None:
        note_published(engine, datestamp)
    return datestamp


def lock_clock(connection: Connection) -> int:
    """Take the lock that any sealing needs, and return the watermark (UTC seconds since 1970)."""
    return int(connection.execute(select(feed_clock.c.sealed).with_for_update()).scalar_one())


def _check_fresh(connection: Connection, plan: Plan) -> None:
    """Raise `Stale` unless the locked state is the one that the plan was made from."""
    if connection.execute(select(feed_clock.c.written)).scalar_one() != plan.written:
        raise Stale("another run published meanwhile")


# --- items ---


def _write_items(connection: Connection, moving: Sequence[ItemEdit], datestamp: int) -> None:
    """Insert the new ones; keep what the others were as a version, then update them."""
    new = [_item_row(edit, datestamp) for edit in moving if edit.id is None]
    if new:
        connection.execute(insert(items), new)
    old = [edit for edit in moving if edit.id is not None]
    if not old:
        return
    columns = (items.c.id, items.c.datestamp, literal(datestamp), items.c.deleted)
    kept = select(*columns, bindparam("why"), items.c.record).where(items.c.id == bindparam("item"))
    names = ["item_id", "datestamp", "until", "deleted", "reason", "record"]
    connection.execute(
        insert(versions).from_select(names, kept), [{"item": edit.id, "why": edit.reason} for edit in old]
    )
    connection.execute(
        update(items).where(items.c.id == bindparam("item")),
        [{"item": edit.id, **_item_row(edit, datestamp)} for edit in old],
    )


def _item_row(edit: ItemEdit, datestamp: int) -> dict[str, Any]:
    return {
        "identifier": edit.identifier,
        "datestamp": datestamp,
        "deleted": edit.deleted,
        "merged_into": None,
        "sets": "\n".join(sorted(edit.sets)),
        "digest": edit.digest,
        "record": dump_record(edit.record),
    }


def find_ids(connection: Connection, identifiers: Iterable[str]) -> dict[str, int]:
    """Identifier -> id, for those that exist."""
    found: dict[str, int] = {}
    for chunk in chunks(sorted(identifiers)):
        rows = connection.execute(select(items.c.identifier, items.c.id).where(items.c.identifier.in_(chunk)))
        found.update((identifier, item_id) for identifier, item_id in rows)
    return found


def _write_merges(connection: Connection, moving: Sequence[ItemEdit], ids: Mapping[str, int]) -> None:
    rows = [{"item": ids[edit.identifier], "into": ids[edit.merged_into]} for edit in moving if edit.merged_into]
    if rows:
        connection.execute(
            update(items).where(items.c.id == bindparam("item")).values(merged_into=bindparam("into")), rows
        )


# --- what is served ---


def _write_renditions(
    connection: Connection, moving: Sequence[ItemEdit], ids: Mapping[str, int], datestamp: int, header_xml: HeaderXml
) -> frozenset[int]:
    """One row for each format an item has or ever had; without metadata where the record is deleted.

    Returns the ids of those that had any before: the others no harvester has ever been shown.
    """
    had = _had_prefixes(connection, [edit.id for edit in moving if edit.id is not None])
    rows: _Rows = []
    for edit in moving:
        item_id = ids[edit.identifier]
        bodies = {rendition.prefix: rendition.metadata for rendition in edit.renditions}
        about = edit.about or None
        for prefix in sorted(had.get(item_id, set()) | set(bodies)):
            header = Header(
                identifier=edit.identifier, datestamp=datestamp, sets=edit.sets, deleted=prefix not in bodies
            )
            row = {"item_id": item_id, "prefix": prefix, "datestamp": datestamp, "header": header_xml(header)}
            rows.append({**row, "metadata": bodies.get(prefix), "about": about if prefix in bodies else None})
    if had:
        connection.execute(
            delete(renditions).where(renditions.c.item_id == bindparam("item")), [{"item": i} for i in had]
        )
    if rows:
        connection.execute(insert(renditions), rows)
    return frozenset(had)


def _had_prefixes(connection: Connection, item_ids: Sequence[int]) -> dict[int, set[str]]:
    had: dict[int, set[str]] = {}
    for chunk in chunks(item_ids):
        statement = select(renditions.c.item_id, renditions.c.prefix).where(renditions.c.item_id.in_(chunk))
        for item_id, prefix in connection.execute(statement):
            had.setdefault(item_id, set()).add(prefix)
    return had


def _write_memberships(
    connection: Connection,
    moving: Sequence[ItemEdit],
    ids: Mapping[str, int],
    set_ids: Mapping[str, int],
    datestamp: int,
    header_xml: HeaderXml,
    shown: frozenset[int],
) -> None:
    """Members move with their item; one that left keeps a deleted header in the set it left, at the moment it left.

    One that was never shown leaves no header: it would come up at that moment, long answered, once the item is live.
    """
    before = _memberships_before(connection, [edit.id for edit in moving if edit.id is not None])
    rows: _Rows = []
    gone: _Rows = []
    for edit in moving:
        item_id = ids[edit.identifier]
        inside = set_closure(edit.sets)
        rows += [
            {"set_id": set_ids[spec], "item_id": item_id, "datestamp": datestamp, "header": None}
            for spec in sorted(inside)
        ]
        for set_id, (spec, left) in before.get(item_id, {}).items():
            if left and spec not in inside:
                continue
            gone.append({"item": item_id, "set": set_id})
            if spec in inside or item_id not in shown:
                continue
            header = Header(identifier=edit.identifier, datestamp=datestamp, sets=(spec,), deleted=True)
            rows.append({"set_id": set_id, "item_id": item_id, "datestamp": datestamp, "header": header_xml(header)})
    if gone:
        here = (memberships.c.item_id == bindparam("item")) & (memberships.c.set_id == bindparam("set"))
        connection.execute(delete(memberships).where(here), gone)
    if rows:
        connection.execute(insert(memberships), rows)


def _memberships_before(connection: Connection, item_ids: Sequence[int]) -> dict[int, dict[int, tuple[str, bool]]]:
    """Item id -> set id -> (setSpec, whether it has already left)."""
    before: dict[int, dict[int, tuple[str, bool]]] = {}
    for chunk in chunks(item_ids):
        statement = (
            select(memberships.c.item_id, memberships.c.set_id, sets.c.spec, memberships.c.header.is_not(None))
            .join(sets, sets.c.id == memberships.c.set_id)
            .where(memberships.c.item_id.in_(chunk))
        )
        for item_id, set_id, spec, left in connection.execute(statement):
            before.setdefault(item_id, {})[set_id] = (spec, bool(left))
    return before


def set_closure(specs: Iterable[str]) -> frozenset[str]:
    """The sets and all sets above them (OAI-PMH 2.0 section 2.7.2).

    >>> sorted(set_closure(["a:b:c"]))
    ['a', 'a:b', 'a:b:c']
    """
    closure: set[str] = set()
    for spec in specs:
        parts = spec.split(":")
        closure.update(":".join(parts[: i + 1]) for i in range(len(parts)))
    return frozenset(closure)


def ensure_sets(connection: Connection, specs: Iterable[str], told: Mapping[str, SetInfo]) -> dict[str, int]:
    """Make the sets that are missing, and those above them, as they are told of; returns setSpec -> id for all of these."""
    wanted = set_closure(specs)
    if not wanted:
        return {}
    found: dict[str, int] = {spec: set_id for set_id, spec in connection.execute(select(sets.c.id, sets.c.spec))}
    if missing := sorted(wanted - set(found)):
        infos = [told.get(spec, SetInfo(spec=spec, name=spec)) for spec in missing]
        rows = [{"spec": info.spec, "name": info.name, "description": info.description} for info in infos]
        connection.execute(insert(sets), rows)
        found = {spec: set_id for set_id, spec in connection.execute(select(sets.c.id, sets.c.spec))}
    return {spec: found[spec] for spec in wanted}


# --- what it is made from ---


def _items_before(connection: Connection, plan: Plan) -> set[int]:
    """The items that entries of the plan are in before it is carried out."""
    told = [edit.id for edit in plan.entries if edit.id is not None]
    before: set[int] = set()
    for chunk in chunks([*told, *(entry_id for entry_id, _ in plan.moved), *plan.vanished]):
        before.update(connection.execute(select(entries.c.item_id).where(entries.c.id.in_(chunk))).scalars())
    return before


def _named(plan: Plan) -> set[str]:
    """The identifiers of all items that the plan names."""
    merged = {edit.merged_into for edit in plan.moving if edit.merged_into}
    homes = {edit.home for edit in plan.entries if edit.home} | {name for _, name in plan.homes}
    return _searched(plan) | merged | homes


def _searched(plan: Plan) -> set[str]:
    """Those of the items that it changes, or puts entries into."""
    changed = {edit.identifier for edit in plan.moving} | {edit.item for edit in plan.entries}
    return changed | {name for _, name in plan.moved}


def _new_items(connection: Connection, plan: Plan, ids: Mapping[str, int], datestamp: int | None) -> list[Live]:
    """The live items that are new, but for those that take over entries which other sources may list."""
    source = connection.execute(select(sources.c.name).where(sources.c.id == plan.source_id)).scalar()
    listed = {edit.item for edit in plan.entries if not edit.gone}
    moved = {name for _, name in plan.moved}
    return [
        Live(
            id=ids[edit.identifier],
            datestamp=datestamp,
            record=edit.record,
            sets=edit.sets,
            sources=(source,) if source and edit.identifier in listed else (),
        )
        for edit in plan.moving
        if datestamp is not None and edit.id is None and not edit.deleted and edit.identifier not in moved
    ]


def _write_quiet(connection: Connection, plan: Plan, ids: Mapping[str, int]) -> None:
    """Entries, and what matching keeps of them: nothing here is served, so no datestamp moves for it."""
    write_said(connection, plan, _write_entries(connection, plan, ids))


def _write_entries(connection: Connection, plan: Plan, ids: Mapping[str, int]) -> dict[int, int]:
    """Returns node -> id for the entries that are new."""
    rows = [(edit, _entry_row(edit, plan.source_id, ids)) for edit in plan.entries]
    new = sorted(((edit.node, row) for edit, row in rows if edit.id is None), key=lambda one: -one[0])
    nodes: dict[int, int] = {}
    if new:
        first = (connection.execute(select(func.max(entries.c.id))).scalar() or 0) + 1
        connection.execute(insert(entries), [{"id": first + i, **row} for i, (_, row) in enumerate(new)])
        nodes = {node: first + i for i, (node, _) in enumerate(new)}
    this = entries.c.id == bindparam("entry")
    old = [{"entry": edit.id, **row} for edit, row in rows if edit.id is not None]
    for row in old:
        del row["home_id"]
    if old:
        connection.execute(update(entries).where(this), old)
    homes = [{"entry": edit.id, "home": ids[edit.home]} for edit, _ in rows if edit.id is not None and edit.home]
    homes += [{"entry": entry_id, "home": ids[name]} for entry_id, name in plan.homes]
    if homes:
        connection.execute(update(entries).where(this).values(home_id=bindparam("home")), homes)
    if plan.moved:
        moved = [{"entry": entry_id, "item": ids[name]} for entry_id, name in plan.moved]
        connection.execute(update(entries).where(this).values(item_id=bindparam("item")), moved)
    if plan.vanished:
        connection.execute(update(entries).where(this).values(gone=True), [{"entry": i} for i in plan.vanished])
    if plan.missing:
        missed = update(entries).where(this).values(missing=bindparam("runs"))
        connection.execute(missed, [{"entry": entry_id, "runs": runs} for entry_id, runs in plan.missing])
    return nodes


def _entry_row(edit: EntryEdit, source_id: int, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "item_id": ids[edit.item],
        "home_id": ids[edit.home] if edit.home else None,
        "local_id": edit.local_id,
        "gone": edit.gone,
        "missing": 0,
        "position": edit.position,
        "sets": "\n".join(edit.sets),
        "record": dump_record(edit.record),
        "enriched": None if edit.enriched is None else dump_record(edit.enriched),
        "disputes": json.dumps(edit.disputes, ensure_ascii=False),
        "page_url": edit.page_url,
        "fetched": edit.fetched,
        "place": edit.place,
        "byline": edit.byline,
        "origins": json.dumps(edit.origins, ensure_ascii=False),
    }


def dump_record(record: Record) -> str:
    """The record as it is stored: JSON of its filled fields."""
    return json.dumps(record.as_dict(), ensure_ascii=False, separators=(",", ":"))
