"""The feed of a primary and of a copy that lags behind it in, one feed out that never says less than it said before.

Streaming replication replays the primary's transactions in their order, so what a replica shows is a state that the primary
had, with the watermark it had then: whatever that state lacks is published after the watermark. One list from one replica
is therefore as good as from the primary, only older. What must not happen is that a harvester is answered from an older
state than the one its question came from: the next page, a window that another answer bounded, a record that a list has
just named. So each question says to which second the answer has to reach, and a replica that is not there yet, or does not
answer, is not asked. Only the primary seals seconds; its seal arrives with everything else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from repo_harvest.errors import StoreError
from repo_harvest.store import schema
from repo_harvest.store.feed import SqlFeed, SqlSnapshot

__all__ = ["ReplicatedFeed"]

_LOG = logging.getLogger(__name__)
_REST = 10.0  # seconds that a database which did not answer is left alone


class ReplicatedFeed:
    """The `Feed` of a primary, answered from its replica wherever that is as good; safe to share between threads.

    `token_key` is the primary's: a database with another one is no copy of it, and is never read.
    """

    def __init__(
        self, primary: SqlFeed, replica: Engine, *, token_key: bytes, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._primary, self._replica, self._token_key = primary, replica, token_key
        self._copy = SqlFeed(replica)
        self._clock = clock
        self._is_known = False  # to be a copy of the primary
        self._is_told = False  # that it does not answer
        self._replica_rests_until = self._seal_rests_until = 0.0

    @contextmanager
    def snapshot(self, now: float, reach: int | None = None) -> Iterator[SqlSnapshot]:
        """One read transaction, of the replica if it is complete to the second `reach`; without `reach`, of the primary.

        Raises `StoreUnavailable` when the database that has to answer does not.
        """
        with ExitStack() as stack:
            yield self._of_replica(stack, now, reach) or stack.enter_context(self._primary.snapshot(now))

    def _of_replica(self, stack: ExitStack, now: float, reach: int | None) -> SqlSnapshot | None:
        """A snapshot of the replica that `stack` closes, or `None` where the primary has to be asked."""
        if reach is None or self._clock() < self._replica_rests_until:
            return None
        self._seal(now)
        trial = ExitStack()
        try:
            self._require_copy()
            snapshot = trial.enter_context(self._copy.unsealed())
        except (StoreError, SQLAlchemyError) as error:
            self._rest(error)
            return None
        if self._is_told:
            _LOG.warning("feed: the replica answers again")
            self._is_told = False
        if snapshot.sealed < reach:
            trial.close()
            return None
        stack.push(self._outcome)
        stack.enter_context(trial)
        return snapshot

    def _seal(self, now: float) -> None:
        """Have the primary seal the past second; while it does not answer, only now and then."""
        if self._clock() >= self._seal_rests_until and not self._primary.seal(now):
            self._seal_rests_until = self._clock() + _REST

    def _require_copy(self) -> None:
        if not self._is_known:
            if schema.token_key(self._replica) != self._token_key:
                raise StoreError("database.read_url is not a copy of database.url")
            self._is_known = True

    def _outcome(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Whoever reads from a replica that fails meanwhile is told so; the next is answered by the primary."""
        if isinstance(error, StoreError | SQLAlchemyError):
            self._rest(error)

    def _rest(self, error: Exception) -> None:
        self._replica_rests_until = self._clock() + _REST
        self._is_known = False
        if not self._is_told:
            _LOG.warning("feed: the replica does not serve, the primary answers in its place: %s", error)
            self._is_told = True
