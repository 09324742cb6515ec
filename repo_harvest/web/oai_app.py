"""An HTTP request for the feed in, an OAI-PMH response out: a plain WSGI callable with no framework on the way.

OAI-PMH 2.0 section 3.1.2: a protocol error is an answer, with status 200. Any other status means that HTTP itself went
wrong, or that the database did: then 503 with Retry-After, so that no harvester takes a fault for an empty list. There
is never a redirect: harvesters lose arguments over them. How answers are compressed, named and not sent twice is in
`coding` and `conditional`; who may ask, in `limits` and `maintenance`; who did, in `receipts`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from repo_harvest.errors import StoreError
from repo_harvest.model import Feed
from repo_harvest.oai import Repository, Response, respond
from repo_harvest.web.client import Clients
from repo_harvest.web.coding import ENCODER, accepts_gzip, gzip
from repo_harvest.web.conditional import ANY, entity_tag, of_coding, presented
from repo_harvest.web.limits import Limits
from repo_harvest.web.maintenance import Maintenance
from repo_harvest.web.octets import octets
from repo_harvest.web.receipts import Receipts
from repo_harvest.web.safe import safe
from repo_harvest.web.watch import FEED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["oai_app"]

_LOG = logging.getLogger(__name__)
_XML = "text/xml; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_RETRY_AFTER = 10  # seconds
_LENGTH = re.compile(r"[0-9]+")
_MAX_DIGITS = 18
_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}
_UNNAMED = (("Cache-Control", "no-cache"),)


class _Reply(NamedTuple):
    body: bytes | None
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = _XML
    headers: tuple[tuple[str, str], ...] = ()


class _Refusal(Exception):
    """What HTTP has to say before there is a query to answer."""

    def __init__(self, status: HTTPStatus, text: str, *headers: tuple[str, str]) -> None:
        super().__init__(text)
        self.reply = _plain(status, text, *headers)


def oai_app(
    feed: Feed,
    repository: Repository,
    *,
    now: Callable[[], float] = time.time,
    clients: Clients | None = None,
    limits: Limits | None = None,
    maintenance: Maintenance | None = None,
    receipts: Receipts | None = None,
) -> WSGIApplication:
    """A WSGI application that answers GET, HEAD and POST on whatever path it is put at.

    `now` gives UTC seconds since 1970. The application keeps no state of its own: any number of threads may call it.
    """
    service = _Service(feed, repository, now, clients or Clients(), limits or Limits(), maintenance, receipts)
    always = (("Vary", "Accept-Encoding"), *safe(repository.base_url).items())

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        environ[FEED] = None
        reply = service.reply(environ)
        body, headers = reply.body, [*reply.headers, *always]
        if body is not None:
            headers += [("Content-Type", reply.content_type), ("Content-Length", str(len(body)))]
        start_response(_LINES[reply.status], headers)
        return [] if body is None or environ["REQUEST_METHOD"] == "HEAD" else [body]

    return app


class _Service:
    """The feed over HTTP."""

    def __init__(
        self,
        feed: Feed,
        repository: Repository,
        now: Callable[[], float],
        clients: Clients,
        limits: Limits,
        maintenance: Maintenance | None,
        receipts: Receipts | None,
    ) -> None:
        self._feed, self._repository, self._now = feed, repository, now
        self._clients, self._limits = clients, limits
        self._maintenance, self._receipts = maintenance, receipts

    def reply(self, environ: WSGIEnvironment) -> _Reply:
        """What is said to one request: an answer of the feed, or why there is none."""
        try:
            self._admit(environ)
            return self._answer(environ, _query(environ, self._limits.max_body))
        except _Refusal as refusal:
            return refusal.reply
        except StoreError as error:
            _LOG.warning("oai: 503, the feed cannot be read: %s", error)
            return _unavailable("The records cannot be read at the moment.", _RETRY_AFTER).reply

    def _admit(self, environ: WSGIEnvironment) -> None:
        """Raise the refusal of a request during maintenance, or beyond its client's budget."""
        if self._maintenance is not None and (wait := self._maintenance.wait()) is not None:
            raise _unavailable("This repository is under maintenance.", wait)
        if wait := self._limits.wait(self._clients.address(environ)):
            raise _unavailable("You are asking faster than this repository answers one client.", wait)

    def _answer(self, environ: WSGIEnvironment, query: bytes) -> _Reply:
        encoder = ENCODER if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING")) else None
        # Section 13.1.2 of RFC 9110: the condition is of GET and HEAD; a POST is answered.
        is_conditional = "HTTP_IF_NONE_MATCH" in environ and environ["REQUEST_METHOD"] != "POST"
        tags = presented(environ["HTTP_IF_NONE_MATCH"]) if is_conditional else ()
        response = respond(
            query, feed=self._feed, repository=self._repository, now=self._now(), held=of_coding(tags, encoder)
        )
        environ[FEED] = response
        if self._receipts is not None and environ["REQUEST_METHOD"] != "HEAD":
            agent = environ.get("HTTP_USER_AGENT", "")
            self._receipts.note(response, address=self._clients.address(environ), agent=agent)
        headers = self._validators(response, encoder)
        if response.body is None or (tags == ANY and response.tag is not None):
            return _Reply(status=HTTPStatus.NOT_MODIFIED, body=None, headers=headers)
        if encoder is None:
            return _Reply(body=response.body, headers=headers)
        return _Reply(body=gzip(response.body), headers=(*headers, ("Content-Encoding", "gzip")))

    def _validators(self, response: Response, encoder: str | None) -> tuple[tuple[str, str], ...]:
        """What names the answer and dates it. A datestamp ahead of the clock dates nothing (section 8.8.2.1)."""
        if response.tag is None:
            return _UNNAMED
        named = (("ETag", entity_tag(response.tag, encoder)), *_UNNAMED)
        if response.newest is None or not 0 <= response.newest <= self._now():
            return named
        return (*named, ("Last-Modified", _date(response.newest)))


