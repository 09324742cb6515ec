"""A whole database copied into an empty one of either kind: every row, id, datestamp and key, so harvesters notice nothing.

The clock of the source is held for as long as the copy lasts: nothing is published there meanwhile. Receipts of answers
that a PostgreSQL source gives in that time stay behind. The target gets everything in one transaction, or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, func, insert, select, text, update

from repo_harvest.errors import StoreError, UsageError
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.schema import check, upgrade
from repo_harvest.store.tables import applied, attempts, feed_clock, metadata, secrets, sessions
from repo_harvest.store.witness import note_home

__all__ = ["move"]

_AT_ONCE = 1_000  # rows held in memory
_MADE_BY_INIT = (feed_clock, secrets, applied)
_LEFT = (sessions, attempts)  # managers sign in anew


def move(source: Engine, target: Engine, told: Callable[[str, int], None]) -> int:
    """Copy all of `source` to `target`; `told` hears each table and its rows once copied. Returns the number of rows.

    Raises `UsageError` for a target that holds anything, `StoreError` where the copy differs, and `StoreUnavailable`.
    """
    check(source)
    upgrade(target)
    with reading(target) as new:
        _require_empty(new)  # before the locks: they would wait for each other where both are one database
    if source.dialect.name == "postgresql":
        source = source.execution_options(isolation_level="REPEATABLE READ")
    total = 0
    with writing(source) as old, writing(target) as new:
        old.execute(select(feed_clock).with_for_update())
        new.execute(select(feed_clock).with_for_update())
        _require_empty(new)
        for made in _MADE_BY_INIT:
            new.execute(delete(made))
        for table in _copied():
            count = _copy(table, old, new)
            told(table.name, count)
            total += count
        note_home(new)
    return total


def _copied() -> list[Table]:
    return [table for table in metadata.sorted_tables if table not in _LEFT]


def _require_empty(new: Connection) -> None:
    for table in _copied():
        if table not in _MADE_BY_INIT and new.execute(select(table).limit(1)).first() is not None:
            raise UsageError(
                f"the database to move to is not empty: its table {table.name} holds rows; name an empty one"
            )


def _copy(table: Table, old: Connection, new: Connection) -> int:
    """Copy one table and compare both: how many rows, and the sum of their digests, whatever order they come in."""
    count = total = 0
    inward = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    for rows in _rows(table, old):
        named = [dict(zip(table.columns.keys(), row, strict=True)) for row in rows]
        new.execute(insert(table), [row | dict.fromkeys(inward) for row in named])
        count += len(rows)
        total += _digest(rows)
    for name in inward:  # a row may point at a later one of its table
        _point(table, name, old, new)
    arrived = sum_arrived = 0
    for rows in _rows(table, new):
        arrived += len(rows)
        sum_arrived += _digest(rows)
    if (count, total) != (arrived, sum_arrived):
        raise StoreError(f"the copy of {table.name} differs from what was read; nothing was moved")
    if new.dialect.name == "postgresql":
        _set_sequence(table, new)
    return count


def _point(table: Table, name: str, old: Connection, new: Connection) -> None:
    asked = select(table.c.id.label("row"), table.c[name].label("at")).where(table.c[name].is_not(None))
    pointing = update(table).where(table.c.id == bindparam("row")).values({name: bindparam("at")})
    with old.execute(asked, execution_options={"yield_per": _AT_ONCE}) as found:
        for rows in found.mappings().partitions():
            new.execute(pointing, [dict(row) for row in rows])


def _rows(table: Table, connection: Connection) -> Iterator[Sequence[Sequence[Any]]]:
    asked = select(table).order_by(*table.primary_key)
    with connection.execute(asked, execution_options={"yield_per": _AT_ONCE}) as found:
        yield from found.partitions()


def _digest(rows: Sequence[Sequence[Any]]) -> int:
    return sum(int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()) for row in rows)


def _set_sequence(table: Table, new: Connection) -> None:
    if "id" not in table.columns:
        return
    last = new.execute(select(func.max(table.c.id))).scalar()
    if last is not None:
        new.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table.name, "last": last}
        )
