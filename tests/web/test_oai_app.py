"""HTTP for machines: the same answer by GET, HEAD and POST, and a status that never hides a fault."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults

import pytest
from hypothesis import HealthCheck, given, settings
from sickle import Sickle  # type: ignore[import-untyped]  # it has no types

from repo_harvest.store.engine import open_engine
from repo_harvest.web.oai_app import oai_app
from tests.oai.library import REPOSITORY, Library, oai
from tests.oai.strategies import anything
from tests.store.kit import Wanted
from tests.web.http import FORM, Away, Http, Reply

_QUERIES = [
    "verb=Identify",
    "verb=ListRecords&metadataPrefix=oai_dc&set=a%3Ab",
    "verb=ListIdentifiers&metadataPrefix=oai_dc",
    "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai%3Aexample.org%3A1",
    "verb=ListRecords&metadataPrefix=marc21",
    "verb=ListRecords&resumptionToken=junk",
    "verb=junk",
    "",
]


@pytest.mark.parametrize("query", _QUERIES)
def test_get_head_and_post_say_the_same(http: Http, query: str) -> None:
    got = http.get(query)
    assert len(got.answer.body) == int(got.headers["Content-Length"])
    assert http.post(query.encode()) == got
    assert http.post(b"", query) == got
    assert http.send("HEAD", query) == Reply(200, got.headers, b"")


def test_arguments_in_the_url_and_in_the_body_of_a_post_all_count(http: Http) -> None:
    assert http.post(b"metadataPrefix=oai_dc", "verb=ListRecords").answer.kind == "ListRecords"
    assert http.post(b"verb=Identify", "verb=Identify").answer.codes == ["badVerb"]
    assert http.post(b"set=a", "verb=ListRecords&metadataPrefix=oai_dc&set=a").answer.codes == ["badArgument"]


def test_the_body_of_a_get_is_not_looked_at(http: Http) -> None:
    reply = http.send("GET", "verb=Identify", b"verb=ListSets", CONTENT_TYPE=FORM, CONTENT_LENGTH="13")
    assert reply.answer.kind == "Identify"


@pytest.mark.parametrize("path", ["/", "/oai", "/oai/", "/anything"])
def test_no_path_is_redirected(http: Http, path: str) -> None:
    assert http.send("GET", "verb=Identify", PATH_INFO=path).answer.kind == "Identify"


@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*;q=0", ""])
def test_an_answer_is_xml_whatever_the_client_prefers(http: Http, accept: str) -> None:
    assert http.send("GET", "verb=Identify", HTTP_ACCEPT=accept).answer.kind == "Identify"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_told_which_there_are(http: Http, method: str) -> None:
    reply = http.send(method, "verb=Identify")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=UTF-8", f"{FORM.upper()};charset=x", f" {FORM} "])
def test_a_form_is_a_form_whatever_its_parameters(http: Http, kind: str) -> None:
    assert http.post(b"verb=Identify", CONTENT_TYPE=kind).answer.kind == "Identify"


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/json", f"x{FORM}", "é"]
)
def test_a_post_of_anything_but_a_form_is_415(http: Http, kind: str) -> None:
    reply = http.post(b"verb=Identify", CONTENT_TYPE=kind)
    assert (reply.status, reply.headers["Accept-Post"]) == (415, FORM)


@pytest.mark.parametrize("length", ["x", "-1", "+13", " 13", "13 ", "13.0", "0x0d", "1_3", "١٣", "13\n"])
def test_a_malformed_length_is_400(http: Http, length: str) -> None:
    app = oai_app(http.library.feed, REPOSITORY, now=http.library.clock)
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM, "CONTENT_LENGTH": length}
    setup_testing_defaults(environ)
    said: list[str] = []
    app(environ, lambda status, *_: said.append(status))  # type: ignore[arg-type]  # PEP 3333 itself forbids such a length
    assert said == ["400 Bad Request"]


def test_a_body_shorter_than_its_length_is_400(http: Http) -> None:
    assert http.post(b"verb=Identify", CONTENT_LENGTH="14").status == 400
    assert http.send("POST", "", Away(), CONTENT_TYPE=FORM, CONTENT_LENGTH="14").status == 400


def test_no_more_is_read_than_the_length_says(http: Http) -> None:
    assert http.post(b"verb=Identify&verb=Identify", CONTENT_LENGTH="13").answer.kind == "Identify"
    assert http.send("POST", "verb=Identify", Away(), CONTENT_TYPE=FORM, CONTENT_LENGTH="0").answer.kind == "Identify"
    assert http.send("POST", "verb=Identify", Away(), CONTENT_TYPE=FORM).answer.kind == "Identify"


def test_a_body_without_length_is_read_where_the_server_shows_its_end(http: Http) -> None:
    chunked: dict[str, Any] = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    assert http.post(b"verb=Identify", **chunked).answer.kind == "Identify"
    assert http.post(b"verb=Identify&" + b"x" * 987, **chunked).status == 413


@pytest.mark.parametrize(("length", "status"), [("1000", 200), ("1001", 413), ("9" * 18, 413), ("9" * 4000, 413)])
def test_a_body_that_is_too_large_is_413_unread(http: Http, length: str, status: int) -> None:
    body = b"verb=Identify".ljust(1000, b"&")
    reply = http.send("POST", "", body if status == 200 else Away(), CONTENT_TYPE=FORM, CONTENT_LENGTH=length)
    assert reply.status == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("query", ["verb=ListRecords&metadataPrefix=oai_dc", "verb=Identify", "verb=junk", ""])
def test_a_store_that_cannot_be_read_is_503_with_retry_after(tmp_path: Path, method: str, query: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'no-tables.db'}")
    reply = Http(Library(engine)).send(method, query, CONTENT_TYPE=FORM)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "10")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert b"table" not in reply.body, "what the driver says is for the log"
    engine.dispose()


@given(query=anything, body=anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_input_whatever_makes_a_server_error(http: Http, query: str | bytes, body: str | bytes) -> None:
    sent = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    text = query.decode("latin-1") if isinstance(query, bytes) else query
    assert http.get(text).answer.kind
    assert Http(http.library, max_body=10_000).post(sent, text).answer.kind


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def served(http: Http) -> Iterator[str]:
    """The URL of a server of one's own."""
    app = oai_app(http.library.feed, REPOSITORY, now=http.library.clock)
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/oai"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_harvester_that_others_wrote_gets_the_whole_feed(http: Http, served: str, method: str) -> None:
    http.library.put({1: Wanted("Title 1", ("a:b",), deleted=True)}, after=5)
    harvester = Sickle(served, http_method=method)
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert [record.header.identifier for record in records] == [oai(0), oai(2), oai(3), oai(4), oai(1)]
    assert [record.deleted for record in records] == [False] * 4 + [True]
    assert records[0].metadata["title"] == ["Title 0"]
    assert [
        record.header.identifier for record in harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True)
    ] == [oai(0), oai(2), oai(3), oai(4)]
    assert [header.identifier for header in harvester.ListIdentifiers(metadataPrefix="oai_dc", set="a")] == [
        oai(0),
        oai(2),
        oai(3),
        oai(4),
        oai(1),
    ]
    assert [found.setSpec for found in harvester.ListSets()] == ["a", "a:b"]
    assert [found.metadataPrefix for found in harvester.ListMetadataFormats()][:1] == ["oai_dc"]
    assert harvester.Identify().repositoryName == REPOSITORY.name
    assert harvester.GetRecord(identifier=oai(3), metadataPrefix="oai_dc").metadata["title"] == ["Title 3"]
