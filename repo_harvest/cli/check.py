"""The command that judges any OAI-PMH endpoint: no config, no database."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from repo_harvest.check import Limits, Options, Report, as_json, as_junit, check_endpoint, over_http
from repo_harvest.check.groups.kit import short
from repo_harvest.check.outcome import Status
from repo_harvest.check.readiness import Need, Readiness, State
from repo_harvest.check.registry import GROUPS, group
from repo_harvest.check.report import STANDARD, place_of
from repo_harvest.check.rule import Result
from repo_harvest.cli.output import print_json, progress
from repo_harvest.cli.say import styled
from repo_harvest.errors import UsageError

__all__ = ["check_command"]

_FULL = {"requests": 20_000, "seconds": 7200.0}  # the limits of --full, unless others are given
_PARTLY = {"requests": 400, "seconds": 600.0}
_PAGES = 10
_SHOWN = 3  # faults of a check
_LINE = 240  # characters of a request or an answer
_STYLES = {
    Status.PASSED: "green",
    Status.FAILED: "bold red",
    Status.WARNED: "yellow",
    Status.NOT_APPLICABLE: "dim",
    Status.UNCHECKED: "magenta",
}
_MARKS = {State.MET: ("yes", "green"), State.NOT_MET: ("no", "red"), State.UNSEEN: ("?", "dim")}


@click.command("check")
@click.argument("base_url")
@click.option("--json", "as_json_", is_flag=True, help="Print the whole report as JSON.")
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write it as JUnit XML, for build servers."
)
@click.option("--metadata-prefix", metavar="PREFIX", help="Judge this format. Default: oai_dc.")
@click.option("--set", "set_spec", metavar="SPEC", help="Judge this set alone.")
@click.option("--full", is_flag=True, help=f"Read the lists to their end, not {_PAGES} pages of each.")
@click.option("--pause", type=click.FloatRange(0, 60), default=0.2, show_default=True, help="Seconds between requests.")
@click.option(
    "--timeout", type=click.FloatRange(1, 600), default=30.0, show_default=True, help="Seconds for one answer."
)
@click.option("--max-requests", type=click.IntRange(1), help="Make at most so many. Default: 400; with --full 20,000.")
@click.option("--max-seconds", type=click.FloatRange(1), help="Take at most so long. Default: 600; with --full 7,200.")
def check_command(
    base_url: str,
    as_json_: bool,
    junit: Path | None,
    metadata_prefix: str | None,
    set_spec: str | None,
    full: bool,
    pause: float,
    timeout: float,
    max_requests: int | None,
    max_seconds: float | None,
) -> int:
    """Judge any OAI-PMH endpoint by the standard, and say what BASE, CORE, OpenAIRE and Primo would lack.

    It only reads, one request after another. Exit status 1: a MUST of the standard failed, or the endpoint could not
    be judged. Example: repo-harvest check http://127.0.0.1:8080/oai
    """
    address = _address(base_url)
    limit = _FULL if full else _PARTLY
    limits = Limits(
        pause=pause,
        requests=max_requests or int(limit["requests"]),
        seconds=max_seconds or limit["seconds"],
        pages=None if full else _PAGES,
    )
    with progress(f"asking {urlsplit(address).netloc}", None if full else 300) as told:
        report = check_endpoint(
            address,
            over_http(address, seconds=timeout),
            sleep=time.sleep,
            clock=time.monotonic,
            wall=time.time,
            limits=limits,
            options=Options(prefix=metadata_prefix, set_spec=set_spec),
            told=told,
        )
    if junit is not None:
        junit.write_bytes(as_junit(report))
    if as_json_:
        print_json(as_json(report))
    else:
        _print(report)
    return 0 if report.passed else 1


def _address(base_url: str) -> str:
    """The base URL without a request that was copied along with it; raises `UsageError` if there is none in it."""
    address = base_url.strip()
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{base_url}: not a base URL; one is written like https://example.org/oai")
    if parts.query and "verb=" not in parts.query:
        raise UsageError(f"{base_url}: a base URL holds no ?; leave out {parts.query!r}")
    return parts._replace(query="", fragment="").geturl()


# --- the report, for a person ---


def _print(report: Report) -> None:
    console = Console(highlight=False, soft_wrap=False)
    console.print(styled(f"{report.name or 'No repository'} at {report.base_url}", style="bold"))
    console.print(
        styled(f"{len(report.results)} checks, {report.requests} requests, {report.seconds:.0f} seconds", style="dim")
    )
    if report.problem:
        console.print(styled(f"\nThis endpoint could not be judged: {report.problem}", style="bold red"))
        console.print(styled("Check the address: it is what harvesters are given, and answers to ?verb=Identify."))
        return
    for note in report.notes:
        console.print(styled(f"Note: {note}."))
    console.print()
    console.print(_overview(report))
    _print_faults(console, report)
    _print_unchecked(console, report)
    for table in report.readiness:
        console.print()
        console.print(_readiness(table))
        console.print(styled(table.source, style="dim"), soft_wrap=True)
    console.print()
    console.print(_verdict(report))


def _overview(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("group")
    statuses = list(Status)
    for status in statuses:
        table.add_column(str(status), justify="right")
    for title in GROUPS.values():
        results = [result for result in report.results if group(result.check) == title]
        counts = [sum(result.status is status for result in results) for status in statuses]
        if results:
            cells = (styled(str(n) if n else "", style=_STYLES[s]) for n, s in zip(counts, statuses, strict=True))
            table.add_row(title, *cells)
    return table


def _print_faults(console: Console, report: Report) -> None:
    """What failed, then what warns: the fault, where it shows, what to do."""
    for status in (Status.FAILED, Status.WARNED):
        for result in report.results:
            if result.status is status:
                console.print()
                _print_fault(console, result)


def _print_fault(console: Console, result: Result) -> None:
    level = f"{result.status}, a {result.check.level}" if result.status is Status.FAILED else str(result.status)
    heading = styled(f"{result.check.id}  ", style="bold") + styled(result.check.title)
    console.print(heading + styled(f"  ({level})", style=_STYLES[result.status]))
    for fault in result.faults[:_SHOWN]:
        console.print(styled(f"  {fault.what}"), soft_wrap=True)
        if fault.request:
            console.print(styled(f"    asked     {short(fault.request, _LINE)}", style="dim"), soft_wrap=True)
        if fault.answer:
            console.print(styled(f"    answered  {short(fault.answer, _LINE)}", style="dim"), soft_wrap=True)
    if len(result.faults) > _SHOWN:
        console.print(styled(f"  and {len(result.faults) - _SHOWN} more like it; --json lists them"))
    console.print(styled(f"  What to do: {result.check.advice} [{place_of(result)}]"), soft_wrap=True)


def _print_unchecked(console: Console, report: Report) -> None:
    """What could not be checked, by reason."""
    reasons: dict[str, list[str]] = {}
    for result in report.results:
        if result.status is Status.UNCHECKED:
            reasons.setdefault(result.reason, []).append(result.check.id)
    if reasons:
        console.print(styled("\nCould not be checked", style="bold"))
    for reason, ids in reasons.items():
        console.print(styled(f"  {', '.join(ids)}: {reason}."), soft_wrap=True)


def _readiness(readiness: Readiness) -> Table:
    counts = []
    for need in Need:
        states = [row.state for row in readiness.requirements if row.need is need]
        counts.append(f"{states.count(State.MET)} of {len(states)} {need}")
    title = f"Ready for {readiness.harvester}? {', '.join(counts)}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_header=False)
    for _ in range(4):
        table.add_column(overflow="fold")
    for row in readiness.requirements:
        mark, style = _MARKS[row.state]
        table.add_row(styled(mark, style=style), row.need, styled(row.title), styled(row.basis, style="dim"))
    return table


def _verdict(report: Report) -> Text:
    counts = {status: sum(result.status is status for result in report.results) for status in Status}
    told = [
        "Nothing that the standard demands failed"
        if report.passed
        else f"Failed: {_many(counts[Status.FAILED], 'check')}",
        _many(counts[Status.WARNED], "warning"),
    ]
    if counts[Status.UNCHECKED]:
        told.append(f"{_many(counts[Status.UNCHECKED], 'check')} could not be made")
    return styled(f"{'; '.join(told)}. The standard: {STANDARD}", style="green" if report.passed else "bold red")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
