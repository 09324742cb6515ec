"""An HTTP request for the feed in, an OAI-PMH response out: a plain WSGI callable with no framework on the way.

OAI-PMH 2.0 section 3.1.2: a protocol error is an answer, with status 200. Any other status means that HTTP itself went
wrong, or that the database did: then 503 with Retry-After, so that no harvester takes a fault for an empty list. There
is never a redirect: harvesters lose arguments over them.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from repo_harvest.errors import StoreError
from repo_harvest.model import Feed
from repo_harvest.oai import Repository, respond

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["oai_app"]

_LOG = logging.getLogger(__name__)
_XML = "text/xml; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_RETRY_AFTER = "10"  # seconds; not a date, which some harvesters cannot read
_LENGTH = re.compile(r"[0-9]+")
_MAX_BODY = 65536  # bytes; the longest legal arguments, percent-encoded, are shorter
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    status: HTTPStatus = HTTPStatus.OK
    body: bytes
    content_type: str = _XML
    headers: tuple[tuple[str, str], ...] = ()


class _Refusal(Exception):
    """What HTTP has to say before there is a query to answer."""

    def __init__(self, status: HTTPStatus, text: str, *headers: tuple[str, str]) -> None:
        super().__init__(text)
        self.response = _plain(status, text, *headers)


def oai_app(
    feed: Feed, repository: Repository, *, now: Callable[[], float] = time.time, max_body: int = _MAX_BODY
) -> WSGIApplication:
    """A WSGI application that answers GET, HEAD and POST on whatever path it is put at.

    `now` gives UTC seconds since 1970; `max_body` is the most bytes of a POST that are read. The application keeps no
    state: any number of threads may call it.
    """

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        response = _answer(environ, feed, repository, now, max_body)
        length = ("Content-Length", str(len(response.body)))
        headers = [("Content-Type", response.content_type), length, *response.headers]
        start_response(f"{response.status.value} {response.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    return app


def _answer(
    environ: WSGIEnvironment, feed: Feed, repository: Repository, now: Callable[[], float], max_body: int
) -> _Response:
    try:
        query = _query(environ, max_body)
        return _Response(body=respond(query, feed=feed, repository=repository, now=now()))
    except _Refusal as refusal:
        return refusal.response
    except StoreError as error:
        _LOG.warning("oai: 503, the feed cannot be read: %s", error)
        text = f"The records cannot be read at the moment. Please try again in {_RETRY_AFTER} seconds."
        return _plain(HTTPStatus.SERVICE_UNAVAILABLE, text, ("Retry-After", _RETRY_AFTER))


def _plain(status: HTTPStatus, text: str, *headers: tuple[str, str]) -> _Response:
    return _Response(status=status, body=f"{text}\n".encode(), content_type=_PLAIN, headers=headers)


def _query(environ: WSGIEnvironment, max_body: int) -> bytes:
    """All arguments, those of a POST's URL before those of its body: one sent in both places is sent twice."""
    query = _octets(environ.get("QUERY_STRING", ""))
    match environ["REQUEST_METHOD"]:
        case "GET" | "HEAD":
            return query
        case "POST":
            return query + b"&" + _form(environ, max_body)
        case _:
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "Use GET, HEAD or POST.", ("Allow", "GET, HEAD, POST"))


def _octets(text: str) -> bytes:
    """The bytes that a WSGI string stands for; some servers hand over text that stands for none."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


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
