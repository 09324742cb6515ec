"""What the pages of managers share: who asks, the door that is held against others, and how a page is made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import parse_qsl

from flask import Response, abort, make_response, render_template, request
from sqlalchemy import Engine

from repo_harvest.web.door import Door, Visitor
from repo_harvest.web.ways import root

if TYPE_CHECKING:
    from repo_harvest.ingest import Press

__all__ = ["Desk", "Office", "asked", "stated", "to"]

_P = ParamSpec("_P")
_LOG = logging.getLogger(__name__)
_LOOK_AGAIN = 3  # seconds; whoever needs longer to read can hold the page still (WCAG 2.2.2)
_OUT_OF_DATE = (
    "This form is out of date",
    "It was not sent from a page that this service gave you last. Nothing was changed. Go back, load the page again, and repeat it.",
)
_NOT_LET_IN = ("These pages are for managers", "The sign-in of your organisation did not say who you are.")


def _never(_schedule: str, _now: datetime) -> datetime | None:
    """When a source is due that nothing tells the schedule of."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the manager's pages work with: the door, and what tells the configured sources as they are now: name, address, schedule.

    `due` reads schedules; `sets` are the configured ones, by setSpec.
    `press` makes what publishing works with; without it nothing can be decided. `add_source` puts a source into the config file at `config`; without it there is
    none that the desk may write.
    """

    door: Door
    sources: Callable[[], Sequence[tuple[str, str, str | None]]] = tuple
    due: Callable[[str, datetime], datetime | None] = _never
    sets: Mapping[str, str] = field(default_factory=dict)
    press: Callable[[], Press] | None = None
    config: str | None = None
    add_source: Callable[[Mapping[str, str | Sequence[str]]], None] | None = None


class Office:
    """A desk in a service: `clock` gives UTC seconds since 1970."""

    def __init__(self, desk: Desk, engine: Engine, clock: Callable[[], float]) -> None:
        self.desk, self.engine, self._clock = desk, engine, clock

    @property
    def sources(self) -> dict[str, str]:
        """The address of each configured source, by name."""
        return {name: url for name, url, _ in self.desk.sources()}

    @property
    def now(self) -> int:
        """UTC seconds since 1970."""
        return int(self._clock())

    def shown(self, view: Callable[Concatenate[Office, Visitor, _P], Response]) -> Callable[_P, Response]:
        """A page that only managers see; others are shown to the sign-in page."""

        def page(*args: _P.args, **values: _P.kwargs) -> Response:
            visitor = self.visitor()
            if visitor.manager is None:
                return self.outside()
            _refuse_nul(values)
            return view(self, visitor, *args, **values)

        return page

    def done(self, act: Callable[Concatenate[Office, Visitor, _P], Response]) -> Callable[_P, Response]:
        """What only managers do, by a form of theirs: 403 for anybody else, and for a form that is not of ours."""

        def form(*args: _P.args, **values: _P.kwargs) -> Response:
            visitor = self.visitor()
            if visitor.manager is None:
                return self.refusal(_NOT_LET_IN)
            if not self.is_own(visitor):
                return self.out_of_date()
            _refuse_nul({**values, **request.form})
            answer = act(self, visitor, *args, **values)
            _LOG.info("admin: %s by %r", request.path, visitor.manager)
            return answer

        return form

    def visitor(self) -> Visitor:
        """Who sends this request."""
        return self.desk.door.visitor(request.environ, now=self.now)

    def is_own(self, visitor: Visitor) -> bool:
        """Whether the form that was sent is one of ours, that this visitor was given."""
        return self.desk.door.is_own_form(request.environ, visitor, request.form.getlist("token"))

    def outside(self) -> Response:
        """What those see who are no managers."""
        return to("admin/sign-in") if self.desk.door.has_sign_in else self.refusal(_NOT_LET_IN)

    def page(
        self,
        template: str,
        visitor: Visitor,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        going: bool = False,
        **values: object,
    ) -> Response:
        """A page with what its forms need; one of what is `going` on is looked at again by itself, unless it is to be held still."""
        again = _LOOK_AGAIN if going and not asked("still") else None
        door = self.desk.door
        given = {"manager": visitor.manager, "token": door.form_token(visitor), "has_sign_out": door.has_sign_in}
        page = make_response(render_template(template, going=going, again=again, **given, **values), status)
        if again is not None:
            page.headers["Refresh"] = str(again)
        if visitor.is_new:
            page.headers["Set-Cookie"] = door.cookie(visitor)
        return page

    def out_of_date(self) -> Response:
        """The page for a form that is not one of ours."""
        return self.refusal(_OUT_OF_DATE)

    def refusal(self, said: tuple[str, str], status: HTTPStatus = HTTPStatus.FORBIDDEN) -> Response:
        """The page for what is not done: a heading and a sentence."""
        return make_response(render_template("fault.html", heading=said[0], sentence=said[1]), status)

    def require_source(self, name: str) -> str:
        """The address of a configured source; 404 for another."""
        sources = self.sources
        return sources[name] if name in sources else abort(HTTPStatus.NOT_FOUND)


def asked(name: str) -> str:
    """What the query string says of a name, once; Flask's own reading of it fails on bytes that are not UTF-8."""
    given = [value for key, value in parse_qsl(request.environ.get("QUERY_STRING", "")) if key == name]
    return given[0] if len(given) == 1 and "\0" not in given[0] else ""


def stated(name: str) -> str:
    """What a form says in a field, once; a field that is there twice says nothing."""
    given = request.form.getlist(name)
    return given[0] if len(given) == 1 else ""


def to(path: str) -> Response:
    """See other (RFC 9110 section 15.4.4), by a relative way."""
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": root() + path}, mimetype="text/plain")


def _refuse_nul(values: Mapping[str, object]) -> None:
    """Nothing of ours has a NUL in its name, and PostgreSQL does not even let one ask."""
    if any("\0" in value for value in values.values() if isinstance(value, str)):
        abort(HTTPStatus.NOT_FOUND)
