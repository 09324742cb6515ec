"""The collection as people read it: what one item is, where it came from, what it was, and how much there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, tuple_

from repo_harvest.model import Header, Item, Record, Rendition
from repo_harvest.store.engine import chunks, reading
from repo_harvest.store.known import load_record
from repo_harvest.store.tables import entries, feed_clock, items, quarantine, renditions, sets, sources, versions

__all__ = [
    "Counts",
    "Detail",
    "Origin",
    "Version",
    "count_feed",
    "detail",
    "every_item",
    "every_rendition",
    "item_of",
    "list_items",
]

_STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record was read: source, page, the second of the fetch (UTC, since 1970), place and byline there.

    `record` is what it gives, gaps filled from elsewhere included, `fields` where each field came from, and `disputes` what
    is said otherwise elsewhere, in sentences.
    """

    source: str
    page_url: str
    fetched: int
    place: str
    byline: str
    gone: bool
    record: Record
    fields: tuple[tuple[str, str], ...]
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an item was from one datestamp until the next, and why that changed."""

    datestamp: int
    until: int
    deleted: bool
    reason: str
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """An item with everything that is known about it."""

    item: Item
    origins: tuple[Origin, ...]
    versions: tuple[Version, ...]
    renditions: tuple[Rendition, ...]
    merged_here: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is, and how far the feed clock runs ahead of `now`, in seconds (0 when it does not)."""

    live: int
    deleted: int
    sets: int
    quarantined: int
    lead: int


def count_feed(engine: Engine, *, now: float) -> Counts:
    """Count the feed; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        by_state: dict[bool, int] = {
            bool(row[0]): row[1]
            for row in connection.execute(select(items.c.deleted, func.count()).group_by(items.c.deleted))
        }
        return Counts(
            live=by_state.get(False, 0),
            deleted=by_state.get(True, 0),
            sets=connection.execute(select(func.count()).select_from(sets)).scalar_one(),
            quarantined=connection.execute(select(func.count()).select_from(quarantine)).scalar_one(),
            lead=max(0, connection.execute(select(feed_clock.c.sealed)).scalar_one() - int(now)),
        )


def list_items(engine: Engine, *, offset: int, limit: int) -> tuple[Sequence[Item], int]:
    """Live items, newest first, and how many there are in all; raises `StoreUnavailable`."""
    live = items.c.deleted.is_(False)
    with reading(engine) as connection:
        total = connection.execute(select(func.count()).select_from(items).where(live)).scalar_one()
        newest = select(items).where(live).order_by(items.c.datestamp.desc(), items.c.id).limit(limit).offset(offset)
        return [item_of(row) for row in connection.execute(newest)], total


def detail(engine: Engine, identifier: str) -> Detail | None:
    """Everything about one item, or `None` if there is no such item; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        row = connection.execute(select(items).where(items.c.identifier == identifier)).one_or_none()
        if row is None:
            return None
        merged_into = None
        if row.merged_into is not None:
            winner = select(items.c.identifier).where(items.c.id == row.merged_into)
            merged_into = connection.execute(winner).scalar_one()
        here = select(items.c.identifier).where(items.c.merged_into == row.id).order_by(items.c.id)
        return Detail(
            item=item_of(row, merged_into),
            origins=_origins(connection, row.id),
            versions=_versions(connection, row.id),
            renditions=_renditions(connection, row.id),
            merged_here=tuple(connection.execute(here).scalars()),
        )


def every_item(engine: Engine) -> Iterator[Item]:
    """All items, deleted ones too, in the order of their ids; read in steps, so that it may take its time."""
    last = 0
    while True:
        with reading(engine) as connection:
            rows = connection.execute(
                select(items).where(items.c.id > last).order_by(items.c.id).limit(_STEP)
            ).fetchall()
            winners = {row.merged_into for row in rows if row.merged_into is not None}
            names: dict[int, str] = {}
            for chunk in chunks(sorted(winners)):
                found = connection.execute(select(items.c.id, items.c.identifier).where(items.c.id.in_(chunk)))
                names.update({row.id: row.identifier for row in found})
        if not rows:
            return
        yield from (item_of(row, names.get(row.merged_into)) for row in rows)
        last = rows[-1].id


def every_rendition(engine: Engine, prefix: str | None = None) -> Iterator[tuple[str, Rendition, bytes]]:
    """(OAI identifier, rendition, about elements) of every stored record with metadata, of one format or all."""
    last = ("", 0, 0)
    place = tuple_(renditions.c.prefix, renditions.c.datestamp, renditions.c.item_id)
    wanted = select(renditions, items.c.identifier).join(items, items.c.id == renditions.c.item_id)
    if prefix is not None:
        wanted = wanted.where(renditions.c.prefix == prefix)
    while True:
        step = wanted.where(place > last).order_by(*place.clauses).limit(_STEP)
        with reading(engine) as connection:
            rows = connection.execute(step).fetchall()
        if not rows:
            return
        for row in rows:
            if row.metadata is not None:
                rendition = Rendition(prefix=row.prefix, metadata=bytes(row.metadata))
                yield row.identifier, rendition, bytes(row.about or b"")
        last = (rows[-1].prefix, rows[-1].datestamp, rows[-1].item_id)


def _origins(connection: Connection, item_id: int) -> tuple[Origin, ...]:
    statement = select(entries, sources.c.name).join(sources, sources.c.id == entries.c.source_id)
    rows = connection.execute(statement.where(entries.c.item_id == item_id).order_by(entries.c.id))
    return tuple(
        Origin(
            source=row.name,
            page_url=row.page_url,
            fetched=row.fetched,
            place=row.place,
            byline=row.byline,
            gone=row.gone,
            record=load_record(row.enriched or row.record),
            fields=tuple((name, where) for name, where in json.loads(row.origins)),
            disputes=tuple(json.loads(row.disputes)),
        )
        for row in rows
    )


def _versions(connection: Connection, item_id: int) -> tuple[Version, ...]:
    rows = connection.execute(select(versions).where(versions.c.item_id == item_id).order_by(versions.c.datestamp))
    return tuple(
        Version(
            datestamp=row.datestamp,
            until=row.until,
            deleted=row.deleted,
            reason=row.reason,
            record=load_record(row.record),
        )
        for row in rows
    )


def _renditions(connection: Connection, item_id: int) -> tuple[Rendition, ...]:
    live = (renditions.c.item_id == item_id) & renditions.c.metadata.is_not(None)
    rows = connection.execute(select(renditions).where(live).order_by(renditions.c.prefix))
    return tuple(Rendition(prefix=row.prefix, metadata=bytes(row.metadata)) for row in rows)


def item_of(row: Row[Any], merged_into: str | None = None) -> Item:
    """The item of a row of `items`; `merged_into` is the identifier of the item that took it over."""
    header = Header(
        identifier=row.identifier, datestamp=row.datestamp, sets=tuple(row.sets.split()), deleted=row.deleted
    )
    return Item(id=row.id, header=header, record=load_record(row.record), merged_into=merged_into)
