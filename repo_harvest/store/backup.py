"""A SQLite database in use in, a consistent copy of it in one file out.

SQLite's own online backup reads one snapshot while others serve and write. The copy is made beside its place, made
durable, and only then given its name: under that name there is never half a copy.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from repo_harvest.errors import StoreUnavailable, UsageError

__all__ = ["back_up"]


def back_up(engine: Engine, target: Path, *, overwrite: bool = False) -> int:
    """Copy the database to a file; returns the size of the copy in bytes.

    Raises `UsageError` for a database that is not SQLite, a file that is there already and a place that cannot be
    written, and `StoreUnavailable` when the database cannot be read, or the disk is full.
    """
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        raise UsageError(
            "PostgreSQL makes its own backups: "
            f"pg_dump --format=custom --file={target} 'postgresql://USER@HOST/{engine.url.database}'"
        )
    source = Path(engine.url.database).resolve()
    if target.resolve() == source:
        raise UsageError(f"{target}: this is the database itself")
    if target.exists() and not overwrite:
        raise UsageError(f"{target} exists: choose another name, or say --overwrite")
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _copy(source, partial)
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
        return target.stat().st_size
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror}") from None
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{target}: the copy was not made: {error}") from None
    finally:
        for left in (partial, partial.with_name(f"{partial.name}-journal")):
            left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.touch()
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True)) as read,
        closing(sqlite3.connect(target)) as write,
    ):
        read.backup(write)
        write.execute("PRAGMA journal_mode=DELETE")  # one file: no write-ahead log beside it


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
