"""An endpoint without a socket: the real feed behind its WSGI application, asked as `check` asks over HTTP."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from repo_harvest.check import Asked, Limits, Options, Report, check_endpoint
from repo_harvest.check.client import Ask
from repo_harvest.check.outcome import Status
from repo_harvest.formats import validate_response
from repo_harvest.source.exchange import Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["BASE_URL", "Call", "Steps", "blamed", "call", "failed", "judge", "over_wsgi", "valid"]

BASE_URL = "https://example.org/oai"
Call = Callable[[Asked], Reply]


def over_wsgi(app: WSGIApplication) -> Ask:
    """Asks a WSGI application."""

    def ask(asked: Asked) -> Reply:
        return call(app, asked)

    return ask


def call(app: WSGIApplication, asked: Asked) -> Reply:
    parts, content = urlsplit(asked.url), asked.content or b""
    headers = dict(asked.headers)
    environ: dict[str, object] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(content)) if content else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        said.append((status, headers))
        return lambda _data: None

    body = b"".join(app(environ, start))
    status, sent = said[-1]
    if dict(sent).get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return Reply(status=int(status.split()[0]), headers=tuple(sent), content=body, seconds=0.0)


def valid(ask: Ask) -> Ask:
    """The same, each of its answers judged by our own schemas before `check` sees it."""

    def judged(asked: Asked) -> Reply:
        reply = ask(asked)
        if reply.content and dict(reply.headers)["Content-Type"].startswith("text/xml"):
            assert validate_response(reply.content) == ()
        return reply

    return judged


@dataclass
class Steps:
    """A clock that moves by what is slept, and by a little for each look at it."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


def judge(
    ask: Ask,
    *,
    wall: Callable[[], float],
    limits: Limits | None = None,
    options: Options | None = None,
    base_url: str = BASE_URL,
    steps: Steps | None = None,
) -> Report:
    """The report of a run without pauses, over all pages."""
    steps = steps or Steps()
    return check_endpoint(
        base_url,
        ask,
        sleep=steps.sleep,
        clock=steps,
        wall=wall,
        limits=limits or Limits(pause=0, requests=2000, pages=None),
        options=options,
    )


def failed(report: Report) -> set[str]:
    return {result.check.id for result in report.failed}


def blamed(report: Report) -> set[str]:
    """The checks that found something, a MUST or not."""
    return {result.check.id for result in report.results if result.status in {Status.FAILED, Status.WARNED}}
