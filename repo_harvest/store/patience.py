"""A connection to PostgreSQL that waits for no silent server for ever; sockets alone do not tell one from a busy server.

A server that stands still (a frozen machine, a stopped process) keeps its connections open and acknowledges what is sent, so
neither keepalives nor its own statement timeout end the wait. After `seconds` without a byte we look: where answers are due, that is
the end of it; else a server that lets another connection in is only busy, and is waited for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

__all__ = ["be_patient"]

_T = TypeVar("_T")
_CHECK_EVERY = 0.1  # seconds
_MOST_IDLE = "10min"  # that a transaction of ours may stand still: no work of ours between two statements takes so long


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patience:
    seconds: float
    look: Callable[[], bool] | None  # whether the server answers another; `None`: nobody looks


class _Connection(psycopg.Connection[Any]):
    patience: _Patience | None = None

    def wait(self, gen: PQGen[_T], interval: float = _CHECK_EVERY, timeout: float | None = None) -> _T:
        watched = gen if self.patience is None else self._watched(gen, self.patience)
        if timeout is None:
            return super().wait(watched, interval)
        return super().wait(watched, interval, timeout)

    def _watched(self, gen: PQGen[_T], patience: _Patience) -> Generator[Any, Any, _T]:
        """The same steps, until the server is silent for too long."""
        since = time.monotonic()
        try:
            step = next(gen)
            while True:
                ready = yield step
                now = time.monotonic()
                if ready:
                    since = now
                elif now - since > patience.seconds:
                    if patience.look is None or not patience.look():
                        self.pgconn.finish()  # in the middle of an answer: nobody can use it again
                        raise psycopg.OperationalError(f"the server said nothing for {patience.seconds:g} seconds")
                    since = time.monotonic()
                step = gen.send(ready)
        except StopIteration as end:
            value: _T = end.value
            return value


def be_patient(engine: Engine, *, seconds: float, is_serving: bool) -> None:
    """Have each connection of a PostgreSQL engine bear so many seconds of silence; `is_serving`: and no statement longer.

    The server bears no more of ours either: it ends a transaction whose process stands still, and lets go of its locks.
    """

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, cargs: list[Any], cparams: dict[str, Any]) -> _Connection:
        connection = _Connection.connect(*cargs, **cparams)
        look = None if is_serving else partial(_answers, cargs, cparams)
        connection.patience = _Patience(seconds=seconds, look=look)
        if is_serving:
            connection.execute(f"SET statement_timeout = {int(seconds * 1000)}".encode())
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_MOST_IDLE}'".encode())
        connection.commit()
        return connection


def _answers(cargs: list[Any], cparams: dict[str, Any]) -> bool:
    try:
        psycopg.connect(*cargs, **cparams).close()
    except psycopg.Error:
        return False
    return True
