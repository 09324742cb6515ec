"""An application in, the same one out with every request counted, numbered and, where that is asked for, logged.

A request keeps the number that a proxy gave it in X-Request-ID, if it is one; else it gets one. The answer carries it, the
pages that tell of faults show it, and every line of the log that is written meanwhile says it. What goes wrong in a way
that nobody foresaw ends here, as 500.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any

from repo_harvest.logs import ABOUT
from repo_harvest.oai import Response
from repo_harvest.oai.answer import Errors
from repo_harvest.web.client import Clients
from repo_harvest.web.meter import NO_VERB, PAGE, PROBE, Meter
from repo_harvest.web.safe import SAFE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["FEED", "REQUEST_ID", "watched"]

FEED = "repo_harvest.feed"
"""Where in a WSGI environment the feed leaves its `Response`, or `None` where HTTP had the say."""
REQUEST_ID = "repo_harvest.request_id"
"""Where in a WSGI environment the number of the request stands."""

_LOG = logging.getLogger(__name__)
_ACCESS = logging.getLogger("repo_harvest.access")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_FAILED = f"{HTTPStatus.INTERNAL_SERVER_ERROR.value} {HTTPStatus.INTERNAL_SERVER_ERROR.phrase}"


def watched(
    app: WSGIApplication, *, meter: Meter | None = None, clients: Clients | None = None, log: bool = False
) -> WSGIApplication:
    """The application with its requests numbered, counted by `meter`, and one line written for each if `log`."""
    number, prefix, whose = count(1), os.urandom(6).hex(), clients or Clients()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = given if given and _ID.fullmatch(given) else f"{prefix}-{next(number)}"
        environ[REQUEST_ID] = name
        said: list[Any] = ["", []]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:  # noqa: ANN401 -- as PEP 3333 has it
            said[:] = status, headers
            headers.append(("X-Request-ID", name))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        about = ABOUT.set({"request": name})
        try:
            body = app(environ, start)
        except Exception:  # noqa: BLE001 -- the last stop: the client gets an answer, and the log the traceback
            _LOG.exception("500 on %s", environ.get("PATH_INFO"))
            body = _failed(start, name)
        finally:
            seconds = time.perf_counter() - began
            verb, codes = _verb(environ)
            if meter is not None:
                meter.note(verb, said[0][:3], seconds, codes)
            if log:
                _access(environ, said, verb, codes, seconds, whose.address(environ))
            ABOUT.reset(about)
        return body

    return answer


def _failed(start: Callable[[str, list[tuple[str, str]]], object], name: str) -> list[bytes]:
    body = f"Something went wrong here, and has been noted under {name}.\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(_FAILED, [*headers, ("Cache-Control", "no-store"), *SAFE.items()])
    return [body]


def _verb(environ: WSGIEnvironment) -> tuple[str, tuple[str, ...]]:
    """The verb that was answered and the errors of the protocol in the answer."""
    if FEED not in environ:
        return (PROBE if environ.get("PATH_INFO") in _PROBES else PAGE), ()
    response: Response | None = environ[FEED]
    if response is None:
        return NO_VERB, ()
    verb = NO_VERB if isinstance(response.request, Errors) else type(response.request).__name__
    if isinstance(response.answer, Errors):
        return verb, tuple(error.code for error in response.answer.errors)
    return verb, ()


def _access(
    environ: WSGIEnvironment, said: list[Any], verb: str, codes: tuple[str, ...], seconds: float, client: str
) -> None:
    status, size = said[0][:3], dict(said[1]).get("Content-Length", "0")
    fields: dict[str, object] = {
        "method": environ["REQUEST_METHOD"],
        "path": environ.get("PATH_INFO", ""),
        "verb": verb,
        "status": int(status),
        "ms": round(seconds * 1000, 3),
        "bytes": int(size),
        "client": client,
    }
    if codes:
        fields["errors"] = ",".join(codes)
    _ACCESS.info("%s %s %s", environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), status, extra={"fields": fields})
