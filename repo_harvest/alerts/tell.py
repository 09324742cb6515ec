"""After a run: what is wrong, what of it is news to each channel, sent, and kept as told. Never breaks what called it.

What a channel did not take stays untold, and is tried again after the next run, for as long as it holds; one process at a
time tells, by a lock that dies with it. A process that dies between sending and keeping that it was sent tells it twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from repo_harvest.alerts.change import Told, news
from repo_harvest.alerts.channel import Channel, Sender
from repo_harvest.alerts.condition import Condition, Standing, conditions, subjects
from repo_harvest.errors import Busy, DeliveryError, HarvestError
from repo_harvest.model import Outcome
from repo_harvest.store import ledger, told

__all__ = ["Desk", "tell"]

log = logging.getLogger(__name__)

_NO_SOURCE = 0  # the run lock of no source is that of those who tell
_PATIENCE = 60.0  # seconds to wait for another process that is telling
_PAUSE = 0.2
_LOOKED_AT = 10  # runs of a source: enough to hold the last two that ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who is told what: the sources that matter by name, and how many seconds the feed clock may run ahead."""

    channels: Sequence[Channel]
    sender: Sender
    watched: Sequence[str]
    most_lead: int


def tell(engine: Engine, desk: Desk, *, clock: Callable[[], float] = time.time) -> None:
    """Tell every channel what is news to it; what goes wrong is logged."""
    if not desk.channels:
        return
    try:
        with _alone(engine):
            now = int(clock())
            found = conditions(
                _standings(engine, desk.watched), lead=told.feed_lead(engine, now), most_lead=desk.most_lead
            )
            for channel in desk.channels:
                _tell(engine, desk, channel, found, now)
    except HarvestError as error:
        log.error("alerts: %s; what is to be told is told after the next run", error)  # noqa: TRY400 -- the text says it all
    except Exception:
        log.exception("alerts: a fault of this program; the run is not touched by it")


def _tell(engine: Engine, desk: Desk, channel: Channel, found: Sequence[Condition], now: int) -> None:
    before = {
        subject: Told(reason=reason, level=level, since=since)
        for subject, reason, level, since in told.told_by(engine, channel.name)
    }
    for alert in news(found, before, watched=subjects(desk.watched), now=now):
        if not alert.quiet:
            try:
                channel.send(alert, sender=desk.sender, at=now)
            except DeliveryError as error:
                log.error("alerts: %s: %s: not told, %s", channel.name, alert.title, error)  # noqa: TRY400 -- the same
                return  # it is tried again after the next run; nor does the rest reach a channel that is down
            log.info("alerts: %s: told: %s", channel.name, alert.title)
        kept = None if alert.told is None else (alert.told.reason, alert.told.level, alert.told.since)
        told.keep_told(engine, channel.name, alert.subject, kept)


def _standings(engine: Engine, watched: Sequence[str]) -> Iterator[Standing]:
    held = told.quarantined(engine)
    for name in watched:
        ended = [run for run in ledger.history(engine, name, _LOOKED_AT) if run.outcome is not Outcome.RUNNING]
        if ended:
            before = ended[1].outcome if len(ended) > 1 else None
            yield Standing(run=ended[0], before=before, quarantined=held.get(name, 0))


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Be the one process that tells; raises `Busy` when another does for long."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(ledger.run_lock(engine, _NO_SOURCE))
                break
            except Busy:
                if time.monotonic() > until:
                    raise Busy("another process is telling all this while") from None
                time.sleep(_PAUSE)
        yield
