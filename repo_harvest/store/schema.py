"""A database of any age in, the same one at this program's version out; or a plain refusal.

Each migration and the note that it ran share one transaction. A database that a newer program made is left alone.
"""

from __future__ import annotations

import secrets as random
import time

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, insert, select

from repo_harvest.errors import EmptyDatabase, NewerDatabase, StoreError
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import feed_clock, secrets

__all__ = ["check", "token_key", "upgrade"]

_LOCK = 7_263_001  # one number of ours for PostgreSQL's advisory locks: migrations take turns


def upgrade(engine: Engine) -> bool:
    """Create the database or bring it up to date; returns whether anything was done. Running it twice changes nothing.

    Raises `NewerDatabase` and `StoreUnavailable`.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config = _config(connection)
        before = _revision(connection, config)
        head = ScriptDirectory.from_config(config).get_current_head()
        if before == head:
            return False
        command.upgrade(config, "head")
        if before is None:
            connection.execute(insert(feed_clock).values(id=1, sealed=int(time.time()) - 1))
            connection.execute(insert(secrets).values(name="token", value=random.token_bytes(32)))
    return True


def check(engine: Engine) -> None:
    """Raise unless the database is at this program's version.

    Raises `EmptyDatabase`, `NewerDatabase`, `StoreError` for one that needs an upgrade, and `StoreUnavailable`.
    """
    with reading(engine) as connection:
        config = _config(connection)
        revision = _revision(connection, config)
        head = ScriptDirectory.from_config(config).get_current_head()
    if revision is None:
        raise EmptyDatabase("the database is empty: run `repo-harvest init` first")
    if revision != head:
        raise StoreError("the database was made by an earlier version: run `repo-harvest init` to bring it up to date")


def token_key(engine: Engine) -> bytes:
    """The 32 secret bytes that resumption tokens are signed with: the same for every process on this database."""
    with reading(engine) as connection:
        return bytes(connection.execute(select(secrets.c.value).where(secrets.c.name == "token")).scalar_one())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "repo_harvest.store:migrations")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection, config: Config) -> str | None:
    """The revision the database is at; raises `NewerDatabase` for one that this program does not know."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise NewerDatabase(
            f"this database was made by a newer repo-harvest (its version is {revision}): install that version or a newer one"
        )
    return revision
