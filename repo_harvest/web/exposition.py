"""What was counted and what the database holds in, the text that Prometheus reads out.

What comes from the database is read in one snapshot, and kept for some seconds, or longer where it took long: asking often
costs nothing. A database that does not answer is told as such, beside what is known without it. Nobody but those inside
is told anything: `/metrics` names sources and traffic, which are the operator's.
"""

from __future__ import annotations

import hmac
import logging
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from repo_harvest import __version__
from repo_harvest.errors import StoreError
from repo_harvest.model import Outcome
from repo_harvest.store.census import CHANGES, Census, SourceCensus, take_census
from repo_harvest.store.schema import HEAD
from repo_harvest.web.client import address_of
from repo_harvest.web.meter import Meter
from repo_harvest.web.safe import SAFE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Due", "Figures", "with_metrics"]

_LOG = logging.getLogger(__name__)
_KEPT = 5.0  # seconds that a reading of the database holds at least
_SHARE = 20  # it holds so many times as long as it took: reading takes at most this part of the time
_OUTCOMES = tuple(outcome for outcome in Outcome if outcome != Outcome.RUNNING)
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")

Due = Callable[[str, datetime], datetime | None]
"""A cron expression and a moment in, when it is due next out."""


class Figures(Collector):
    """What the database holds, as metrics.

    `schedules` tells those of the configured sources, `None` for none, as they are now; `due` reads them. `clock` gives UTC seconds since
    1970. A reading holds for `keep` seconds at least.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        schedules: Callable[[], Mapping[str, str | None]],
        due: Due,
        clock: Callable[[], float] = time.time,
        keep: float = _KEPT,
    ) -> None:
        self._engine, self._schedules, self._due, self._clock = engine, schedules, due, clock
        self._began = clock()
        self._keep, self._until = keep, 0.0
        self._census: Census | None = None
        self._lock = Lock()

    def collect(self) -> Iterator[Metric]:
        """Everything there is to tell, from one state of the database."""
        census = self._read()
        build = GaugeMetricFamily("repo_harvest_build_info", "1, and what is running.", labels=_BUILD)
        build.add_metric([__version__, platform.python_version(), HEAD], 1)
        yield build
        yield _gauge("database_up", "1 if the database answers, else 0.", float(census is not None))
        if census is None:
            return
        lead = max(0.0, census.sealed - self._clock())
        yield _gauge("feed_clock_lead_seconds", "Seconds that datestamps run ahead of the clock.", lead)
        items = GaugeMetricFamily("repo_harvest_items", "Items in the feed, by state.", labels=("state",))
        items.add_metric(["live"], census.live)
        items.add_metric(["deleted"], census.deleted)
        yield items
        yield from self._of_sources(census)

    def _read(self) -> Census | None:
        """The census, or `None` while the database does not answer; one thread reads, the others wait for it."""
        with self._lock:
            began = time.monotonic()
            if began < self._until:
                return self._census
            try:
                self._census = take_census(self._engine)
            except (StoreError, SQLAlchemyError) as error:
                _LOG.warning("metrics: the database cannot be read: %s", error)
                self._census = None
            ended = time.monotonic()
            self._until = ended + max(self._keep, _SHARE * (ended - began))
            return self._census

    def _of_sources(self, census: Census) -> Iterator[Metric]:
        schedules = self._schedules()
        told = {**dict.fromkeys(schedules, SourceCensus()), **census.sources}
        runs = CounterMetricFamily("repo_harvest_runs", "Runs that ended.", labels=("source", "outcome"))
        entries = CounterMetricFamily("repo_harvest_entries", "What runs did to entries.", labels=("source", "change"))
        held = GaugeMetricFamily("repo_harvest_quarantine", "Records in quarantine.", labels=_SOURCE)
        done = GaugeMetricFamily(
            "repo_harvest_last_success_timestamp_seconds",
            "When the last good run ended; absent before that.",
            labels=_SOURCE,
        )
        late = GaugeMetricFamily(
            "repo_harvest_source_overdue_seconds", "Seconds since a run was due that nobody began.", labels=_SOURCE
        )
        for name, source in told.items():
            for outcome in _OUTCOMES:
                runs.add_metric([name, outcome], source.runs.get(outcome, 0))
            for change in CHANGES:
                entries.add_metric([name, change], source.changes.get(change, 0))
            held.add_metric([name], source.quarantined)
            if source.last_done is not None:
                done.add_metric([name], source.last_done)
            schedule = schedules.get(name)
            if schedule is not None:
                late.add_metric([name], self._overdue(schedule, source))
        yield from (runs, entries, held, done, late)

    def _overdue(self, schedule: str, source: SourceCensus) -> float:
        """Seconds since the first slot that nobody took; of a source that never ran, since this process began."""
        known = [moment for moment in (source.last_slot, source.last_started) if moment is not None]
        since = datetime.fromtimestamp(max(known, default=self._began), UTC)
        due = self._due(schedule, since)
        return 0.0 if due is None else max(0.0, self._clock() - due.timestamp())


_BUILD = ("version", "python", "schema")
_SOURCE = ("source",)


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"repo_harvest_{name}", said, value=value)


def with_metrics(app: WSGIApplication, *, meter: Meter, figures: Figures, token: str | None = None) -> WSGIApplication:
    """The application, and `/metrics` beside it, for those who may see it.

    With a `token`, these are the ones who send it (`Authorization: Bearer …`, RFC 6750). Without one, those who ask from a
    private address and not through a proxy, which would make everybody seem to be inside.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics":
            return app(environ, start_response)
        status, text, more = _refusal(environ, token) or (HTTPStatus.OK, "", ())
        body = _exposition(meter, figures) if status is HTTPStatus.OK else f"{text}\n".encode()
        kind = CONTENT_TYPE_PLAIN_0_0_4 if status is HTTPStatus.OK else "text/plain; charset=utf-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), *more]
        start_response(f"{status.value} {status.phrase}", [*headers, *SAFE.items()])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


_Refusal = tuple[HTTPStatus, str, tuple[tuple[str, str], ...]]


def _refusal(environ: WSGIEnvironment, token: str | None) -> _Refusal | None:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return HTTPStatus.METHOD_NOT_ALLOWED, "Use GET or HEAD.", (("Allow", "GET, HEAD"),)
    if token is not None:
        given = environ.get("HTTP_AUTHORIZATION", "").encode("utf-8", "surrogatepass")
        if hmac.compare_digest(given, f"Bearer {token}".encode()):
            return None
        return HTTPStatus.UNAUTHORIZED, "Send the token of [metrics].", (("WWW-Authenticate", "Bearer"),)
    if _is_inside(environ):
        return None
    why = "Metrics are told to private addresses that ask directly; for others set [metrics] token."
    return HTTPStatus.FORBIDDEN, why, ()


def _is_inside(environ: WSGIEnvironment) -> bool:
    address = address_of(environ.get("REMOTE_ADDR", ""))
    if address is None or any(environ.get(name) for name in _FORWARDED):
        return False
    return ip_address(address).is_private


def _exposition(meter: Meter, figures: Figures) -> bytes:
    whole = CollectorRegistry()
    whole.register(figures)
    return generate_latest(meter.registry()) + generate_latest(whole)
