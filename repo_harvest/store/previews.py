"""What managers want to see before it is published, kept where schedulers find it, and what these found.

A scheduler that takes one has `PATIENCE` seconds; then another may, `TRIES` in all, so that a page which brings the program
down is not read for ever. Of those that were asked for, the newest are kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, or_, select, update

from repo_harvest.model import Found
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import previews

__all__ = ["PATIENCE", "TRIES", "Preview", "ask", "end", "find", "take"]

PATIENCE = 300  # seconds
TRIES = 2
_MOST_KEPT = 50
_MOST_WAITING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was asked for, when (UTC seconds since 1970) and by whom: a run of `source`, or without it the page at `url`.

    `ended` is `None` until there is something to see: what was found, or else the `fault`.
    """

    id: int
    source: str
    url: str
    asked_at: int
    asked_by: str
    taken_at: int | None = None
    ended: int | None = None
    fault: str = ""
    found: Found | None = None


def ask(engine: Engine, *, source: str, url: str, at: int, by: str) -> int | None:
    """Ask for a preview; its number, or `None` while too many wait. One that waits already is not asked for twice."""
    with writing(engine) as connection:
        rows = connection.execute(_waiting(at)).fetchall()
        for row in rows:
            if (row.source, row.url) == (source, url):
                return int(row.id)
        if len(rows) >= _MOST_WAITING:
            return None
        values = {"source": source, "url": url, "asked_at": at, "asked_by": by}
        number = connection.execute(insert(previews).values(values).returning(previews.c.id)).scalar_one()
        _forget(connection)
        return int(number)


def find(engine: Engine, number: int) -> Preview | None:
    """The preview of this number, as far as it is; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        row = connection.execute(select(previews).where(previews.c.id == number)).one_or_none()
    if row is None:
        return None
    return Preview(
        id=row.id,
        source=row.source,
        url=row.url,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        taken_at=row.taken_at,
        ended=row.ended,
        fault=row.fault,
        found=None if row.found is None else Found.from_dict(json.loads(row.found)),
    )


def take(engine: Engine, *, at: int) -> Preview | None:
    """One that nobody works on, which the caller is to `end`; raises `StoreUnavailable`."""
    with reading(engine) as connection:  # most looks find none, and write nothing
        if connection.execute(_free(at)).first() is None:
            return None
    with writing(engine) as connection:
        row = connection.execute(_free(at).with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        mine = previews.c.id == row.id
        connection.execute(update(previews).where(mine).values(taken_at=at, tries=previews.c.tries + 1))
        return Preview(
            id=row.id,
            source=row.source,
            url=row.url,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
            taken_at=at,
        )


def end(engine: Engine, number: int, *, at: int, found: Found | None = None, fault: str = "") -> None:
    """Keep what was found, or why there is nothing; raises `StoreUnavailable`."""
    said = None if found is None else json.dumps(found.as_dict(), ensure_ascii=False)
    with writing(engine) as connection:
        connection.execute(update(previews).where(previews.c.id == number).values(ended=at, found=said, fault=fault))


def _waiting(at: int) -> Select[Any]:
    return select(previews).where(previews.c.ended.is_(None), previews.c.asked_at > at - PATIENCE * TRIES)


def _free(at: int) -> Select[Any]:
    idle = or_(previews.c.taken_at.is_(None), previews.c.taken_at <= at - PATIENCE)
    open_ = _waiting(at).where(idle, previews.c.tries < TRIES)
    return open_.order_by(previews.c.id).limit(1)


def _forget(connection: Connection) -> None:
    old = select(previews.c.id).order_by(previews.c.id.desc()).offset(_MOST_KEPT)
    connection.execute(delete(previews).where(previews.c.id.in_(connection.scalars(old).all())))
