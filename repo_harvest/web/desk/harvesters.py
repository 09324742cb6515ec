"""The page of harvesters: who comes for the records, what each was given, and what it has not got yet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response

from repo_harvest.store.receipts import Progress, State, read_harvesters
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import tidy
from repo_harvest.web.desk.office import Office
from repo_harvest.web.door import Visitor

__all__ = ["add_to"]

_QUIET = 3600  # seconds after which nobody goes on with a list
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One harvester as it is shown."""

    address: str
    agent: str
    asks_for: str
    first: pages.Moment
    last: pages.Moment
    requests: int
    records: int
    has: str
    course: str


def add_to(app: Flask, office: Office) -> None:
    """Add the route."""
    app.add_url_rule("/admin/harvesters", "admin_harvesters", office.shown(harvesters))


def harvesters(office: Office, visitor: Visitor) -> Response:
    """Everybody who harvested, the one that came last first."""
    states = read_harvesters(office.engine)
    rows = [_row(state, office.now) for state in states[:_MOST_SHOWN]]
    return office.page("admin_harvesters.html", visitor, rows=rows, others=len(states) - len(rows))


def _row(state: State, now: int) -> _Row:
    who = state.harvester
    asks_for = [who.verb, who.prefix, f"set {who.set_spec}" if who.set_spec else ""]
    return _Row(
        address=pages.printable(who.address),
        agent=tidy(who.agent) or "unnamed",
        asks_for=pages.printable(" ".join(filter(None, asks_for))),
        first=pages.moment(state.first_seen),
        last=pages.moment(state.last_seen),
        requests=state.requests,
        records=state.records,
        has=_has(state),
        course=_course(state.lists[0][1], now) if state.lists else "",
    )


def _has(state: State) -> str:
    """What it was given, and what not yet."""
    if state.harvester.verb == "GetRecord":
        return "It asks for single records."
    lacks = [
        f"{count:,} {word if count == 1 else word + 's'}"
        for count, word in ((state.missing_live, "record"), (state.missing_deleted, "deletion"))
        if count
    ]
    missing = f" It has not got {' and '.join(lacks)} yet." if lacks else ""
    if state.complete_to is None:
        return f"It never had a whole list.{missing}"
    nothing = "" if lacks else " Nothing is new since."
    return f"It has everything up to {pages.moment(state.complete_to).words}.{missing}{nothing}"


def _course(progress: Progress, now: int) -> str:
    """How its last list goes, while that is not at its end."""
    if progress.upto is not None:
        return ""
    broke_off = now - progress.last >= _QUIET
    return f"{'Its last list broke off' if broke_off else 'A list is under way'}: {progress.records:,} of {progress.size:,} records."
