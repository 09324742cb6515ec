"""A database in, whether it lost a publication that harvesters were shown: that is, whether an older backup was restored.

SQLite: beside the file lies `FILE.published` with the newest datestamp that was ever published; a feed whose newest is
earlier lost some. It is not noticed if the note went with the file, or if the process died between a commit and its note.
PostgreSQL: the database keeps the numbers that the server gave it and its clock table; a dump that was loaded again has
others. It is not noticed after a copy of the server's own files was restored: those keep their numbers.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, text

from repo_harvest.errors import Restored
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import applied, items

__all__ = ["check_publications", "note_home", "note_published", "noted", "refuse_restored"]

_LOG = logging.getLogger(__name__)
_HOME = "home"
_NUMBERS = text(
    "SELECT oid || '/' || 'feed_clock'::regclass::oid::text FROM pg_database WHERE datname = current_database()"
)
_DO = (
    "what harvesters were given since is not in it. Stop every process that serves or reads, run "
    "`repo-harvest restamp`, and start them again"
)


def check_publications(engine: Engine) -> None:
    """Raise `Restored` if this is an older state of a feed that published more since; else note what it published."""
    with reading(engine) as connection:
        newest = refuse_restored(engine, connection)
    if newest is not None:
        note_published(engine, newest)


def refuse_restored(engine: Engine, connection: Connection) -> int | None:
    """The newest datestamp of a database at whatever revision, `None` for no item; raises `Restored`, and writes nothing."""
    newest: int | None = connection.scalar(select(func.max(items.c.datestamp)))
    if connection.dialect.name == "postgresql":
        if inspect(connection).has_table(applied.name):  # the first revisions had none
            _check_home(connection)
    elif (newest or 0) < noted(engine):
        raise Restored(f"an older backup of this database was restored: {_DO}")
    return newest


def noted(engine: Engine) -> int:
    """The newest datestamp that the note beside a SQLite file holds; 0 without one."""
    note = _note(engine)
    if note is None:
        return 0
    try:
        return int(note.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def note_published(engine: Engine, datestamp: int) -> None:
    """Note beside a SQLite file that this was published. A note that cannot be written is a warning, never a failure."""
    note = _note(engine)
    if note is None or noted(engine) >= datestamp:
        return
    fresh = note.with_name(f"{note.name}.{os.getpid()}")
    try:
        fresh.write_text(f"{datestamp}\n", encoding="ascii")
        fresh.replace(note)
    except OSError as error:
        _LOG.warning("%s: %s: a restored backup may go unnoticed", note, error.strerror)


def note_home(connection: Connection) -> None:
    """Let a PostgreSQL database remember where it is."""
    if connection.dialect.name == "postgresql":
        connection.execute(delete(applied).where(applied.c.name == _HOME))
        connection.execute(insert(applied).values(name=_HOME, value=connection.execute(_NUMBERS).scalar_one()))


def _check_home(connection: Connection) -> None:
    home = connection.scalar(select(applied.c.value).where(applied.c.name == _HOME))
    if home is not None and home != connection.execute(_NUMBERS).scalar_one():
        raise Restored(f"this database was loaded from a dump; if it published more after that dump was made, {_DO}")


def _note(engine: Engine) -> Path | None:
    database = engine.url.database
    return Path(f"{database}.published") if engine.dialect.name == "sqlite" and database else None
