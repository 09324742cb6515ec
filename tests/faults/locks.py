"""Whether somebody is publishing at this moment, for those who want to disturb just then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Engine, text

__all__ = ["lock_watch"]


def lock_watch(engine: Engine) -> Callable[[], bool]:
    """Whether somebody holds the lock that publishing needs, asked without waiting for it."""
    if engine.dialect.name == "sqlite":

        def locked() -> bool:
            with closing(sqlite3.connect(str(engine.url.database), timeout=0, isolation_level=None)) as probe:
                try:
                    probe.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    return True
                probe.execute("ROLLBACK")
                return False

        return locked

    def held() -> bool:
        with engine.begin() as connection:
            free = connection.execute(text("SELECT 1 FROM feed_clock FOR UPDATE SKIP LOCKED")).scalar()
        return free is None

    return held
