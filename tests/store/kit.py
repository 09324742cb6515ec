"""Small plans to publish, and the whole feed as one list to hold pages against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, delete, text, update

from repo_harvest import formats
from repo_harvest.model import Listed, Position, Record, Window
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.known import open_view
from repo_harvest.store.plan import ItemEdit, Plan
from repo_harvest.store.publish import publish
from repo_harvest.store.tables import (
    entries,
    facets,
    features,
    feed_clock,
    hot_keys,
    items,
    keys,
    memberships,
    metadata,
    pairs,
    recent_keys,
    renditions,
    ruled,
    rulings,
    search,
    sets,
    versions,
)

__all__ = ["Clock", "Wanted", "dump", "empty", "plan_for", "publish_state", "walk"]


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Wanted:
    """What a test wants an item to be."""

    title: str
    sets: tuple[str, ...] = ()
    deleted: bool = False
    merged_into: str | None = None


def publish_state(engine: Engine, wanted: Mapping[str, Wanted], clock: Callable[[], float]) -> int | None:
    """Publish items so that each identifier is as wanted; returns the datestamp they got."""
    return publish(engine, plan_for(engine, wanted), clock=clock, header_xml=formats.header)


def plan_for(engine: Engine, wanted: Mapping[str, Wanted]) -> Plan:
    with open_view(engine) as view:
        held = view.items_named(wanted)
    edits = []
    for identifier, want in wanted.items():
        record, item = Record(title=(want.title,)), held.get(identifier)
        edits.append(
            ItemEdit(
                identifier=identifier,
                id=item.id if item else None,
                seen=item.digest if item else None,
                record=record,
                renditions=() if want.deleted else formats.render(record),
                sets=want.sets,
                deleted=want.deleted,
                merged_into=want.merged_into,
                reason="the test wants it",
            )
        )
    return Plan(source_id=0, written=view.written, items=tuple(edits))


def empty(engine: Engine, sealed: int) -> None:
    """Take back all that was published, for the next example of a law: a hundred times as fast as a new database."""
    with writing(engine) as connection:
        for table in (
            search,
            facets,
            keys,
            features,
            hot_keys,
            recent_keys,
            pairs,
            ruled,
            rulings,
            entries,
            versions,
            renditions,
            memberships,
            sets,
            items,
        ):
            connection.execute(delete(table))
        connection.execute(update(feed_clock).values(sealed=sealed))


def walk(engine: Engine, window: Window, page_size: int, now: float) -> list[Listed]:
    """The window's records, page after page, each page from a snapshot of its own."""
    feed, after = SqlFeed(engine), None
    rows: list[Listed] = []
    while True:
        with feed.snapshot(now) as snapshot:
            page = snapshot.records(window, after, page_size)
        if not page:
            return rows
        rows += [Listed._make(row) for row in page]
        after = Position(rows[-1].datestamp, rows[-1].id)


def dump(engine: Engine, *, without: Iterable[str] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see what was written."""
    with reading(engine) as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in metadata.tables
            if name not in set(without)
        }
