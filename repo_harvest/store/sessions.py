"""Who is signed in, and who tried: rows that every worker and every replica sees, so that signing out holds everywhere.

Of what a manager's cookie holds only the digest is kept: who reads the database, or a backup of it, cannot come in with that.
An attempt is noted, and committed, before its password is looked at; of any number that come at once, to any number of
workers, no more than are allowed find room. The alternative that lost: counting in each worker, which would allow as many times
as many as there are workers and replicas.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, Engine, delete, func, insert, select

from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import attempts, sessions

__all__ = ["attempt", "close_session", "find_manager", "forgive", "open_session"]


def open_session(engine: Engine, secret: str, *, manager: str, now: int, ends: int) -> None:
    """Let whoever shows this secret be that manager until `ends` (UTC seconds); forgets sessions that are over."""
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.ends <= now))
        connection.execute(insert(sessions).values(digest=_digest(secret), manager=manager, ends=ends))


def find_manager(engine: Engine, secret: str, *, now: int) -> str | None:
    """Who is signed in with this secret, `None` if nobody is, or is any more; raises `StoreUnavailable`."""
    here = (sessions.c.digest == _digest(secret)) & (sessions.c.ends > now)
    with reading(engine) as connection:
        return connection.execute(select(sessions.c.manager).where(here)).scalar()


def close_session(engine: Engine, secret: str) -> None:
    """Nobody is signed in with this secret from now on."""
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.digest == _digest(secret)))


def attempt(engine: Engine, who: Sequence[tuple[str, int]], *, now: int, window: int) -> bool:
    """Whether another attempt has room among those of the last `window` seconds: at most so many of each name in `who`.

    One that has not is not counted, so that a lock ends `window` seconds after the attempts that made it, whoever goes on.
    """
    with writing(engine) as connection:
        connection.execute(delete(attempts).where(attempts.c.at <= now - window))
        if any(_count(connection, name) >= most for name, most in who):
            return False
        connection.execute(insert(attempts), [{"who": name, "at": now} for name, _ in who])
    with reading(engine) as connection:  # those that came at the same time are seen once all are committed
        return all(_count(connection, name) <= most for name, most in who)


def forgive(engine: Engine, names: Sequence[str]) -> None:
    """Forget the attempts of these names: the last one succeeded."""
    with writing(engine) as connection:
        connection.execute(delete(attempts).where(attempts.c.who.in_(names)))


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).where(attempts.c.who == name)).scalar_one()


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
