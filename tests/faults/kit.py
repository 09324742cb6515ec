"""A feed over HTTP without a server, asked as a harvester asks: the status of the answer, and the answer once it is valid; and `ingest` with too little of something."""

from __future__ import annotations

import io
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine

from repo_harvest.store import schema
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.oai_app import oai_app
from tests.cli.shell import Outcome, Shell
from tests.oai.library import REPOSITORY
from tests.oai.wire import Response, judged

__all__ = ["LIST", "Answer", "Asked", "ingest_under", "killed", "seconds_of"]

LIST = "verb=ListRecords&metadataPrefix=oai_dc"


@dataclass(frozen=True)
class Answer:
    """What came back: `page` is there for status 200 alone."""

    status: int
    headers: dict[str, str]
    page: Response | None


class Asked:
    """The feed of one database, with its own token key, on a clock that the test sets."""

    def __init__(self, engine: Engine, now: Callable[[], float]) -> None:
        repository = replace(REPOSITORY, token_key=schema.token_key(engine), page_size=2)
        self._app = oai_app(SqlFeed(engine), repository, now=now)

    def ask(self, query: str) -> Answer:
        told: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": query,
            "wsgi.input": io.BytesIO(),
            "REMOTE_ADDR": "127.0.0.1",
        }
        body = b"".join(self._app(environ, lambda *started: told.extend(started)))  # type: ignore[arg-type]  # nobody uses write()
        status = int(told[0].split()[0])
        return Answer(status, dict(told[1]), judged(body) if status == 200 else None)

    def page(self, query: str) -> Response:
        answer = self.ask(query)
        assert answer.page is not None, answer
        return answer.page

    def harvest(self, query: str = LIST) -> dict[str, str]:
        """Identifier -> datestamp of the whole list."""
        found: dict[str, str] = {}
        while query:
            page = self.page(query)
            if page.kind == "error":
                assert page.codes == ["noRecordsMatch"]
                return found
            found.update({head.identifier: head.datestamp for head in page.heads})
            resumption = page.resumption
            query = f"verb=ListRecords&resumptionToken={resumption.token}" if resumption and resumption.token else ""
        return found

    def assert_unavailable(self) -> None:
        answer = self.ask(LIST)
        assert answer.status == 503
        assert 0 < int(answer.headers["Retry-After"]) <= 10


def seconds_of(shell: Shell, *command: str, environment: Mapping[str, str] | None = None) -> float:
    """How long a command takes to a good end, without the start of the process that all are forked from."""
    assert shell.run("--help").status == 0
    begun = time.monotonic()
    done = shell.run(*command, environment=environment)
    assert done.status == 0, done.err
    return time.monotonic() - begun


def killed(shell: Shell, *command: str, after: float, inside: Callable[[], bool] | None = None) -> bool:
    """Start a command and kill it after so many seconds, counted from when `inside` holds; whether it was still going on."""
    process = shell.start(*command)
    while inside is not None and not inside() and process.poll() is None:
        time.sleep(0.001)
    try:
        process.wait(after)
    except TimeoutError:
        process.kill()
        return process.wait() == -signal.SIGKILL
    return False


def ingest_under(shell: Shell, limits: Mapping[int, int]) -> Outcome:
    """Run `ingest` where it may have so much of each resource."""
    process = shell.start("ingest", limits=limits)
    return Outcome(status=process.wait(120), out=process.out, err=process.err)
