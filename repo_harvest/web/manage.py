"""The pages of those who look after the collection: what became of each source, and three buttons. All of it without scripts.

Nothing changes by GET. A form that was filled in is answered by 303 and a way of ours, never by an address from the request:
none is read from it. Managers ask, and schedulers do (`store.steering`): a page never waits for a run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, abort, make_response, render_template, request
from sqlalchemy import Engine

from repo_harvest.model import Run
from repo_harvest.store import ledger, steering
from repo_harvest.web import pages
from repo_harvest.web.door import LOCKED, Door, Locked, Visitor
from repo_harvest.web.ways import root

__all__ = ["Desk", "Manage"]

_LOG = logging.getLogger(__name__)
_MOST_OF_FORM = 16_384  # bytes
_MOST_RUNS = 100
_OUT_OF_DATE = (
    "This form is out of date",
    "It was not sent from a page that this service gave you last. Nothing was changed. Go back, load the page again, and repeat it.",
)
_NOT_LET_IN = ("These pages are for managers", "The sign-in of your organisation did not say who you are.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the manager's pages work with: the door, and each configured source as its name and address."""

    door: Door
    sources: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunRow:
    """One run as it is shown."""

    run: Run
    started: pages.Moment
    came_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceRow:
    """One source as it is shown; without a button where the configuration does not name it any more."""

    name: str
    url: str | None
    last: _RunRow | None
    paused: str | None
    asked: str | None


