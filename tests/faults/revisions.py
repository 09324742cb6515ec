"""A database with records as an earlier version left it, and `init` killed in the middle of bringing it up to date."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, column, select, table, text

from repo_harvest.store.engine import reading, writing
from tests.cli.shell import Shell
from tests.faults.locks import lock_watch

__all__ = ["EARLIER", "hindered", "is_inside", "kill_init", "make_earlier", "revision_of"]

EARLIER = "0008"
_SEARCH = {
    "sqlite": ("DROP TABLE search", "DROP TABLE search_index"),
    "postgresql": ("DROP TABLE search", "DROP FUNCTION search_words"),
}
_PATIENCE = 30.0  # seconds


def make_earlier(engine: Engine) -> None:
    """Take back what the revisions after `EARLIER` made; the records stay."""
    with writing(engine) as connection:
        for statement in (
            *_SEARCH[engine.dialect.name],
            "DROP TABLE facets",
            "ALTER TABLE runs DROP COLUMN datestamp",
            "ALTER TABLE steering DROP COLUMN accepts",
            "DROP TABLE previews",
            "DROP TABLE sessions",
            "DROP TABLE attempts",
            "DELETE FROM secrets WHERE name = 'session'",
            f"UPDATE alembic_version SET version_num = '{EARLIER}'",
        ):
            connection.execute(text(statement))


def revision_of(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar_one())


def kill_init(shell: Shell, engine: Engine) -> None:
    """Start `init`, and kill it once it is inside the transaction of its migrations."""
    with hindered(engine):
        process = shell.start("init")
        deadline = time.monotonic() + _PATIENCE
        while not is_inside(engine):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.001)
        process.kill()
        process.wait()


@contextmanager
def hindered(engine: Engine) -> Iterator[None]:
    """On PostgreSQL, keep the last migration waiting for a table; SQLite's single lock leaves no such way."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with reading(engine) as connection:
        connection.execute(text("SELECT count(*) FROM renditions"))
        yield


def is_inside(engine: Engine) -> bool:
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'renditions'::regclass"
            return bool(connection.scalar(text(waiting)))
    return lock_watch(engine)()
