"""The first page of the desk, and the page of a source: how each is, what needs somebody, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, abort

from repo_harvest.model import Outcome, Run
from repo_harvest.store import health, ledger, previews, steering
from repo_harvest.store.review import count_doubts
from repo_harvest.store.told import quarantined
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import LABELS, Value, differences, tidy
from repo_harvest.web.desk.office import Office, to
from repo_harvest.web.desk.plot import Plot, plot
from repo_harvest.web.desk.runs import RunRow, run_row
from repo_harvest.web.door import Visitor

__all__ = ["add_to"]

_MOST_RUNS = 30
_MOST_WAIT = (
    "Too much is waiting already",
    "Nothing was asked for. Schedulers look at one page at a time: please try again in a minute, or see that one runs.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceRow:
    """One source as it is shown; without an address and buttons where the configuration does not name it any more."""

    name: str
    url: str | None
    last: RunRow | None
    paused: str | None
    asked: str | None
    accepts: bool
    entries: int
    quarantined: int
    due: pages.Moment | None
    plot: Plot | None

    @property
    def state(self) -> str:
        """How it is, in a word."""
        if self.last is None:
            return "Not read yet"
        return self.last.state if self.paused is None else f"{self.last.state}, paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """What needs somebody: a sentence, and where to go and do what."""

    words: str
    path: str
    todo: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _HeldRow:
    """A record in quarantine, with what is wrong beside the fields that are named there."""

    held: health.Held
    title: str
    fields: tuple[tuple[str, tuple[Value, ...], str], ...]
    others: tuple[str, ...]


def add_to(app: Flask, office: Office) -> None:
    """Add the routes."""
    app.add_url_rule("/admin/", "admin", office.shown(overview))
    app.add_url_rule("/admin/source/<source>", "admin_source", office.shown(source_page))
    what = "<any(run, pause, resume, accept, preview):what>"
    app.add_url_rule(f"/admin/source/<source>/{what}", "admin_do", office.done(do), methods=["POST"])


def overview(office: Office, visitor: Visitor) -> Response:
    """Every source, how it is, and what needs somebody first."""
    rows = _rows(office)
    return office.page("admin.html", visitor, rows=rows, needs=list(_needs(office, rows)))


def source_page(office: Office, visitor: Visitor, source: str) -> Response:
    """One source: how it is, its runs, and what of it is kept out; 404 for one that there never was."""
    row = next((one for one in _rows(office) if one.name == source), None)
    if row is None:
        abort(404)
    runs = [run_row(run) for run in ledger.history(office.engine, source, _MOST_RUNS)]
    held = [_held_row(one) for one in health.held_of(office.engine, source)]
    going = row.asked is not None or (row.last is not None and row.last.run.outcome is Outcome.RUNNING)
    return office.page("admin_source.html", visitor, row=row, runs=runs, held=held, going=going)


def do(office: Office, visitor: Visitor, source: str, what: str) -> Response:
    """Ask for a run or a preview, pause or resume a source."""
    url, by = office.require_source(source), visitor.manager or ""
    source_id, now = ledger.source_state(office.engine, source, url).id, office.now
    match what:
        case "pause":
            steering.pause(office.engine, source_id, at=now, by=by)
        case "resume":
            steering.resume(office.engine, source_id)
        case "preview":
            number = previews.ask(office.engine, source=source, url=url, at=now, by=by)
            return office.refusal(_MOST_WAIT) if number is None else to(f"admin/preview/{number}")
        case "accept":
            steering.ask_run(office.engine, source_id, at=now, by=by, accepts=True)
            return to(f"admin/source/{source}")
        case _:
            steering.ask_run(office.engine, source_id, at=now, by=by)
    return to("admin/")


def _rows(office: Office) -> list[_SourceRow]:
    engine = office.engine
    held, last, counts = steering.steered(engine), ledger.last_runs(engine), health.entries_over_time(engine)
    live, kept_out = health.live_entries(engine), quarantined(engine)
    sources = {name: (url, schedule) for name, url, schedule in office.desk.sources()}
    rows = []
    for name in (*sources, *sorted(set(last) - set(sources))):
        url, schedule = sources.get(name, (None, None))
        asked = held.get(name) or steering.Steered()
        run = last.get(name)
        rows.append(
            _SourceRow(
                name=name,
                url=url,
                last=None if run is None else run_row(run),
                paused=_since(asked.paused_at, asked.paused_by),
                asked=_since(asked.asked_at, asked.asked_by),
                accepts=asked.accepts,
                entries=live.get(name, 0),
                quarantined=kept_out.get(name, 0),
                due=_due(office, schedule) if asked.paused_at is None else None,
                plot=plot(counts.get(name, [])),
            )
        )
    return rows


def _due(office: Office, schedule: str | None) -> pages.Moment | None:
    found = None if schedule is None else office.desk.due(schedule, datetime.fromtimestamp(office.now, UTC))
    return None if found is None else pages.moment(found.timestamp())


def _needs(office: Office, rows: Sequence[_SourceRow]) -> Iterator[_Need]:
    """What needs somebody, the worst first."""
    for row in rows:
        if row.last is not None and row.url is not None and _is_bad(row.last.run):
            words = "was refused" if row.last.run.outcome is Outcome.REFUSED else "did not end well"
            yield _Need(
                words=f"The last run {words}; what was published before still stands.",
                path=f"admin/source/{row.name}",
                todo="See why, and what would be published",
                source=row.name,
            )
    for row in rows:
        if row.quarantined:
            words = "1 record is" if row.quarantined == 1 else f"{row.quarantined} records are"
            yield _Need(
                words=f"{words} in quarantine.",
                path=f"admin/source/{row.name}",
                todo="See what is wrong",
                source=row.name,
            )
    pairs, _ = count_doubts(office.engine)
    if pairs:
        words = "1 pair of records" if pairs == 1 else f"{pairs:,} pairs of records"
        yield _Need(words=f"{words} may be the same work.", path="admin/duplicates", todo="Decide")
    for row in rows:
        if row.last is None and row.asked is None and row.paused is None:
            yield _Need(
                words="It was not read yet.", path=f"admin/source/{row.name}", todo="Read it now", source=row.name
            )


def _is_bad(run: Run) -> bool:
    return run.outcome in {Outcome.REFUSED, Outcome.FAILED, Outcome.DIED}


def _held_row(held: health.Held) -> _HeldRow:
    """The reason is one sentence or more; one that names a field stands beside it."""
    reasons = [tidy(reason) for reason in held.reason.split("; ")]
    fields, used = [], set[str]()
    for name, one in zip(held.record.as_dict(), differences(None, held.record), strict=True):
        about = [reason for reason in reasons if _is_about(reason, name)]
        used.update(about)
        fields.append((one.label, one.new, "; ".join(about)))
    title = tidy(next(iter(held.record.title), "")) or "A record without a title"
    others = tuple(reason for reason in reasons if reason not in used)
    return _HeldRow(held=held, title=title, fields=tuple(fields), others=others)


def _is_about(reason: str, name: str) -> bool:
    """Whether a reason names a field, as itself or as the element it becomes."""
    said = reason.lower()
    return any(word in said for word in {name, name.removesuffix("s"), LABELS[name].lower()})


def _since(at: int | None, by: str | None) -> str | None:
    """When and by whom, in words; `None` where it never was."""
    return None if at is None else f"{pages.moment(at).words}, by {pages.printable(by or '')}"
