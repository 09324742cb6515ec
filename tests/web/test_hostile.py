"""Thousands of hostile requests to the whole service: never a server error, and every answer is what is promised."""

from __future__ import annotations

import io
import random
import reprlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

import pytest

from repo_harvest.store.engine import open_engine
from repo_harvest.store.receipts import read_harvesters
from repo_harvest.web.app import make_app
from repo_harvest.web.client import Clients
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.receipts import Receipts
from tests.oai.library import Library, fill
from tests.web.hostile import Attack, attack, collect
from tests.web.http import Reply
from tests.web.verdict import judge

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Service:
    """The whole service on a filled store, behind a proxy that is believed, as a server calls it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.receipts = Receipts(library.engine, clock=library.clock)
        self._app = _whole(library, self.receipts)

    def send(self, sent: Attack) -> Reply:
        environ: dict[str, object] = {**_said(sent), "wsgi.input": io.BytesIO(sent.body), "REMOTE_ADDR": "192.0.2.1"}
        setup_testing_defaults(environ)
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            said.append((status, headers))
            return said.append  # type: ignore[return-value]  # never called: nobody writes that way

        parts = self._app(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        ((status, headers),) = said
        assert len(dict(headers)) == len(headers)
        return Reply(int(status.split()[0]), dict(headers), body)


def _whole(library: Library, receipts: Receipts) -> WSGIApplication:
    clients = Clients(["192.0.2.0/24"])
    oai = oai_app(library.feed, library.repository, now=library.clock, clients=clients, receipts=receipts)
    return make_app(engine=library.engine, oai=oai, repository=library.repository, clock=library.clock)


def _said(sent: Attack) -> dict[str, object]:
    """The environ as PEP 3333 has it: one character for each byte, and the path without its escapes."""
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1") for name, value in sent.headers}
    environ: dict[str, object] = {
        "REQUEST_METHOD": sent.method,
        "PATH_INFO": unquote_to_bytes(sent.path).decode("latin-1"),
        "SCRIPT_NAME": "",
        "QUERY_STRING": sent.query.decode("latin-1"),
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
        **headers,
    }
    if sent.length is not None:
        return {**environ, "CONTENT_LENGTH": sent.length.decode("latin-1")}
    return {**environ, "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True} if sent.body else environ


@pytest.fixture
def service(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> Iterator[Service]:
    engine = open_engine(new_database_url(request.param))
    library = Library(engine)
    fill(library)
    yield Service(library)
    engine.dispose()


@pytest.mark.parametrize(("service", "many"), [("sqlite", 5_000), ("postgresql", 1_000)], indirect=["service"])
def test_no_request_whatever_gets_a_server_error_or_an_invalid_answer(service: Service, many: int) -> None:
    seed = f"{random.SystemRandom().randrange(10**9)}"
    held = collect(lambda query: service.send(Attack(kind="legal", query=query)))
    statuses: Counter[int] = Counter()
    for number in range(many):
        sent = attack(seed, number, held)
        try:
            reply = service.send(sent)
            judge(sent, reply, service.library.repository.base_url)
        except Exception as fault:
            raise AssertionError(f"attack({seed!r}, {number}, held): {reprlib.repr(sent)}") from fault
        statuses[reply.status] += 1
    assert {200, 304, 400, 404, 405, 413, 415} <= statuses.keys(), "the attacks get everywhere"
    assert service.receipts.flush(), "what they said of themselves can be kept"
    assert read_harvesters(service.library.engine)