class Manage:
    """The pages under /admin/."""

    def __init__(self, desk: Desk, engine: Engine, clock: Callable[[], float]) -> None:
        self._door, self._sources = desk.door, dict(desk.sources)
        self._engine, self._clock = engine, clock

    def add_to(self, app: Flask) -> None:
        """Add the routes."""
        app.config["MAX_CONTENT_LENGTH"] = _MOST_OF_FORM
        app.add_url_rule("/admin/", "admin", self.overview)
        app.add_url_rule("/admin/runs", "admin_runs", self.runs)
        app.add_url_rule("/admin/runs/<source>", "admin_runs_of", self.runs)
        app.add_url_rule("/admin/source/<source>/<any(run, pause, resume):what>", "admin_do", self.do, methods=["POST"])
        if self._door.has_sign_in:
            app.add_url_rule("/admin/sign-in", "admin_sign_in", self.sign_in)
            app.add_url_rule("/admin/sign-in", "admin_let_in", self.let_in, methods=["POST"])
            app.add_url_rule("/admin/sign-out", "admin_sign_out", self.sign_out, methods=["POST"])

    def overview(self) -> Response:
        """Every source, how its last run ended, and what can be asked."""
        visitor = self._visitor()
        if visitor.manager is None:
            return self._outside()
        held, last = steering.steered(self._engine), ledger.last_runs(self._engine)
        names = [*self._sources, *sorted(set(last) - set(self._sources))]
        rows = [self._row(name, held.get(name) or steering.Steered(), last.get(name)) for name in names]
        return self._page("admin.html", visitor, rows=rows)

    def runs(self, source: str | None = None) -> Response:
        """The last hundred runs, of one source or of all; 404 for a source that there never was."""
        visitor = self._visitor()
        if visitor.manager is None:
            return self._outside()
        # No source has a NUL in its name, and PostgreSQL does not even let one ask.
        found = [] if source is not None and "\0" in source else ledger.history(self._engine, source, _MOST_RUNS)
        if source is not None and not found and source not in self._sources:
            abort(HTTPStatus.NOT_FOUND)
        return self._page("admin_runs.html", visitor, source=source, rows=[_run_row(run) for run in found])

    def do(self, source: str, what: str) -> Response:
        """Ask for a run, pause or resume a source, and show the overview again."""
        visitor = self._visitor()
        if visitor.manager is None:
            return self._refusal(_NOT_LET_IN)
        if not self._is_own(visitor):
            return self._refusal(_OUT_OF_DATE)
        if source not in self._sources:
            abort(HTTPStatus.NOT_FOUND)
        source_id, now = ledger.source_state(self._engine, source, self._sources[source]).id, int(self._clock())
        match what:
            case "pause":
                steering.pause(self._engine, source_id, at=now, by=visitor.manager)
            case "resume":
                steering.resume(self._engine, source_id)
            case _:
                steering.ask_run(self._engine, source_id, at=now, by=visitor.manager)
        _LOG.info("admin: %s by %r: %s", source, visitor.manager, what)
        return _to("admin/")

    def sign_in(self) -> Response:
        """The form that asks who it is."""
        visitor = self._visitor()
        return _to("admin/") if visitor.manager is not None else self._page("sign_in.html", visitor, fault=None)

    def let_in(self) -> Response:
        """The form filled in: 303 with another cookie, 403 for what is not right, 429 after too many attempts."""
        visitor, name = self._visitor(), _stated("name")
        if not self._is_own(visitor):
            return self._refusal(_OUT_OF_DATE)
        try:
            manager = self._door.sign_in(request.environ, name, _stated("password"), now=int(self._clock()))
        except Locked:
            _LOG.warning("admin: too many attempts to sign in")
            fault = f"There were too many attempts. Please try again in {LOCKED // 60} minutes."
            page = self._page("sign_in.html", visitor, HTTPStatus.TOO_MANY_REQUESTS, fault=fault)
            page.headers["Retry-After"] = str(LOCKED)
            return page
        if manager is None:
            _LOG.warning("admin: an attempt to sign in failed")  # what was typed as the name may be a password
            fault = "The name or the password is not right."
            return self._page("sign_in.html", visitor, HTTPStatus.FORBIDDEN, fault=fault)
        self._door.sign_out(visitor)
        _LOG.info("admin: %r signed in", manager.manager)
        answer = _to("admin/")
        answer.headers["Set-Cookie"] = self._door.cookie(manager)
        return answer

    def sign_out(self) -> Response:
        """The session is over."""
        visitor = self._visitor()
        if not self._is_own(visitor):
            return self._refusal(_OUT_OF_DATE)
        self._door.sign_out(visitor)
        answer = _to("admin/sign-in")
        answer.headers["Set-Cookie"] = self._door.no_cookie()
        return answer

    def _visitor(self) -> Visitor:
        return self._door.visitor(request.environ, now=int(self._clock()))

    def _is_own(self, visitor: Visitor) -> bool:
        return self._door.is_own_form(request.environ, visitor, request.form.getlist("token"))

    def _outside(self) -> Response:
        return _to("admin/sign-in") if self._door.has_sign_in else self._refusal(_NOT_LET_IN)

    def _page(self, template: str, visitor: Visitor, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Response:
        token, sign_out = self._door.form_token(visitor), self._door.has_sign_in
        text = render_template(template, manager=visitor.manager, token=token, has_sign_out=sign_out, **values)
        page = make_response(text, status)
        if visitor.is_new:
            page.headers["Set-Cookie"] = self._door.cookie(visitor)
        return page

    def _refusal(self, said: tuple[str, str]) -> Response:
        return make_response(render_template("fault.html", heading=said[0], sentence=said[1]), HTTPStatus.FORBIDDEN)

    def _row(self, name: str, held: steering.Steered, last: Run | None) -> _SourceRow:
        return _SourceRow(
            name=name,
            url=self._sources.get(name),
            last=None if last is None else _run_row(last),
            paused=_since(held.paused_at, held.paused_by),
            asked=_since(held.asked_at, held.asked_by),
        )


def _run_row(run: Run) -> _RunRow:
    return _RunRow(run=run, started=pages.moment(run.started), came_of=pages.printable(run.came_of))


def _since(at: int | None, by: str | None) -> str | None:
    """When and by whom, in words; `None` where it never was."""
    return None if at is None else f"{pages.moment(at).words}, by {pages.printable(by or '')}"


def _stated(name: str) -> str:
    """What a form says in a field, once; a field that is there twice says nothing."""
    given = request.form.getlist(name)
    return given[0] if len(given) == 1 else ""


def _to(path: str) -> Response:
    """See other (RFC 9110 section 15.4.4), by a relative way."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": root() + path}, mimetype="text/plain")