@lru_cache(maxsize=8)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def _unavailable(text: str, seconds: int) -> _Refusal:
    """503 with Retry-After as a number: a date, some harvesters cannot read (OAI-PMH 2.0 section 3.1.2.2)."""
    return _Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE, f"{text} Please try again in {seconds} seconds.", ("Retry-After", str(seconds))
    )


def _plain(status: HTTPStatus, text: str, *headers: tuple[str, str]) -> _Reply:
    kept = ("Cache-Control", "no-store" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "no-cache")
    return _Reply(status=status, body=f"{text}\n".encode(), content_type=_PLAIN, headers=(*headers, kept))


def _query(environ: WSGIEnvironment, max_body: int) -> bytes:
    """All arguments, those of a POST's URL before those of its body: one sent in both places is sent twice."""
    query = octets(environ.get("QUERY_STRING", ""))
    match environ["REQUEST_METHOD"]:
        case "GET" | "HEAD":
            return query
        case "POST":
            return query + b"&" + _form(environ, max_body)
        case _:
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Use GET, HEAD or POST.", ("Allow", "GET, HEAD, POST"))


def _form(environ: WSGIEnvironment, max_body: int) -> bytes:
    """The body of a POST (section 3.1.1.2)."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != _FORM:
        raise _Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the arguments as {_FORM}.", ("Accept-Post", _FORM))
    stated = environ.get("CONTENT_LENGTH", "")
    if stated and not _LENGTH.fullmatch(stated):
        raise _Refusal(HTTPStatus.BAD_REQUEST, "Content-Length must be a number of bytes.")
    if len(stated) > _MAX_DIGITS or int(stated or 0) > max_body:
        raise _too_large(max_body)
    if stated:
        body = _read(environ, int(stated))
        if len(body) < int(stated):
            raise _Refusal(HTTPStatus.BAD_REQUEST, "The body is shorter than Content-Length says.")
        return body
    # Without a length there is a body only if the server shows where it ends, as it does for a chunked one.
    body = _read(environ, max_body + 1) if environ.get("wsgi.input_terminated") else b""
    if len(body) > max_body:
        raise _too_large(max_body)
    return body


def _read(environ: WSGIEnvironment, most: int) -> bytes:
    """At most so many bytes; fewer when the body ends before, or the client goes away."""
    pieces: list[bytes] = []
    try:
        while most > 0 and (piece := environ["wsgi.input"].read(most)):
            pieces.append(piece)
            most -= len(piece)
    except OSError as error:
        raise _Refusal(HTTPStatus.BAD_REQUEST, "The body could not be read.") from error
    return b"".join(pieces)


def _too_large(max_body: int) -> _Refusal:
    return _Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body must be at most {max_body} bytes.")
