"""A database of any age in, the same one at this program's version out; or a plain refusal.

All migrations and the note that they ran share one transaction, and so does filling what is searched: a migration knows
tables alone, and has to empty those of the search where words are to be others. A database that a newer program made is left alone.
"""

from __future__ import annotations

import secrets as random
import time
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, delete, func, insert, inspect, select, table, text, update

from repo_harvest.errors import EmptyDatabase, NewerDatabase, StoreError, StoreUnavailable
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.search.keep import fill
from repo_harvest.store.tables import feed_clock, secrets, sessions
from repo_harvest.store.witness import check_publications, note_home, refuse_restored

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["HEAD", "check", "check_version", "rotate_keys", "session_key", "token_key", "upgrade"]

HEAD = "0012"
"""The revision that this program works with: the last file in `migrations/versions`. Revisions are numbers in order."""

_LOCK = 7_263_001  # one number of ours for PostgreSQL's advisory locks: migrations take turns

_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code for what lock_timeout ended
_ATTEMPTS, _PAUSE = 7, 5.0  # s
_EMPTY = "the database is empty: run `repo-harvest init` first"


def upgrade(engine: Engine, *, restored: bool = False) -> bool:
    """Create the database or bring it up to date; returns whether anything was done. Running it twice changes nothing.

    An older backup is refused before anything of it is changed; with `restored`, which promises to publish it anew, it is
    brought up to date, and nothing is created. On PostgreSQL, where a long reader holds a table that has to change, others would
    queue behind us: after 5 s we stand back and let them pass, then try again for about a minute.

    Raises `NewerDatabase`, `Restored`, `EmptyDatabase` and `StoreUnavailable`.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _upgrade(engine, restored=restored)
        except StoreUnavailable as error:
            if getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            time.sleep(_PAUSE)
    return _upgrade(engine, restored=restored)


def _upgrade(engine: Engine, *, restored: bool) -> bool:
    from alembic import command  # noqa: PLC0415 -- takes longer to import than most commands run, and is needed only here

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        before = _revision(connection)
        if before == HEAD:
            return False
        if before is None and restored:
            raise EmptyDatabase(_EMPTY)
        if before is not None and not restored:
            refuse_restored(engine, connection)
        command.upgrade(_config(connection), HEAD)
        fill(connection)
        if before is None:
            connection.execute(insert(feed_clock).values(id=1, sealed=int(time.time()) - 1))
            connection.execute(insert(secrets).values(name="token", value=random.token_bytes(32)))
            note_home(connection)
    return True


def check(engine: Engine) -> None:
    """Raise unless the database is at this program's version, and has all that it ever published.

    Raises what `check_version` does, and `Restored` for an older backup.
    """
    check_version(engine)
    check_publications(engine)


def check_version(engine: Engine) -> None:
    """Raise unless the database is at this program's version.

    Raises `EmptyDatabase`, `NewerDatabase`, `StoreError` for one that needs an upgrade, and `StoreUnavailable`.
    """
    with reading(engine) as connection:
        revision = _revision(connection)
    if revision is None:
        raise EmptyDatabase(_EMPTY)
    if revision != HEAD:
        raise StoreError("the database was made by an earlier version: run `repo-harvest init` to bring it up to date")


def token_key(engine: Engine) -> bytes:
    """The 32 secret bytes that resumption tokens are signed with: the same for every process on this database."""
    return _key(engine, "token")


def session_key(engine: Engine) -> bytes:
    """The 32 secret bytes that the cookies of managers are signed with; raises `StoreUnavailable`."""
    return _key(engine, "session")


def rotate_keys(engine: Engine) -> None:
    """Make both keys anew, and sign every manager out; raises `StoreUnavailable`.

    No old key is kept: whoever has one could seal what he likes with it. A harvest in progress is told badResumptionToken
    and starts its list again, which OAI-PMH 2.0 section 3.5 has harvesters do; it is never given another list's records.
    """
    with writing(engine) as connection:
        for name in ("token", "session"):
            value = random.token_bytes(32)
            connection.execute(update(secrets).where(secrets.c.name == name).values(value=value))
        connection.execute(delete(sessions))


def _key(engine: Engine, name: str) -> bytes:
    with reading(engine) as connection:
        return bytes(connection.execute(select(secrets.c.value).where(secrets.c.name == name)).scalar_one())


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 -- as in `upgrade`

    config = Config()
    config.set_main_option("script_location", "repo_harvest.store:migrations")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    """The revision the database is at, `None` for an empty one; raises `NewerDatabase` for one of a later program."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar()
    if revision is not None and revision > HEAD:
        raise NewerDatabase(
            f"this database was made by a newer repo-harvest (its version is {revision}): install that version or a newer one"
        )
    return revision
