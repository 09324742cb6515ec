"""The pages of runs: all of them, and one with everything that it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, Response, abort

from repo_harvest.match.keys import title_of
from repo_harvest.model import Foreseen, Kind, Outcome, Record, Run, Severity
from repo_harvest.store import ledger, run_changes
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import Difference, differences, tidy
from repo_harvest.web.desk.office import Office
from repo_harvest.web.door import Visitor

__all__ = ["LARGEST", "ChangeRow", "RunRow", "add_to", "change_rows", "run_row"]

LARGEST = 2**53  # of the numbers in a path: more than there will ever be, and databases take it
_MOST_RUNS = 100
_MOST_PROBLEMS = 100
_STATES = {
    Outcome.RUNNING: "Running",
    Outcome.DONE: "Well",
    Outcome.REFUSED: "Refused",
    Outcome.FAILED: "Failed",
    Outcome.DIED: "Stopped midway",
}
_KINDS = {Kind.NEW: "Added", Kind.CHANGED: "Changed", Kind.MERGED: "Merged", Kind.GONE: "Gone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run as it is shown."""

    run: Run
    started: pages.Moment
    took: str
    state: str
    came_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What became of one item, or would."""

    kind: str
    identifier: str
    title: str
    reason: str
    differences: tuple[Difference, ...]


def add_to(app: Flask, office: Office) -> None:
    """Add the routes."""
    app.add_url_rule("/admin/runs", "admin_runs", office.shown(runs))
    app.add_url_rule("/admin/runs/<source>", "admin_runs_of", office.shown(runs))
    app.add_url_rule(f"/admin/run/<int(max={LARGEST}):number>", "admin_run", office.shown(run_page))


def runs(office: Office, visitor: Visitor, source: str | None = None) -> Response:
    """The last hundred runs, of one source or of all; 404 for a source that there never was."""
    found = ledger.history(office.engine, source, _MOST_RUNS)
    if source is not None and not found and source not in office.sources:
        abort(404)
    return office.page("admin_runs.html", visitor, source=source, rows=[run_row(run) for run in found])


def run_page(office: Office, visitor: Visitor, number: int) -> Response:
    """One run and what it changed; one that is going on is looked at again by itself."""
    run = ledger.find_run(office.engine, number)
    if run is None:
        abort(404)
    moved, is_cut = run_changes.changes_of(office.engine, run)
    problems = [(str(one.severity), tidy(str(one))) for one in run.problems if one.severity is not Severity.NOTE]
    notes = [tidy(str(one)) for one in run.problems if one.severity is Severity.NOTE]
    return office.page(
        "admin_run.html",
        visitor,
        row=run_row(run),
        rows=change_rows(moved),
        is_cut=is_cut,
        problems=problems[:_MOST_PROBLEMS],
        notes=notes[:_MOST_PROBLEMS],
        going=run.outcome is Outcome.RUNNING,
        is_configured=run.source in office.sources,
        seconds=max(0, office.now - run.started),
    )


def run_row(run: Run) -> RunRow:
    """A run as it is shown."""
    took = "" if run.ended is None else f"{run.ended - run.started} s"
    came_of = pages.printable(run.came_of)
    return RunRow(run=run, started=pages.moment(run.started), took=took, state=_STATES[run.outcome], came_of=came_of)


def change_rows(found: Iterable[Foreseen]) -> list[ChangeRow]:
    """Changes as they are shown, each with what differs."""
    return [
        ChangeRow(
            kind=_KINDS.get(one.kind, str(one.kind)),
            identifier=one.identifier,
            title=_title(one.now or one.was) or one.identifier,
            reason=tidy(one.reason),
            differences=differences(one.was, one.now) if one.kind is Kind.CHANGED else (),
        )
        for one in found
    ]


def _title(record: Record | None) -> str:
    return "" if record is None else tidy(title_of(record))
