"""A database restored from an older backup in, one that no harvester misses anything of out.

Harvesters hold datestamps, and tokens, that are later than the backup. So everything that is served, deletions too, is
published anew with a datestamp later than any they can hold, and tokens are sealed with a new key: an old one is refused
with badResumptionToken, and its list begun anew (OAI-PMH 2.0 section 3.5).
"""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Engine, Row, Select, bindparam, select, update

from repo_harvest.model import Header
from repo_harvest.store.engine import writing
from repo_harvest.store.publish import HeaderXml, lock_clock
from repo_harvest.store.tables import feed_clock, items, memberships, renditions, search, secrets, sets
from repo_harvest.store.witness import note_home, note_published, noted

__all__ = ["restamp"]

_BATCH = 1000  # rows held at a time
_AHEAD = 2  # seconds: what was published twice in the last second before the loss was dated one ahead of the clock


def restamp(engine: Engine, *, clock: Callable[[], float], header_xml: HeaderXml, after: int = 0) -> tuple[int, int]:
    """Give every item a new datestamp; returns how many there are and the datestamp, in UTC seconds since 1970.

    It is later than the clock, than the watermark, than what was noted beside the file, and than `after`. One transaction:
    all or none.
    Raises `StoreUnavailable`.
    """
    with writing(engine) as connection:
        sealed = lock_clock(connection)
        datestamp = max(int(clock()) + _AHEAD, sealed + 1, noted(engine) + 1, after + 1)
        _restamp_renditions(connection, datestamp, header_xml)
        _restamp_memberships(connection, datestamp, header_xml)
        count = connection.execute(update(items).values(datestamp=datestamp)).rowcount
        connection.execute(update(search).values(datestamp=datestamp))
        connection.execute(update(feed_clock).values(sealed=datestamp, written=feed_clock.c.written + 1))
        connection.execute(update(secrets).where(secrets.c.name == "token").values(value=random.token_bytes(32)))
        note_home(connection)
    note_published(engine, datestamp)
    return count, datestamp


def _restamp_renditions(connection: Connection, datestamp: int, header_xml: HeaderXml) -> None:
    listed = select(
        items.c.id, items.c.identifier, items.c.sets, renditions.c.prefix, renditions.c.metadata.is_(None).label("gone")
    ).join(renditions, renditions.c.item_id == items.c.id)
    change = update(renditions).where(
        renditions.c.item_id == bindparam("item"), renditions.c.prefix == bindparam("format")
    )
    change = change.values(datestamp=datestamp, header=bindparam("xml"))
    for batch in _batches(connection, listed):
        rows = []
        for row in batch:
            specs = tuple(row.sets.split("\n")) if row.sets else ()
            header = Header(identifier=row.identifier, datestamp=datestamp, sets=specs, deleted=bool(row.gone))
            rows.append({"item": row.id, "format": row.prefix, "xml": header_xml(header)})
        connection.execute(change, rows)


def _restamp_memberships(connection: Connection, datestamp: int, header_xml: HeaderXml) -> None:
    """Members move with their item; one that left a set keeps its deleted header there, with the new datestamp."""
    connection.execute(update(memberships).values(datestamp=datestamp))
    left = (
        select(items.c.id, items.c.identifier, memberships.c.set_id, sets.c.spec)
        .join(memberships, memberships.c.item_id == items.c.id)
        .join(sets, sets.c.id == memberships.c.set_id)
        .where(memberships.c.header.is_not(None))
    )
    change = update(memberships).where(
        memberships.c.item_id == bindparam("item"), memberships.c.set_id == bindparam("set")
    )
    change = change.values(header=bindparam("xml"))
    for batch in _batches(connection, left):
        rows = []
        for row in batch:
            header = Header(identifier=row.identifier, datestamp=datestamp, sets=(row.spec,), deleted=True)
            rows.append({"item": row.id, "set": row.set_id, "xml": header_xml(header)})
        connection.execute(change, rows)


def _batches(connection: Connection, statement: Select[tuple[object, ...]]) -> Iterator[list[Row[tuple[object, ...]]]]:
    """The rows in the order of their items, some at a time, whole items each: rows are changed between two reads."""
    last = 0
    while ids := list(
        connection.execute(select(items.c.id).where(items.c.id > last).order_by(items.c.id).limit(_BATCH)).scalars()
    ):
        if rows := list(connection.execute(statement.where(items.c.id.between(ids[0], ids[-1])))):
            yield rows
        last = ids[-1]
