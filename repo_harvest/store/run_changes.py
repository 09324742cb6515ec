"""A run in, what it changed out: each item that a harvester sees otherwise by it, as it was and as it became."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Row, null, select

from repo_harvest.model import Foreseen, Kind, Run
from repo_harvest.store.engine import chunks, reading
from repo_harvest.store.known import load_record
from repo_harvest.store.tables import items, versions

__all__ = ["changes_of"]


def changes_of(engine: Engine, run: Run, *, limit: int = 200) -> tuple[tuple[Foreseen, ...], bool]:
    """The first items that a run moved, and whether there are more; raises `StoreUnavailable`.

    They are told by the datestamp that the run gave: each publication has one of its own. Nothing is known of runs that kept none.
    """
    if run.datestamp is None:
        return (), False
    with reading(engine) as connection:
        rows = _after(connection, run.datestamp, limit + 1)
        before: dict[int, Row[Any]] = {}
        for chunk in chunks([row.id for row in rows]):
            held = select(versions).where(versions.c.until == run.datestamp, versions.c.item_id.in_(chunk))
            before.update({row.item_id: row for row in connection.execute(held)})
    return tuple(_change(row, before.get(row.id)) for row in rows[:limit]), len(rows) > limit


def _after(connection: Connection, datestamp: int, limit: int) -> list[Row[Any]]:
    """What the items became: as they are still, and those that changed again later."""
    now = select(items.c.id, items.c.identifier, items.c.deleted, items.c.record, items.c.merged_into)
    then = select(
        items.c.id,
        items.c.identifier,
        versions.c.deleted,
        versions.c.record,
        null().label("merged_into"),
    ).join(versions, versions.c.item_id == items.c.id)
    found = [
        *connection.execute(now.where(items.c.datestamp == datestamp).order_by(items.c.id).limit(limit)),
        *connection.execute(then.where(versions.c.datestamp == datestamp).order_by(items.c.id).limit(limit)),
    ]
    return sorted(found, key=lambda row: int(row.id))[:limit]


def _change(row: Row[Any], before: Row[Any] | None) -> Foreseen:
    was = None if before is None or before.deleted else load_record(before.record)
    if row.deleted:
        merged = row.merged_into is not None or (before is not None and before.reason.startswith("merged into"))
        kind = Kind.MERGED if merged else Kind.GONE
    else:
        kind = Kind.CHANGED if was is not None else Kind.NEW
    return Foreseen(
        kind=kind,
        identifier=row.identifier,
        reason="not seen before" if before is None else before.reason,
        was=was,
        now=None if row.deleted else load_record(row.record),
    )
