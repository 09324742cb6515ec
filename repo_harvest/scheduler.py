"""Cron expressions in, runs out: each due slot once, however many schedulers share the database.

APScheduler only wakes us, every few seconds: times in UTC, jobs in memory, nothing pickled. What is due is worked out from
the expression and the clock, and given to one run in the database (`store.slots`), also when a process dies or stands
still meanwhile. A slot that was missed, by a stopped service or a sleeping machine, is caught up once, at the first look
after it; so is one that found the source busy. A run that a person asks for (`store.steering`) is found in the same looks.
"""

from __future__ import annotations

import concurrent.futures
import hashlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # apscheduler 3 has no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]  # the same
from sqlalchemy import Engine

from repo_harvest.errors import Busy, HarvestError, Superseded
from repo_harvest.model import Found
from repo_harvest.store import ledger, previews
from repo_harvest.store.previews import Preview
from repo_harvest.store.slots import Errand, is_open
from repo_harvest.store.steering import Steered, steered

__all__ = ["Planned", "Scheduler", "due_slot", "latest_due", "next_due"]

log = logging.getLogger(__name__)

_LOOK_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=40), timedelta(days=400), timedelta(days=366 * 9))
_LOOK_EVERY = 3.0  # seconds: slots are minutes apart, and a person who asks for a run waits so long
_RUNS_AT_ONCE = 4
_PARTS = 1 << 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A source and when it is due: five cron fields in UTC, or `None` for once, at the first start."""

    name: str
    url: str
    schedule: str | None


def latest_due(schedule: str, now: datetime) -> datetime | None:
    """The last moment at or before `now` at which a cron expression was due; `None` if it never was.

    >>> str(latest_due("30 3 * * *", datetime(2026, 1, 2, 3, 29, tzinfo=UTC)))
    '2026-01-01 03:30:00+00:00'
    """
    trigger = CronTrigger.from_crontab(schedule, timezone=UTC)
    for span in _LOOK_BACK:
        found, fire = None, trigger.get_next_fire_time(None, now - span)
        while fire is not None and fire <= now:
            found, fire = fire, trigger.get_next_fire_time(fire, fire + timedelta(microseconds=1))
        if found is not None:
            return datetime.fromtimestamp(found.timestamp(), UTC)
    return None


def next_due(schedule: str, now: datetime) -> datetime | None:
    """The first moment after `now` at which a cron expression is due.

    >>> str(next_due("30 3 * * *", datetime(2026, 1, 2, 3, 30, tzinfo=UTC)))
    '2026-01-03 03:30:00+00:00'
    """
    trigger = CronTrigger.from_crontab(schedule, timezone=UTC)
    fire = trigger.get_next_fire_time(None, now + timedelta(microseconds=1))
    return None if fire is None else datetime.fromtimestamp(fire.timestamp(), UTC)


def due_slot(planned: Planned, now: datetime, jitter: int) -> int | None:
    """The slot (UTC seconds) whose moment came last: that is up to `jitter` seconds after it is due, and before the next one.

    The delay follows from the source's name and the slot alone, so that all schedulers agree on it. A source without
    schedule has one slot for ever, the first start.
    """
    if planned.schedule is None:
        return 0
    due = _latest_due(planned.schedule, now.replace(second=0, microsecond=0))  # slots begin with their minute
    if due is not None and now < due + _delay(planned.name, planned.schedule, due, jitter):
        due = _latest_due(planned.schedule, due - timedelta(minutes=1))
    return None if due is None else int(due.timestamp())


_latest_due, _next_due = (
    lru_cache(1024)(latest_due),
    lru_cache(1024)(next_due),
)  # every look asks; a minute has one answer


def _delay(name: str, schedule: str, due: datetime, jitter: int) -> timedelta:
    following = _next_due(schedule, due)
    room = timedelta(seconds=jitter) if following is None else min(timedelta(seconds=jitter), following - due)
    digest = hashlib.sha256(f"{name} {int(due.timestamp())}".encode()).digest()
    return room * (int.from_bytes(digest[:8]) / _PARTS)


class Scheduler:
    """Runs the planned sources when they are due or asked for, each slot once; one run of a source at a time.

    `planned` tells the sources as they are at each look. `run` is given a source's name and what for, does the run and hands the errand to the ledger (`ingest.ingest` does);
    whatever it raises is logged, and the next slot comes all the same. `preview` finds what a manager wants to see before it is
    published; a scheduler without it leaves that to others. `jitter` is in seconds, `every` how many seconds
    of this machine pass between looks, whatever `clock` says.
    """

    def __init__(
        self,
        planned: Callable[[], Sequence[Planned]],
        *,
        engine: Engine,
        run: Callable[[str, Errand | None], None],
        preview: Callable[[Preview], Found] | None = None,
        clock: Callable[[], float] = time.time,
        jitter: int = 0,
        every: float = _LOOK_EVERY,
    ) -> None:
        self._planned = planned
        self._engine, self._run, self._clock, self._jitter, self._every = engine, run, clock, jitter, every
        self._preview = preview
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._going: set[str] = set()
        self._ids: dict[str, int] = {}
        self._over: dict[str, int] = {}
        self._lock = threading.Lock()
        self._ahead: concurrent.futures.Future[None] | None = None
        self._runs = concurrent.futures.ThreadPoolExecutor(_RUNS_AT_ONCE, thread_name_prefix="run")
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Catch up what is overdue, and look for what is due from now on; returns at once."""
        now = datetime.now(UTC)
        self._jobs.add_job(self._look, "interval", seconds=self._every, next_run_time=now, name="look")
        self._jobs.start()

    def stop(self) -> None:
        """Start nothing more, and wait for what is running."""
        self._jobs.shutdown(wait=True)  # holds its locks until the look is over, so that no look may add jobs
        self._runs.shutdown(wait=True, cancel_futures=True)  # what never began is due still

    def run_due(self, planned: Planned) -> bool:
        """Run a source if it is asked for, or its latest slot is due, and nobody did; returns whether it was run here."""
        try:
            errand = self._errand(planned, steered(self._engine).get(planned.name, Steered()))
        except HarvestError as error:
            log.error("%s: %s", planned.name, error)  # noqa: TRY400 -- the text says it all; no traceback for these
            return False
        return errand is not None and self.run_now(planned, errand)

    def run_now(self, planned: Planned, errand: Errand | None = None) -> bool:
        """Run a source, due or not; what goes wrong is logged. Whether it was run here, well or not."""
        try:
            self._run(planned.name, errand)
        except Superseded as late:
            log.warning("%s: %s", planned.name, late)
            return False
        except Busy as elsewhere:
            log.debug("%s: %s", planned.name, elsewhere)
            return False
        except HarvestError as error:
            log.error("%s: %s", planned.name, error)  # noqa: TRY400 -- the text says it all; no traceback for these
        except Exception:
            log.exception("%s: the run failed", planned.name)
        return True

    def _look(self) -> None:
        """Start what is due or asked for and not going on here."""
        try:
            told = steered(self._engine)
            for planned in self._planned():
                with self._lock:
                    going = planned.name in self._going
                errand = None if going else self._errand(planned, told.get(planned.name, Steered()))
                if errand is not None:
                    with self._lock:
                        self._going.add(planned.name)
                    self._runs.submit(self._do, planned, errand)
            self._look_ahead()
        except HarvestError as error:
            log.error("%s", error)  # noqa: TRY400 -- the text says it all; no traceback for these

    def _look_ahead(self) -> None:
        """Start on what a manager wants to see first, one at a time."""
        if self._preview is None or (self._ahead is not None and not self._ahead.done()):
            return
        asked = previews.take(self._engine, at=int(self._clock()))
        if asked is not None:
            self._ahead = self._runs.submit(self._find, asked, self._preview)

    def _find(self, asked: Preview, preview: Callable[[Preview], Found]) -> None:
        found, fault = None, ""
        try:
            found = preview(asked)
        except HarvestError as error:
            fault = str(error)
        except Exception:
            log.exception("preview %s: it failed", asked.id)
            fault = "it went wrong in a way that was not foreseen; the log has more"
        try:
            previews.end(self._engine, asked.id, at=int(self._clock()), found=found, fault=fault)
        except HarvestError as error:
            log.error("preview %s: %s", asked.id, error)  # noqa: TRY400 -- the text says it all; no traceback for these

    def _do(self, planned: Planned, errand: Errand) -> None:
        try:
            self.run_now(planned, errand)
        finally:
            with self._lock:
                self._going.discard(planned.name)

    def _errand(self, planned: Planned, told: Steered) -> Errand | None:
        """What the source is to be run for now, if for anything; whether that is so is decided as the run begins."""
        if told.asked_at is not None:
            return Errand(due=None, owner=self._owner, accepts=told.accepts)
        due = due_slot(planned, datetime.fromtimestamp(self._clock(), UTC), self._jitter)
        if due is None or told.paused_at is not None or self._over.get(planned.name) == due:
            return None
        if planned.name not in self._ids:
            self._ids[planned.name] = ledger.source_state(self._engine, planned.name, planned.url).id
        if is_open(self._engine, self._ids[planned.name], due):
            return Errand(due=due, owner=self._owner)
        self._over[planned.name] = due  # what is over stays so
        return None
