"""The collection as programs follow it: what each item is now, and when it last changed, all from one read transaction.

Every publication is stamped later than each one before it, so a list read in one transaction is true up to the newest datestamp
in it, and whatever changes afterwards has a later one. An item leaves its place in the order only for the end of it. Blocks
are of item ids, which never move: a block changes if and only if one of its items does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, exists, func, select, tuple_

from repo_harvest.model import Position, Record
from repo_harvest.store.engine import reading
from repo_harvest.store.known import load_record
from repo_harvest.store.tables import feed_clock, items, renditions, versions

__all__ = ["BEGINNING", "Block", "ChangeSnapshot", "Current", "Document", "changes"]

BEGINNING = Position(0, 0)
"""Before every change there is."""

_PREFIX = "oai_dc"  # which every item has, or had


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """An item as it is now; its record is the last one, once deleted."""

    position: Position
    identifier: str
    is_deleted: bool
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The oai_dc of an item as it is now: `metadata` is `None` once deleted, `is_new` that the item was never live before."""

    position: Position
    identifier: str
    metadata: bytes | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """So many item ids in a row, some of them live: the number of the block, from 1, and its newest datestamp."""

    number: int
    newest: int


@contextmanager
def changes(engine: Engine) -> Iterator[ChangeSnapshot]:
    """One read transaction. Raises `StoreUnavailable`."""
    with reading(engine) as connection:
        yield ChangeSnapshot(connection)


class ChangeSnapshot:
    """What one read transaction sees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self) -> int:
        """The newest datestamp, in UTC seconds since 1970; the watermark while there is no item."""
        newest = self._connection.scalar(select(func.max(items.c.datestamp)))
        return int(newest if newest is not None else self._connection.scalars(select(feed_clock.c.sealed)).one())

    def blocks(self, size: int) -> list[Block]:
        """The blocks of `size` ids that hold a live item, by number."""
        number = (renditions.c.item_id - 1) // size
        stamped = select(number, func.max(renditions.c.datestamp)).where(renditions.c.prefix == _PREFIX)
        rows = self._connection.execute(stamped.group_by(number).order_by(number)).all()
        return [Block(number=int(row[0]) + 1, newest=int(row[1])) for row in rows if self._is_live(int(row[0]), size)]

    def addresses(self, number: int, size: int) -> list[tuple[str, int]]:
        """(OAI identifier, datestamp) of each live item of a block, by id."""
        live = select(items.c.identifier, items.c.datestamp).where(
            _within(number - 1, size), items.c.deleted.is_(False)
        )
        return [(row.identifier, row.datestamp) for row in self._connection.execute(live.order_by(items.c.id))]

    def latest(self, before: Position | None, limit: int) -> list[Current]:
        """At most `limit` items, deleted ones too, the newest first; those before a position, if one is given."""
        found = _CURRENT if before is None else _CURRENT.where(tuple_(*before) > _PLACE)
        ordered = found.order_by(renditions.c.datestamp.desc(), renditions.c.item_id.desc())
        return [_current(row) for row in self._connection.execute(ordered.limit(limit))]

    def documents(self, number: int, size: int) -> list[Document]:
        """The document of each item of a block, deleted ones too, by id."""
        found = _DOCUMENT.where(_within(number - 1, size)).order_by(items.c.id)
        return [_document(row) for row in self._connection.execute(found)]

    def between(self, after: Position, until: Position | None, limit: int) -> list[Document]:
        """At most `limit` documents, deleted ones too, in list order: those after a position, up to another if one is given."""
        found = _after(_DOCUMENT, after)
        if until is not None:
            found = found.where(tuple_(*until) >= _PLACE)
        return [_document(row) for row in self._connection.execute(found.order_by(*_PLACE.clauses).limit(limit))]

    def every(self, step: int) -> Iterator[Position]:
        """The position of every `step`th item in list order."""
        place = select(renditions.c.datestamp, renditions.c.item_id).where(renditions.c.prefix == _PREFIX)
        place = place.order_by(*_PLACE.clauses).offset(step - 1).limit(1)
        last = BEGINNING
        while row := self._connection.execute(_after(place, last)).one_or_none():
            last = Position(*row)
            yield last

    def _is_live(self, number: int, size: int) -> bool:
        live = select(items.c.id).where(_within(number, size), items.c.deleted.is_(False)).limit(1)
        return self._connection.scalar(live) is not None


def _within(number: int, size: int) -> ColumnElement[bool]:
    return items.c.id.between(number * size + 1, (number + 1) * size)


def _current(row: Row[Any]) -> Current:
    return Current(
        position=Position(row.datestamp, row.id),
        identifier=row.identifier,
        is_deleted=row.deleted,
        record=load_record(row.record),
    )


def _document(row: Row[Any]) -> Document:
    return Document(
        position=Position(row.datestamp, row.id),
        identifier=row.identifier,
        metadata=None if row.metadata is None else bytes(row.metadata),
        is_new=not row.lived,
    )


def _after(found: Select[Any], place: Position) -> Select[Any]:
    return found if place == BEGINNING else found.where(tuple_(*place) < _PLACE)


_PLACE = tuple_(renditions.c.datestamp, renditions.c.item_id)
_CURRENT: Select[Any] = (
    select(renditions.c.datestamp, items.c.id, items.c.identifier, items.c.deleted, items.c.record)
    .join(items, items.c.id == renditions.c.item_id)
    .where(renditions.c.prefix == _PREFIX)
)
_LIVED = exists().where(versions.c.item_id == items.c.id, versions.c.deleted.is_(False))
_DOCUMENT: Select[Any] = (
    select(renditions.c.datestamp, items.c.id, items.c.identifier, renditions.c.metadata, _LIVED.label("lived"))
    .join(items, items.c.id == renditions.c.item_id)
    .where(renditions.c.prefix == _PREFIX)
)
