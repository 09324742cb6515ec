"""One read snapshot of what items are made from: entries, what finds them, and what was said of two of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from repo_harvest.model import KnownEntry, KnownItem, Record
from repo_harvest.store import filing
from repo_harvest.store.engine import chunks, reading
from repo_harvest.store.filing import Holder
from repo_harvest.store.tables import (
    entries,
    features,
    feed_clock,
    hot_keys,
    items,
    pairs,
    ruled,
    rulings,
    sources,
)

__all__ = ["Ruled", "View", "load_record", "open_view", "taken_identifiers"]

_ENTRIES = select(entries, sources.c.name.label("source")).join(sources, sources.c.id == entries.c.source_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What people said last of two entries, the one with the smaller id first: `together` or not."""

    one: int
    other: int
    together: bool
    ruling: int


@contextmanager
def open_view(engine: Engine) -> Iterator[View]:
    """A view of the store as one committed transaction left it; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        row = connection.execute(select(feed_clock.c.sealed, feed_clock.c.written)).one()
        yield View(connection, int(row.sealed), int(row.written))


class View:
    """One snapshot: `sealed` is its watermark, `written` the number of plans that made it."""

    def __init__(self, connection: Connection, sealed: int, written: int) -> None:
        self._connection = connection
        self.sealed, self.written = sealed, written

    # --- entries and items ---

    def own(self, source_id: int, local_ids: Collection[str] | None = None) -> tuple[KnownEntry, ...]:
        """The entries of a source, gone ones too, or those that import lines with these ids gave it."""
        mine = _ENTRIES.where(entries.c.source_id == source_id)
        if local_ids is None:
            rows: Sequence[Row[Any]] = self._connection.execute(mine).fetchall()
        else:
            rows = self._select_in(mine, entries.c.local_id, local_ids)
        return tuple(sorted(map(_entry, rows), key=lambda entry: entry.id))

    def entries(self, ids: Collection[int]) -> dict[int, KnownEntry]:
        """These entries by their ids."""
        return {row.id: _entry(row) for row in self._select_in(_ENTRIES, entries.c.id, ids)}

    def entries_of(self, item_ids: Collection[int], *, gone: bool = False) -> dict[int, KnownEntry]:
        """The entries of these items, by id: the live ones, or all."""
        wanted = _ENTRIES if gone else _ENTRIES.where(~entries.c.gone)
        return {row.id: _entry(row) for row in self._select_in(wanted, entries.c.item_id, item_ids)}

    def said_by(self, ids: Collection[int]) -> dict[int, str]:
        """What is compared of these entries, by their ids."""
        return {row.entry_id: row.said for row in self._select_in(select(features), features.c.entry_id, ids)}

    def live(self, ids: Collection[int]) -> set[int]:
        """Which of these entries are live."""
        return {row.id for row in self._select_in(select(entries.c.id).where(~entries.c.gone), entries.c.id, ids)}

    def every_entry(self, step: int = 5000) -> Iterator[tuple[int, str]]:
        """(id, record as it is stored) of every live entry, in the order of their ids."""
        last = 0
        wanted = select(entries.c.id, entries.c.record).where(~entries.c.gone).order_by(entries.c.id).limit(step)
        while rows := self._connection.execute(wanted.where(entries.c.id > last)).fetchall():
            yield from ((row.id, row.record) for row in rows)
            last = rows[-1].id

    def places(self) -> Iterator[tuple[int, int, int | None]]:
        """(id, id of its item, id of its home) of every live entry."""
        columns = select(entries.c.id, entries.c.item_id, entries.c.home_id).where(~entries.c.gone)
        for row in self._connection.execute(columns.order_by(entries.c.id)):
            yield row.id, row.item_id, row.home_id

    def items(self, ids: Collection[int]) -> dict[int, KnownItem]:
        """These items by their ids."""
        return {row.id: _item(row) for row in self._select_in(select(items), items.c.id, ids)}

    def items_named(self, identifiers: Collection[str]) -> dict[str, KnownItem]:
        """The items that have these OAI identifiers."""
        rows = self._select_in(select(items), items.c.identifier, identifiers)
        return {row.identifier: _item(row) for row in rows}

    def items_after(self, after: int, limit: int) -> dict[int, KnownItem]:
        """At most `limit` live items with an id over `after`, in the order of their ids."""
        live = select(items).where(items.c.id > after, ~items.c.deleted).order_by(items.c.id).limit(limit)
        return {row.id: _item(row) for row in self._connection.execute(live)}

    def homes_of(self, item_ids: Collection[int]) -> dict[int, KnownEntry]:
        """The live entries that once stood alone as these items, by id."""
        wanted = _ENTRIES.where(~entries.c.gone)
        return {row.id: _entry(row) for row in self._select_in(wanted, entries.c.home_id, item_ids)}

    # --- what finds entries ---

    def hot(self, wanted: Collection[int]) -> set[int]:
        """Which of these keys are hot."""
        return {row.key for row in self._select_in(select(hot_keys.c.key), hot_keys.c.key, wanted)}

    def every_hot(self) -> set[int]:
        """All hot keys."""
        return set(self._connection.execute(select(hot_keys.c.key)).scalars())

    def holders(self, wanted: Collection[int]) -> dict[int, list[Holder]]:
        """Key -> those who hold it."""
        return filing.holders(self._connection, wanted)

    def stretch(self, key: int, around: Holder, reach: int) -> tuple[Holder, Holder]:
        """The first and last of the holders of a key that are at most `reach` before or behind a place among them."""
        return filing.stretch(self._connection, key, around, reach)

    def between(self, key: int, first: Holder, last: Holder) -> list[Holder]:
        """The holders of a key from one to another, in their order."""
        return filing.between(self._connection, key, first, last)

    # --- what was said of two entries ---

    def same_pairs(self, ids: Collection[int]) -> dict[tuple[int, int], float]:
        """The pairs that touch these entries and are the same by the rules, with their scores."""
        wanted = select(pairs.c.one_id, pairs.c.other_id, pairs.c.score).where(pairs.c.verdict == "same")
        rows = self._select_in(wanted, pairs.c.one_id, ids) + self._select_in(wanted, pairs.c.other_id, ids)
        return {(row.one_id, row.other_id): row.score for row in rows}

    def said(self, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Which of these pairs something is kept of, and the verdict."""
        rows = self._select_in(select(pairs), pairs.c.one_id, {one for one, _ in wanted})
        return {pair: row.verdict for row in rows for pair in ((row.one_id, row.other_id),) if pair in wanted}

    def rulings(self, ids: Collection[int] | None = None, *, without: int | None = None) -> list[Ruled]:
        """What people said last of pairs that touch these entries, or of any, if one ruling had never been made."""
        wanted = select(ruled, rulings.c.verdict).join(rulings, rulings.c.id == ruled.c.ruling_id)
        wanted = wanted.where(rulings.c.undone.is_(None))
        if without is not None:
            wanted = wanted.where(rulings.c.id != without)
        if ids is None:
            rows: Sequence[Row[Any]] = self._connection.execute(wanted).fetchall()
        else:
            rows = self._select_in(wanted, ruled.c.one_id, ids) + self._select_in(wanted, ruled.c.other_id, ids)
        last = {(row.one_id, row.other_id): row for row in sorted(rows, key=lambda row: row.ruling_id)}
        return [
            Ruled(one=one, other=other, together=row.verdict == "same", ruling=row.ruling_id)
            for (one, other), row in sorted(last.items())
        ]

    def ruled_pairs(self, ruling: int) -> list[tuple[int, int]] | None:
        """The pairs that a ruling is about, `None` if there is no such ruling that holds."""
        holds = select(rulings.c.id).where(rulings.c.id == ruling, rulings.c.undone.is_(None))
        if self._connection.execute(holds).scalar() is None:
            return None
        about = select(ruled.c.one_id, ruled.c.other_id).where(ruled.c.ruling_id == ruling)
        return [(row.one_id, row.other_id) for row in self._connection.execute(about)]

    def _select_in(self, statement: Any, column: Any, values: Collection[Any]) -> list[Row[Any]]:  # noqa: ANN401 -- any select over any column
        found: list[Row[Any]] = []
        for chunk in chunks(sorted(values)):
            found += self._connection.execute(statement.where(column.in_(chunk))).fetchall()
        return found


def taken_identifiers(engine: Engine, identifiers: Iterable[str]) -> frozenset[str]:
    """Which of these OAI identifiers an item already has."""
    with open_view(engine) as view:
        return frozenset(view.items_named(set(identifiers)))


def _entry(row: Row[Any]) -> KnownEntry:
    return KnownEntry(
        id=row.id,
        source_id=row.source_id,
        item_id=row.item_id,
        home_id=row.home_id,
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
