"""One request and whatever is answered to it: any status, no second try, nothing private that was not allowed."""

from __future__ import annotations

import gzip

import pytest

from repo_harvest.errors import FetchError
from repo_harvest.source.address import allowed
from repo_harvest.source.exchange import Reply, exchange, place
from tests.source.servers import HTML, Names, Server, answer, head, page, redirect, serving


def ask(server: Server, method: str = "GET", content: bytes | None = None, **headers: str) -> Reply:
    return exchange(
        method,
        server.url,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
        content=content,
        allowed=allowed([server.at]),
        seconds=5,
        size=1000,
    )


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Oops", "503 Busy", "418 Teapot"])
def test_any_status_is_an_answer_and_is_asked_for_once(status: str) -> None:
    with serving(answer("said", HTML, "X-A: 1", "X-A: 2", status=status)) as server:
        reply = ask(server)
        assert len(server.requests) == 1
    assert (reply.status, reply.content) == (int(status[:3]), b"said")
    assert [value for name, value in reply.headers if name == "X-A"] == ["1", "2"]


def test_no_redirect_is_followed() -> None:
    with serving(redirect("/on"), page("on")) as server:
        assert ask(server).status == 302
        assert len(server.requests) == 1


def test_a_form_is_sent_as_it_is() -> None:
    with serving(page("ok")) as server:
        ask(server, "POST", b"a=%zz", Content_Type="application/x-www-form-urlencoded", Accept_Encoding="gzip;q=0")
        (request,) = server.requests
    assert request.startswith("POST /list HTTP/1.1\r\n")
    assert "\r\nContent-Type: application/x-www-form-urlencoded\r\n" in request
    assert "\r\nAccept-Encoding: gzip;q=0\r\n" in request
    assert "\r\nContent-Length: 5\r\n" in request


def test_head_has_headers_and_no_content() -> None:
    with serving(head(HTML, "Content-Length: 500")) as server:
        reply = ask(server, "HEAD")
    assert (reply.status, reply.content) == (200, b"")


def test_content_is_unpacked_and_the_headers_still_tell() -> None:
    with serving(page(gzip.compress(b"said", mtime=0), "Content-Encoding: gzip")) as server:
        reply = ask(server)
    assert reply.content == b"said"
    assert ("Content-Encoding", "gzip") in reply.headers


@pytest.mark.parametrize(
    "said",
    [
        page("x" * 1001),
        page(gzip.compress(bytes(5000), mtime=0), "Content-Encoding: gzip"),
        head("Content-Length: 9") + b"x",
    ],
)
def test_half_an_answer_or_too_much_of_one_is_a_failure(said: bytes) -> None:
    with serving(said) as server, pytest.raises(FetchError, match=server.url):
        ask(server)


def test_what_is_private_is_dialled_only_when_it_is_allowed() -> None:
    with serving(page("secret")) as server:
        with pytest.raises(FetchError, match="a loopback address"):
            exchange("GET", server.url, headers=())
        with pytest.raises(FetchError, match="a private address"):
            exchange("GET", "http://list.example/", headers=(), resolve=Names("10.0.0.1"))
        assert server.requests == []


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "a.example", "http://", "http://a@b.example/", "http://a:0/", "http://a:x/", "http://a/\n"],
)
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    with pytest.raises(FetchError, match="not a web address"):
        place(url)
