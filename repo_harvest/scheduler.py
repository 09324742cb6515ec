"""Cron expressions in, runs out: each due slot once, however many schedulers share the database.

APScheduler only wakes us: times in UTC, jobs in memory, nothing pickled. What is due is worked out from the expression and
the clock, and claimed by a row that is unique in the database; the process that gets the row runs the source. A slot that
was missed, by a stopped service or a sleeping machine, is caught up once, at start or at the next waking.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]  # apscheduler 3 has no types
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # the same
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]  # the same
from sqlalchemy import Engine

from repo_harvest.errors import Busy, HarvestError
from repo_harvest.store import ledger

__all__ = ["Planned", "Scheduler", "latest_due", "next_due"]

log = logging.getLogger(__name__)

_LOOK_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=40), timedelta(days=400), timedelta(days=366 * 9))


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


class Scheduler:
    """Runs the planned sources when they are due, each slot once; one run of a source at a time.

    `run` is given a source's name and does the run; whatever it raises is logged, and the next slot comes all the same.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        *,
        engine: Engine,
        run: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._planned = tuple(planned)
        self._engine, self._run, self._clock = engine, run, clock
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Catch up what is overdue, and wake for every slot from now on; returns at once."""
        for planned in self._planned:
            now = datetime.fromtimestamp(self._clock(), UTC)
            self._jobs.add_job(self.run_due, args=[planned], next_run_time=now, name=f"catch up {planned.name}")
            if planned.schedule is not None:
                trigger = CronTrigger.from_crontab(planned.schedule, timezone=UTC)
                self._jobs.add_job(self.run_due, trigger, args=[planned], name=planned.name)
        self._jobs.start()

    def stop(self) -> None:
        """Start nothing more, and wait for what is running."""
        self._jobs.shutdown(wait=True)

    def run_due(self, planned: Planned) -> bool:
        """Run a source if its latest slot is due and nobody has it; returns whether it was run here."""
        try:
            if not self._claim(planned):
                return False
        except HarvestError as error:
            log.error("%s: %s", planned.name, error)  # noqa: TRY400 -- the text says it all; no traceback for these
            return False
        self.run_now(planned)
        return True

    def run_now(self, planned: Planned) -> None:
        """Run a source whether it is due or not; what goes wrong is logged."""
        try:
            self._run(planned.name)
        except Busy:
            log.info("%s: already running elsewhere", planned.name)
        except HarvestError as error:
            log.error("%s: %s", planned.name, error)  # noqa: TRY400 -- the text says it all; no traceback for these
        except Exception:
            log.exception("%s: the run failed", planned.name)

    def _claim(self, planned: Planned) -> bool:
        source_id = ledger.source_state(self._engine, planned.name, planned.url).id
        now = self._clock()
        last = ledger.last_slot(self._engine, source_id)
        due = self._slot(planned, now)
        if due is None or (last is not None and last >= due):
            return False
        return ledger.claim_slot(self._engine, source_id, due=due, claimed=int(now), owner=self._owner)

    @staticmethod
    def _slot(planned: Planned, now: float) -> int | None:
        """The slot to claim now, in UTC seconds; a source without schedule has one slot for ever, the first start."""
        if planned.schedule is None:
            return 0
        found = latest_due(planned.schedule, datetime.fromtimestamp(now, UTC))
        return None if found is None else int(found.timestamp())
