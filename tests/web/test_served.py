"""The service as it is run: its own process, its own server, real connections. What WSGI promises must come through."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.oai.library import oai
from tests.oai.wire import Response, judged
from tests.web.hostile import Attack, attack, collect
from tests.web.http import FORM
from tests.web.sockets import Target, is_proper
from tests.web.verdict import judge

_PATHS = ["/oai", "/oai/"]
_QUERIES = [
    "verb=Identify",
    "verb=ListRecords&metadataPrefix=oai_dc&set=a",
    "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2026-01-02",
    "verb=ListSets",
    "verb=junk",
    "verb=ListRecords&metadataPrefix=oai_dc&set=%",
    "",
]
_LINE = '{{"identifier": "{}", "datestamp": "2026-01-0{}T08:00:00Z", "title": "Title <{}>", "sets": ["a:b"], "deleted": {}}}\n'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Eight records, one of them deleted, in pages of three, on a SQLite file."""
    folder: Path = tmp_path_factory.mktemp("served")
    shell = Shell(folder, f"sqlite:///{folder}/feed.db")
    shell.configure("[feed]\npage_size = 3\n")
    lines = [_LINE.format(oai(number), number, number, json.dumps(number == 3)) for number in range(1, 9)]
    (folder / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    assert shell.run("init").status == 0
    assert shell.run("import", "--migrate", "records.jsonl").status == 0
    with shell.running("serve", "--workers", "1"):
        assert shell.get("/healthz")[0] == 200
        yield shell


@pytest.fixture
def connection(service: Shell) -> Iterator[HTTPConnection]:
    """One connection; whatever a test asks, it asks on this."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
    yield connection
    connection.close()


def ask(
    connection: HTTPConnection, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[HTTPResponse, bytes]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    response = connection.getresponse()
    return response, response.read()


def told(answer: Response) -> tuple[object, ...]:
    """All that two answers of different seconds have in common."""
    return (
        answer.kind,
        answer.codes,
        answer.heads,
        answer.echo,
        answer.texts("setSpec"),
        answer.texts("resumptionToken"),
    )


@pytest.mark.parametrize("path", _PATHS)
@pytest.mark.parametrize("query", _QUERIES)
def test_get_post_and_head_say_the_same_with_and_without_trailing_slash(
    connection: HTTPConnection, path: str, query: str
) -> None:
    got, body = ask(connection, "GET", f"{path}?{query}")
    assert (got.status, got.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert int(got.headers["Content-Length"]) == len(body)
    posted, same = ask(connection, "POST", path, query.encode(), Content_Type=FORM)
    assert posted.status == 200
    assert told(judged(same))[:-1] == told(judged(body))[:-1]
    head, nothing = ask(connection, "HEAD", f"{path}?{query}")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


def test_a_chunked_form_is_read(connection: HTTPConnection) -> None:
    connection.request("POST", "/oai", iter([b"verb=List", b"Sets"]), {"Content-Type": FORM}, encode_chunked=True)
    assert judged(connection.getresponse().read()).kind == "ListSets"


@pytest.mark.parametrize("query", _QUERIES)
def test_gzip_is_done_where_it_is_wanted_and_only_there(connection: HTTPConnection, query: str) -> None:
    plain, body = ask(connection, "GET", f"/oai?{query}")
    packed, smaller = ask(connection, "GET", f"/oai?{query}", Accept_Encoding="br;q=1, gzip;q=0.8")
    refused, again = ask(connection, "GET", f"/oai?{query}", Accept_Encoding="gzip;q=0, *;q=0.5")
    assert [one.headers["Content-Encoding"] for one in (plain, packed, refused)] == [None, "gzip", None]
    assert {one.headers["Vary"] for one in (plain, packed, refused)} == {"Accept-Encoding"}
    assert int(packed.headers["Content-Length"]) == len(smaller)
    assert told(judged(gzip.decompress(smaller)))[:-1] == told(judged(body))[:-1] == told(judged(again))[:-1]


def test_what_identify_advertises_is_done(connection: HTTPConnection) -> None:
    _, body = ask(connection, "GET", "/oai?verb=Identify")
    for coding in judged(body).texts("compression"):
        packed, _ = ask(connection, "GET", "/oai?verb=ListSets", Accept_Encoding=coding)
        assert packed.headers["Content-Encoding"] == coding


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_an_answer_that_still_stands_is_not_sent_again(connection: HTTPConnection, method: str, coding: str) -> None:
    path = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    first, _ = ask(connection, "GET", path, Accept_Encoding=coding)
    assert first.headers["Last-Modified"] == "Thu, 08 Jan 2026 08:00:00 GMT"
    again, body = ask(connection, method, path, Accept_Encoding=coding, If_None_Match=first.headers["ETag"])
    assert (again.status, body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other, _ = ask(connection, method, f"{path}&set=a", Accept_Encoding=coding, If_None_Match=first.headers["ETag"])
    assert other.status == 200
    posted, _ = ask(
        connection, "POST", path, b"", Accept_Encoding=coding, If_None_Match=first.headers["ETag"], Content_Type=FORM
    )
    assert posted.status == 200


def test_a_whole_list_is_read_on_one_connection(connection: HTTPConnection) -> None:
    _, body = ask(connection, "GET", "/oai?verb=ListRecords&metadataPrefix=oai_dc")
    pages = [judged(body)]
    while (resumption := pages[-1].resumption) and resumption.token:
        path = f"/oai?verb=ListRecords&resumptionToken={resumption.token}"
        pages.append(judged(ask(connection, "GET", path, Accept_Encoding="identity")[1]))
    assert [head.identifier for page in pages for head in page.heads] == [oai(number) for number in range(1, 9)]
    assert [head.identifier for page in pages for head in page.heads if head.deleted] == [oai(3)]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW", "get"])
@pytest.mark.parametrize("path", _PATHS)
def test_other_methods_are_told_which_there_are(connection: HTTPConnection, method: str, path: str) -> None:
    reply, _ = ask(connection, method, f"{path}?verb=Identify")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("path", _PATHS)
def test_a_post_of_anything_else_or_too_much_is_refused(service: Shell, path: str) -> None:
    for body, kind, status in ((b"{}", "application/json", 415), (b"verb=Identify&" + b"x" * 65_536, FORM, 413)):
        connection = HTTPConnection("127.0.0.1", service.port, timeout=60)
        reply, _ = ask(connection, "POST", path, body, Content_Type=kind)
        assert reply.status == status
        connection.close()


def test_hostile_requests_come_through_the_server_too(service: Shell) -> None:
    target = Target(f"http://127.0.0.1:{service.port}/oai")
    held = collect(lambda query: target.ask(Attack(kind="legal", query=query)))
    identified = target.ask(Attack(kind="legal", query=b"verb=Identify")).answer
    judgements = 0
    for number in range(600):
        sent = attack("served", number, held)
        if is_proper(sent) and len(sent.body) < 65_536:
            judge(sent, target.ask(sent), identified.text("baseURL"))
            judgements += 1
    assert judgements > 300
    target.close()
