"""The commands that read and publish: up, init, ingest, schedule."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import click

from repo_harvest import __version__, ingest, logs
from repo_harvest.alerts import tell
from repo_harvest.cli.alerting import desk
from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_report, progress, report_json
from repo_harvest.cli.say import say
from repo_harvest.cli.serving import fit, listening
from repo_harvest.errors import Busy, UsageError
from repo_harvest.ingest import Report, Source
from repo_harvest.ingest.preview import foresee, understand
from repo_harvest.model import Found, Outcome
from repo_harvest.scheduler import Planned, Scheduler, next_due
from repo_harvest.store.browse import count_feed
from repo_harvest.store.engine import shown
from repo_harvest.store.previews import Preview
from repo_harvest.store.slots import Errand
from repo_harvest.web.server import require_port, serve

if TYPE_CHECKING:
    from repo_harvest.workshop import Workshop

__all__ = ["ingest_command", "init_command", "schedule_command", "up_command"]


@click.command("up")
@listening
@pass_context
def up_command(context: Context, host: str | None, port: int | None, workers: int | None) -> None:
    """Create the database, read what is overdue, serve, and go on reading on schedule: the whole service.

    Example: repo-harvest --config config/demo.toml up
    """
    is_read_by_people = context.settings.log.format == "text"
    if not is_read_by_people:
        _log_events(context)
    settings = fit(context.settings.listening(host=host, port=port, workers=workers))
    require_port(settings.server.host, settings.server.port)
    made = context.initialise()
    say(f"repo-harvest {__version__}")
    say(f"  database      {shown(context.engine.url)}{' (made new or brought up to date)' if made else ''}")
    if count_feed(context.engine, now=time.time()).live == 0:
        first = _scheduler(context, reports=is_read_by_people)
        for planned in _planned(context.workshop):  # an empty feed helps nobody: read first, due or not, then serve
            if not first.run_due(planned):
                first.run_now(planned)
    counts = count_feed(context.engine, now=time.time())
    say(f"  records       {counts.live}")
    say(f"  harvesters    {settings.base_url}")
    say(f"  people        {settings.base_url.removesuffix('oai')}")
    say("Stop it with Ctrl+C.")
    _log_events(context)
    scheduler = _scheduler(context)
    scheduler.start()
    try:
        serve(settings, due=next_due, config=context.config_file)
    finally:
        scheduler.stop()


@click.command("init")
@pass_context
def init_command(context: Context) -> None:
    """Create the database, or bring one of an earlier version up to date. Running it twice changes nothing.

    Example: repo-harvest init
    """
    done = context.initialise()
    say(f"{shown(context.engine.url)}: {'ready' if done else 'already up to date'}")


@click.command("ingest")
@click.argument("sources", nargs=-1, metavar="[SOURCE|URL|FILE]...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--accept-drift", is_flag=True, help="Believe a page that looks wrong beside the last good one.")
@click.option(
    "--allow-private", multiple=True, metavar="HOST:PORT", help="Also fetch from this address of your network."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@pass_context
def ingest_command(
    context: Context,
    sources: tuple[str, ...],
    dry_run: bool,
    accept_drift: bool,
    allow_private: tuple[str, ...],
    as_json: bool,
) -> int:
    """Run sources now: the named ones, or all that are configured. Pages and files may be named that are not.

    Example: repo-harvest ingest criminal-justice-and-peer-mentoring
    """
    chosen = context.workshop.named(sources, allow_private=allow_private) if sources else context.workshop.sources()
    if not chosen:
        raise UsageError("no source is configured: add a [[source]] to the config file, or name a page to read")
    if context.settings.log.format == "json":
        _log_events(context)
    context.begin(settle=not dry_run)
    reports: list[Report] = []
    busy = False
    try:
        for source in chosen:
            try:
                reports.append(_ingest(context.workshop, source, dry_run=dry_run, accept_drift=accept_drift))
            except Busy as error:
                busy = True
                say(f"repo-harvest: {source.name}: {error}", err=True)
                continue
            if not as_json:
                print_report(reports[-1], dry_run=dry_run)
    finally:
        if not dry_run:
            tell(context.engine, desk(context.settings))
    if as_json:
        print_json([report_json(report) for report in reports])
    failed = any(report.run.outcome != Outcome.DONE or report.run.refused for report in reports)
    return 1 if failed or busy else 0


def _ingest(
    workshop: Workshop,
    source: Source,
    *,
    dry_run: bool = False,
    accept_drift: bool = False,
    errand: Errand | None = None,
) -> Report:
    with progress(source.name, None) as advance:
        return ingest.ingest(
            source,
            fetch=workshop.fetch,
            press=workshop.press(advance),
            dry_run=dry_run,
            accept_drift=accept_drift,
            enquirer=workshop.enquirer(),
            errand=errand,
        )


@click.command("schedule")
@pass_context
def schedule_command(context: Context) -> None:
    """Read the sources on schedule, and nothing else; any number of these may share one database.

    Example: repo-harvest schedule
    """
    _log_events(context)
    if not context.workshop.sources():
        raise UsageError("no source is configured: add a [[source]] to the config file")
    context.workshop.settle()
    scheduler = _scheduler(context)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    scheduler.start()
    say(f"reading {len(context.workshop.sources())} source(s) on schedule; stop with Ctrl+C", err=True)
    stopped.wait()
    scheduler.stop()


def _log_events(context: Context) -> None:
    """A service says what it does; a command only what it did."""
    told = context.settings.log
    logs.begin(form=told.format, level=told.level)


def _scheduler(context: Context, *, reports: bool = False) -> Scheduler:
    """What runs the sources; each run is logged, and with `reports` printed for somebody who waits for it."""
    followed = context.followed()

    def run(name: str, errand: Errand | None) -> None:
        try:
            believing = errand is not None and errand.accepts
            report = _ingest(followed(), followed().source(name), accept_drift=believing, errand=errand)
        except Busy:
            raise
        except Exception:
            tell(context.engine, desk(context.settings))
            raise
        if reports:
            print_report(report)
        tell(context.engine, desk(context.settings))

    def preview(asked: Preview) -> Found:
        workshop = followed()
        if not asked.source:
            return understand(Source(name=asked.url, url=asked.url), workshop.fetch)
        source, press = workshop.source(asked.source), workshop.press()
        return foresee(source, fetch=workshop.fetch, press=press, enquirer=workshop.enquirer())

    jitter = context.settings.scheduler.jitter
    return Scheduler(lambda: _planned(followed()), engine=context.engine, run=run, preview=preview, jitter=jitter)


def _planned(workshop: Workshop) -> list[Planned]:
    """The sources, without what is read for a run only: a profile that is wrong fails its own source."""
    return [Planned(name=s.name, url=s.address, schedule=s.schedule) for s in workshop.settings.sources]
