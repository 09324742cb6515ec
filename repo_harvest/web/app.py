"""A WSGI request in: the feed's goes to the feed untouched, any other becomes a page for people.

The feed is recognised before anything else is done, so that no framework stands on the path that machines pound.
Pages have no script at all. Every link to a page of ours is relative, so that it holds behind a proxy that puts us under
another path; nothing is believed of what a request says about the address it was sent to. A fault of the store is 503,
never an empty list.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Flask, Response, abort, render_template, request
from jinja2 import StrictUndefined
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from repo_harvest.errors import StoreError, StoreUnavailable
from repo_harvest.formats.landing import item_path, landing
from repo_harvest.model import Feed, Window
from repo_harvest.oai import Repository
from repo_harvest.store import schema
from repo_harvest.store.browse import Detail, detail, list_items
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.replica import ReplicatedFeed
from repo_harvest.store.search.results import find
from repo_harvest.web import item, pages, searching
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.discovery import Discovery
from repo_harvest.web.explore.explorer import Explorer
from repo_harvest.web.limits import Limits
from repo_harvest.web.looks import Looks
from repo_harvest.web.maintenance import Maintenance
from repo_harvest.web.manage import Manage
from repo_harvest.web.places import Places
from repo_harvest.web.safe import safe
from repo_harvest.web.synchronization import Synchronization
from repo_harvest.web.watch import REQUEST_ID
from repo_harvest.web.ways import root

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["make_app", "make_pages"]

_LOG = logging.getLogger(__name__)
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,7}")
_RETRY_AFTER = {"Retry-After": "10"}  # seconds
_ANY = Window(prefix="oai_dc")
_AWAY = (StoreUnavailable, SQLAlchemyError)
_THROUGH_MAINTENANCE = frozenset({"healthz", "static"})

_FAULTS = {
    HTTPStatus.NOT_FOUND: ("There is no such page", "The address may be mistyped, or the link that led here be wrong."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This page can only be read", "It takes no form and no change."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The records cannot be read at the moment",
        "The database does not answer. None of the records is lost. Please try again in 10 seconds.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Something went wrong here",
        "It is not your doing, and it has been noted for those who run this service.",
    ),
}
"""What a page says about a status, as heading and sentence; any other status gets its own phrase."""


def make_app(
    *,
    engine: Engine,
    oai: WSGIApplication,
    repository: Repository,
    clock: Callable[[], float] = time.time,
    feed: Feed | None = None,
    maintenance: Maintenance | None = None,
    desk: Desk | None = None,
    clients: Clients | None = None,
    limits: Limits | None = None,
) -> WSGIApplication:
    """The whole service as one WSGI application; `clock` gives UTC seconds since 1970, which pages are dated with.

    `feed` is what has to be readable for the service to be ready: without it, that of the engine. `desk` is what the manager's
    pages work with; without it there are none. `clients` and `limits` are those of the feed, to whose budgets the explorer counts.
    `oai` answers on `/oai` and `/oai/` and on the path of the repository's base URL, whatever the method. Any number of threads
    may call the application.
    """
    people = make_pages(
        engine=engine,
        repository=repository,
        clock=clock,
        feed=feed,
        maintenance=maintenance,
        desk=desk,
        clients=clients,
        limits=limits,
    )
    places = Places(repository)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if places.is_feed(environ):
            return oai(environ, start_response)
        return people(places.of_page(environ), start_response)

    return app


def make_pages(
    *,
    engine: Engine,
    repository: Repository,
    clock: Callable[[], float] = time.time,
    feed: Feed | None = None,
    maintenance: Maintenance | None = None,
    desk: Desk | None = None,
    clients: Clients | None = None,
    limits: Limits | None = None,
) -> Flask:
    """The pages alone, without the feed, of the same things as `make_app`."""
    feed = feed or SqlFeed(engine)
    explorer = Explorer(feed, repository, clock=clock, clients=clients, limits=limits)
    return _Pages(engine, repository, clock, feed, maintenance).flask(explorer, desk)


class _Identifier(BaseConverter):
    """The rest of a path, whatever it is: identifiers hold slashes, and could hold anything."""

    regex = r"[\s\S]+"
    part_isolating = False


class _Pages:
    """The pages of one repository."""

    def __init__(
        self,
        engine: Engine,
        repository: Repository,
        clock: Callable[[], float],
        feed: Feed,
        maintenance: Maintenance | None,
    ) -> None:
        self._engine, self._repository, self._clock = engine, repository, clock
        self._feed, self._maintenance = feed, maintenance

    def flask(self, explorer: Explorer, desk: Desk | None) -> Flask:
        """The pages as a Flask application; none but the manager's ever redirects."""
        app = Flask("repo_harvest.web", static_folder=None)
        app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        app.url_map.converters["identifier"] = _Identifier
        app.url_map.merge_slashes = False
        app.url_map.strict_slashes = False
        app.add_url_rule("/", view_func=self.home)
        app.add_url_rule("/search", view_func=self.search)
        app.add_url_rule("/item/<identifier:identifier>", view_func=self.item)
        app.add_url_rule("/healthz", view_func=self.healthz)
        app.add_url_rule("/readyz", view_func=self.readyz)
        app.before_request(self.maintain)
        app.register_error_handler(StoreError, self.unavailable)
        app.register_error_handler(HTTPException, self.refused)
        app.register_error_handler(Exception, self.failed)
        app.context_processor(self.surroundings)
        app.after_request(self.guard)
        Looks().add_to(app)
        Discovery(self._engine, self._repository).add_to(app)
        Synchronization(self._engine, self._repository).add_to(app)
        explorer.add_to(app)
        if desk is not None:
            Manage(desk, self._engine, self._clock).add_to(app)
        return app

    def guard(self, response: Response) -> Response:
        """Nothing but our own stylesheet and images may be loaded, and no page may be kept past the next change."""
        response.headers.update(safe(self._repository.base_url))
        is_private = request.path.startswith("/admin") or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        response.headers["Cache-Control"] = "no-store" if is_private else "no-cache"
        return response

    def surroundings(self) -> dict[str, object]:
        """What every template knows: who we are, when it is, and the ways to the first page and to the feed."""
        # Where the public address ends in /oai, it is beside the pages, on whatever host and port they were reached.
        feed = self._repository.base_url if self._repository.folder is None else f"{root()}oai"
        return {
            "repository": self._repository,
            "root": root(),
            "feed": feed,
            "now": pages.moment(self._clock()),
            "request_id": request.environ.get(REQUEST_ID),
        }

    def maintain(self) -> tuple[str | Response, HTTPStatus, dict[str, str]] | None:
        """During maintenance, what is said in place of every page; the process is alive all the same."""
        wait = None if self._maintenance is None else self._maintenance.wait()
        if wait is None or request.endpoint in _THROUGH_MAINTENANCE:
            return None
        status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(wait)}
        if request.endpoint == "readyz":
            return Response("not ready: maintenance", mimetype="text/plain"), status, headers
        sentence = f"The records will be back soon, and none of them is lost. Please try again in {wait} seconds."
        page = render_template("fault.html", heading="This collection is being looked after", sentence=sentence)
        return page, status, headers

    def home(self) -> str:
        """The collection, newest first; a page number that it does not have is not found."""
        number = _page_number(request.environ.get("QUERY_STRING", ""))
        items, total = list_items(self._engine, offset=(number - 1) * pages.PER_PAGE, limit=pages.PER_PAGE)
        if number > 1 and not items:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("home.html", listing=pages.listing(items, total=total, number=number))

    def search(self) -> str:
        """What is found in the collection; a page number that the results do not have is not found."""
        query = request.environ.get("QUERY_STRING", "")
        number, search = _page_number(query), searching.search_of(query)
        found = find(self._engine, search.asked(number))
        if number > 1 and not found.items:
            abort(HTTPStatus.NOT_FOUND)
        return render_template("search.html", results=searching.results(search, found, number))

    def item(self, identifier: str) -> tuple[str, HTTPStatus] | Response:
        """One record, as a page or in the format that is asked for; 410 once deleted, 404 if there never was one."""
        # No item has a NUL in its identifier, and PostgreSQL does not even let one ask.
        found = None if "\0" in identifier else detail(self._engine, identifier)
        if found is None:
            return render_template("unknown.html", identifier=pages.printable(identifier)), HTTPStatus.NOT_FOUND
        if found.item.header.deleted:
            return self.gone(found), HTTPStatus.GONE
        return item.answer(found, landing(self._repository.base_url, identifier))

    def gone(self, found: Detail) -> str:
        """What became of a deleted item. What it said is shown no more: it may have been taken down for a reason."""
        into = found.item.merged_into
        return render_template(
            "gone.html",
            identifier=found.item.header.identifier,
            since=pages.removed(found),
            into=into,
            into_path=into and item_path(into),
        )

    def healthz(self) -> Response:
        """Whether this process answers."""
        return Response("ok", mimetype="text/plain")

    def readyz(self) -> Response:
        """Whether the database is at this program's version and its feed can be read, there or in a replica of it.

        Why not is said without what the driver says.
        """
        try:
            with suppress(*(_AWAY if isinstance(self._feed, ReplicatedFeed) else ())):
                schema.check(self._engine)
            with self._feed.snapshot(self._clock(), reach=0) as snapshot:
                snapshot.records(_ANY, None, 1)
        except _AWAY as error:
            _LOG.warning("pages: not ready: %s", error)
            why = "the database does not answer"
        except StoreError as error:
            why = str(error)
        else:
            return Response("ready", mimetype="text/plain")
        return Response(
            f"not ready: {why}", HTTPStatus.SERVICE_UNAVAILABLE, headers=_RETRY_AFTER, mimetype="text/plain"
        )

    def unavailable(self, error: StoreError) -> tuple[str, HTTPStatus, dict[str, str]]:
        """The page for a fault of the store."""
        _LOG.warning("pages: 503 on %r: %s", request.path, error)
        return _fault(HTTPStatus.SERVICE_UNAVAILABLE), HTTPStatus.SERVICE_UNAVAILABLE, _RETRY_AFTER

    def refused(self, error: HTTPException) -> tuple[str, HTTPStatus, list[tuple[str, str]]]:
        """The page for what HTTP itself has to say, such as 404 and 405."""
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        kept = [(name, value) for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}]
        return _fault(status), status, kept

    def failed(self, _error: Exception) -> tuple[str, HTTPStatus]:
        """The page for a fault of ours."""
        _LOG.exception("pages: 500 on %r", request.path)
        return _fault(HTTPStatus.INTERNAL_SERVER_ERROR), HTTPStatus.INTERNAL_SERVER_ERROR


def _page_number(query: str) -> int:
    """The `page` of a query string, 1 if there is none; Flask's own reading of it fails on bytes that are not UTF-8."""
    stated = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == "page"]
    if not stated:
        return 1
    if len(stated) > 1 or not _PAGE_NUMBER.fullmatch(stated[0]):
        abort(HTTPStatus.NOT_FOUND)
    return int(stated[0])


def _fault(status: HTTPStatus) -> str:
    heading, sentence = _FAULTS.get(status, (status.phrase, status.description))
    return render_template("fault.html", heading=heading, sentence=sentence)
