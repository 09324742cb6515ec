"""What a run did, in, the lines that a person or a program reads, out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from repo_harvest.cli.say import say, styled
from repo_harvest.model import Kind, Outcome, Run, Severity, utc_text

__all__ = ["print_json", "print_report", "print_table", "progress", "report_json", "run_json", "short", "when"]

if TYPE_CHECKING:
    from repo_harvest.ingest import Report

_MOST_SHOWN = 20
_TITLE_SHOWN = 60  # characters


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr while the block runs; the block is given a function that takes steps done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps: bar.advance(task, steps)


def print_json(value: object) -> None:
    """The value as JSON on stdout."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A table on stdout, as wide as the terminal."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.show_header = any(columns)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(styled(cell) for cell in row))  # Text: what a page says is never markup
    Console(highlight=False).print(table)


def print_report(report: Report, *, dry_run: bool = False) -> None:
    """One line of counts on stdout, then what changed; what was refused or is wrong goes to stderr."""
    run = report.run
    if run.outcome is not Outcome.DONE:
        named = run.message if run.message.startswith(run.source) else f"{run.source}: {run.message}"
        say(f"refused: {named}", err=True)
        return
    counts = f"{run.new} new, {run.changed} changed, {run.same} same, {run.gone} gone, {run.merged} merged, {run.refused} refused"
    if run.missing:
        counts += f", {run.missing} missing"
    say(f"{run.source}: {counts}" + (" (dry run: nothing was written)" if dry_run else ""))
    told = [change for change in report.changes if change.kind is not Kind.SAME]
    for change in told[:_MOST_SHOWN]:
        why = "" if change.kind is Kind.NEW and change.reason == "not seen before" else f": {change.reason}"
        say(f"  {change.kind:<8} {change.identifier}  {short(change.title)}{why}")
    if len(told) > _MOST_SHOWN:
        say(f"  and {len(told) - _MOST_SHOWN} more")
    for problem in run.problems:
        say(f"  {problem.severity}: {problem}", err=problem.severity is not Severity.NOTE)


def short(title: str) -> str:
    """A title in one line of a terminal."""
    return title if len(title) <= _TITLE_SHOWN else f"{title[:_TITLE_SHOWN]}…"


def report_json(report: Report) -> dict[str, Any]:
    """A report as plain values."""
    changes = [
        {"kind": c.kind, "identifier": c.identifier, "title": c.title, "reason": c.reason} for c in report.changes
    ]
    stamp = None if report.datestamp is None else utc_text(report.datestamp)
    return {**run_json(report.run), "datestamp": stamp, "changes": changes}


def run_json(run: Run) -> dict[str, Any]:
    """A run as plain values; times as in the protocol."""
    counts = {
        name: getattr(run, name) for name in ("seen", "new", "changed", "same", "gone", "merged", "refused", "missing")
    }
    return {
        "id": run.id,
        "source": run.source,
        "outcome": run.outcome,
        "started": utc_text(run.started),
        "ended": None if run.ended is None else utc_text(run.ended),
        **counts,
        "message": run.message,
        "shape": None if run.shape is None else run.shape.as_dict(),
        "problems": [{"where": p.where, "what": p.what, "severity": p.severity} for p in run.problems],
    }


def when(seconds: int | None) -> str:
    """UTC seconds since 1970 for a person, `never` for none.

    >>> when(1_788_603_300)
    '5 Sep 2026, 10:15 UTC'
    """
    if seconds is None:
        return "never"
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
