"""Endpoints that answer garbage, hang, run in circles or bomb: a run ends, within its bounds, and says what it met."""

from __future__ import annotations

import gzip
import re
import socket
import time
import zlib

import pytest

from repo_harvest.check import Asked, Limits, Report, check_endpoint, over_http
from repo_harvest.check.outcome import Status
from repo_harvest.errors import FetchError
from repo_harvest.source.exchange import Reply
from tests.check.conftest import Honest
from tests.check.endpoint import Steps, failed, judge
from tests.source.servers import HTML, Say, answer, dripping, endless, head, page, redirect, reset, serving

XML = "Content-Type: text/xml"
GZIP = "Content-Encoding: gzip"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
DEEP = b"<a>" * 100_000
FEW = Limits(pause=0, requests=60, seconds=20)


def silent(client: socket.socket) -> None:
    client.settimeout(10)
    client.recv(1)


def bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(60)), packer.flush()])


def run(url: str, *, seconds: float = 0.5) -> Report:
    """A run over the network, as the command makes it."""
    return check_endpoint(
        url, over_http(url, seconds=seconds), sleep=time.sleep, clock=time.monotonic, wall=time.time, limits=FEW
    )


@pytest.mark.parametrize(
    ("said", "met"),
    [
        (b"", "broke"),
        (b"\x16\x03\x01\x02\x00", "broke"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "broke"),
        (reset(b""), "broke"),
        (silent, "did not arrive within"),
        (dripping(answer("x" * 500, XML)), "did not arrive within"),
        (endless(head(XML), b"x" * 65536), "larger than|did not arrive within"),
        (answer(bomb(), XML, GZIP), "larger than"),
        (answer(gzip.compress(b"<x/>", mtime=0)[:-4], XML, GZIP), "damaged"),
        (page("<!DOCTYPE html><p>Welcome"), "an HTML page"),
        (page("<html><p>Welcome"), "not well-formed|root element"),
        (answer("", XML), "an empty answer"),
        (answer("Oops", HTML, status="500 Internal Server Error"), "HTTP 500"),
        (answer("None here", HTML, status="404 Not Found"), "HTTP 404"),
        (answer("Wait", HTML, "Retry-After: 99999", status="503 Busy"), "left alone for 99999 seconds"),
        (answer("Wait", HTML, "Retry-After: 0", status="503 Busy"), "again and again"),
        (answer(LAUGHS, XML), "DOCTYPE"),
        (answer(DEEP, XML), "not well-formed"),
        (answer("<x/>", XML), "root element is x"),
        (answer("<OAI-PMH/>", XML), "root element is OAI-PMH"),
        (redirect("/list"), "redirects more than 3 times"),
        (redirect("http://127.0.0.1:9/oai"), "a loopback address"),
        (redirect("http://["), "redirects to what is no web address"),
        (redirect("file:///etc/passwd"), "not a web address"),
    ],
)  # fmt: skip
def test_what_is_no_endpoint_is_not_judged(said: bytes | Say, met: str) -> None:
    with serving(said) as server:
        report = run(server.url)
    assert not report.passed
    assert {result.status for result in report.results} == {Status.UNCHECKED}
    assert {result.reason for result in report.results} == {report.problem}
    assert re.search(met, report.problem), report.problem


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "no connection to 127.0.0.1" in run(f"http://127.0.0.1:{port}/oai").problem


def test_an_endpoint_that_falls_silent_is_left_alone(honest: Honest) -> None:
    hello = honest.ask(Asked.get("https://example.org/oai", (("verb", "Identify"),)))
    with serving(answer(hello.content, XML), answer(hello.content, XML), silent) as server:
        report = run(server.url, seconds=0.2)
        assert len(server.requests) == 5
    assert report.notes[0].startswith("3 requests in a row got no whole answer")
    assert "http.complete" in failed(report)


def test_a_redirect_is_followed_and_told(honest: Honest) -> None:
    def ask(asked: Asked) -> Reply:
        if asked.url.startswith("http://old.example/"):
            target = asked.url.replace("http://old.example/", "https://example.org/")
            return Reply(status=301, headers=(("Location", target),), content=b"", seconds=0)
        return honest.ask(asked)

    report = judge(ask, wall=honest.wall, base_url="http://old.example/oai")
    assert report.base_url == "https://example.org/oai"
    assert failed(report) == set()
    (told,) = [result for result in report.results if result.check.id == "http.redirect"]
    assert told.status is Status.WARNED
    assert told.faults[0].what == "the address redirects: HTTP 301 to https://example.org/oai?verb=Identify"


def test_a_list_without_an_end_is_not_read_for_ever(honest: Honest) -> None:
    """Every page is new, and has a token."""
    made: list[str] = []

    def ask(asked: Asked) -> Reply:
        reply = honest.ask(
            Asked.get("https://example.org/oai", (("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc")))
        )
        if not dict(asked.pairs).get("verb", "").startswith("ListI"):
            return honest.ask(asked)
        made.append(asked.url)
        number = str(len(made)).encode()
        content = reply.content.replace(b"oai:example.org:", b"oai:example.org:" + number + b".")
        token = content.rpartition(b"</resumptionToken>")
        return Reply(status=200, headers=reply.headers, content=token[0] + number + token[1] + token[2], seconds=0)

    steps = Steps()
    report = judge(ask, wall=honest.wall, limits=Limits(pause=1, requests=150, seconds=1000, pages=None), steps=steps)
    assert report.requests == 150
    assert report.notes[0] == "the 150 requests agreed for this run are spent (--max-requests)"
    assert steps.slept == [1.0] * 150  # before every request but the first, and before the one that was not made
    report = judge(ask, wall=honest.wall, limits=Limits(pause=1, requests=150, seconds=50, pages=None))
    assert report.requests <= 52
    assert report.notes[0] == "the 50 seconds agreed for this run are over (--max-seconds)"


def test_a_busy_endpoint_is_waited_for(honest: Honest) -> None:
    asked_before: set[Asked] = set()

    def ask(asked: Asked) -> Reply:
        if "resumptionToken" in asked.url and asked not in asked_before:
            asked_before.add(asked)
            return Reply(status=503, headers=(("Retry-After", "7"),), content=b"", seconds=0)
        return honest.ask(asked)

    steps = Steps()
    report = judge(ask, wall=honest.wall, steps=steps)
    assert failed(report) == set()
    assert set(steps.slept) == {7.0}
    assert any(note.startswith("the endpoint asked to wait") for note in report.notes)


def test_a_check_that_breaks_does_not_bring_down_the_others(honest: Honest) -> None:
    """An endpoint that gives no answer to one of the requests loses the checks that need it, and no other."""

    def ask(asked: Asked) -> Reply:
        if "from=yesterday" in asked.url:
            raise FetchError(f"{asked.url}: gone")
        return honest.ask(asked)

    report = judge(ask, wall=honest.wall)
    unmade = [result for result in report.results if result.status is Status.UNCHECKED]
    assert [result.check.id for result in unmade] == ["errors.date-word"]
    assert failed(report) == {"http.complete"}


def test_long_lists_are_read_in_part_and_that_is_told(honest: Honest) -> None:
    report = judge(honest.ask, wall=honest.wall, limits=Limits(pause=0, pages=2))
    assert failed(report) == set()
    assert "ListIdentifiers was read for 2 pages (6 entries); --full reads all of it" in report.notes
    (halves,) = [result for result in report.results if result.check.id == "window.halves"]
    assert halves.status is Status.UNCHECKED
    assert "--full" in halves.reason
