"""A source and the keys of what it lists now in, everything matching must know out; all from one read snapshot."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, select

from repo_harvest.model import Known, KnownEntry, KnownItem, Record
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import entries, feed_clock, items, keys, sources

__all__ = ["chunks", "load_record", "read_items", "read_known", "taken_identifiers"]

_T = TypeVar("_T")
_ENTRIES = select(entries, sources.c.name.label("source")).join(sources, sources.c.id == entries.c.source_id)


def read_known(engine: Engine, source_id: int, wanted: Collection[str]) -> Known:
    """What the store holds of a source, and of every item that shares one of the `wanted` keys.

    Raises `StoreUnavailable`.
    """
    with reading(engine) as connection:
        sealed = int(connection.execute(select(feed_clock.c.sealed)).scalar_one())
        own = tuple(map(_entry, connection.execute(_ENTRIES.where(entries.c.source_id == source_id))))
        keyed = _read_keyed(connection, wanted)
        item_ids = {entry.item_id for entry in own} | {item_id for held in keyed.values() for item_id in held}
        others = _select_in(connection, _ENTRIES, entries.c.item_id, item_ids)
        return Known(
            sealed=sealed,
            own=tuple(sorted(own, key=lambda entry: entry.id)),
            items={row.id: _item(row) for row in _select_in(connection, select(items), items.c.id, item_ids)},
            others=tuple(_entry(row) for row in others if row.source_id != source_id),
            keyed=keyed,
        )


def read_items(engine: Engine, *, after: int, limit: int) -> Known:
    """At most `limit` live items with an id over `after`, in the order of their ids, and all of their entries.

    Raises `StoreUnavailable`.
    """
    with reading(engine) as connection:
        sealed = int(connection.execute(select(feed_clock.c.sealed)).scalar_one())
        live = select(items).where(items.c.id > after, ~items.c.deleted).order_by(items.c.id).limit(limit)
        found = {row.id: _item(row) for row in connection.execute(live)}
        listed = _select_in(connection, _ENTRIES, entries.c.item_id, found)
        return Known(sealed=sealed, own=(), items=found, others=tuple(map(_entry, listed)), keyed={})


def taken_identifiers(engine: Engine, identifiers: Iterable[str]) -> frozenset[str]:
    """Which of these OAI identifiers an item already has."""
    with reading(engine) as connection:
        rows = _select_in(connection, select(items.c.identifier), items.c.identifier, set(identifiers))
        return frozenset(row[0] for row in rows)


def _read_keyed(connection: Connection, wanted: Collection[str]) -> dict[str, tuple[int, ...]]:
    keyed: dict[str, list[int]] = {}
    for row in _select_in(connection, select(keys.c.key, keys.c.item_id), keys.c.key, wanted):
        keyed.setdefault(row.key, []).append(row.item_id)
    return {key: tuple(sorted(held)) for key, held in keyed.items()}


def _select_in(connection: Connection, statement: Any, column: Any, values: Collection[Any]) -> list[Row[Any]]:  # noqa: ANN401 -- any select over any column
    found: list[Row[Any]] = []
    for chunk in chunks(sorted(values)):
        found += connection.execute(statement.where(column.in_(chunk))).fetchall()
    return found


def _entry(row: Row[Any]) -> KnownEntry:
    return KnownEntry(
        id=row.id,
        source_id=row.source_id,
        item_id=row.item_id,
        record=load_record(row.record),
        position=row.position,
        gone=row.gone,
        missing=row.missing,
        local_id=row.local_id,
        sets=tuple(row.sets.split()),
        place=row.place,
        byline=row.byline,
        source=row.source,
        page_url=row.page_url,
        fetched=row.fetched,
        enriched=None if row.enriched is None else load_record(row.enriched),
        disputes=tuple(json.loads(row.disputes)),
    )


def _item(row: Row[Any]) -> KnownItem:
    return KnownItem(
        id=row.id,
        identifier=row.identifier,
        digest=bytes(row.digest),
        record=load_record(row.record),
        deleted=row.deleted,
        merged=row.merged_into is not None,
        sets=tuple(row.sets.split()),
    )


def load_record(text: str) -> Record:
    """The inverse of `publish.dump_record`."""
    return Record.from_dict(json.loads(text))


def chunks(values: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    """The values in runs of at most `size`: databases bound the number of parameters of one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
