"""What a page looks like when it comes in, and what the server was asked."""

from __future__ import annotations

import gzip
import logging
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from repo_harvest.errors import FetchError, HarvestError, NotAPage, SettingsError
from repo_harvest.model import Page, Validators
from repo_harvest.source import Limits, fetch
from tests.source.servers import HTML, NOON, Names, Server, answer, chunked, head, noon, page, redirect, serving


def get(server: Server, url: str = "", validators: Validators | None = None, limits: Limits | None = None) -> Page:
    return fetch(
        url or server.url,
        now=noon,
        validators=validators or Validators(),
        allow_private=[server.at],
        limits=limits or Limits(seconds=20),
        sleep=lambda _: None,
    )


def header(request: str, name: str) -> str | None:
    lines = (line.partition(": ") for line in request.split("\r\n")[1:])
    return next((value for key, _, value in lines if key.lower() == name.lower()), None)


def test_a_page_comes_in_as_it_was_sent() -> None:
    with serving(answer("<p>José".encode("cp1252"), "Content-Type: Text/HTML; Charset='Windows-1252'")) as server:
        found = get(server)
    assert found == Page(
        url=server.url,
        location=server.url,
        fetched=NOON,
        content=b"<p>Jos\xe9",
        content_type="text/html",
        charset="windows-1252",
        requests=1,
    )


@pytest.mark.parametrize(
    "said",
    [
        answer(gzip.compress(b"a list", mtime=0), HTML, "Content-Encoding: gzip"),
        answer(gzip.compress(b"a ", mtime=0) + gzip.compress(b"list", mtime=0), HTML, "Content-Encoding: X-GZip"),
        answer(gzip.compress(b"a list", mtime=0) + b"\0" * 512, HTML, "Content-Encoding: gzip"),
        head(HTML, "Transfer-Encoding: chunked") + chunked(b"a", b" ", b"list"),
        head(HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip") + chunked(gzip.compress(b"a list", mtime=0)),
        head(HTML) + b"a list",
        head(HTML, "Content-Length: 6, 6") + b"a list",
        b"HTTP/1.0 203 Changed on the way\r\nContent-Type: text/html\r\n\r\na list",
        head(status="100 Continue") + page("a list"),
        page("a list") + b"\r\n",
    ],
    ids=["gzip", "members", "padded", "chunked", "both", "to the end", "said twice", "old", "continued", "line break"],
)
def test_every_way_of_framing_a_body_gives_the_same_page(said: bytes) -> None:
    with serving(said) as server:
        assert get(server).content == b"a list"


def test_the_request_names_us_and_takes_nothing_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serving(page("direct")) as server, serving(page("through a proxy")) as proxy:
        (tmp_path / "netrc").write_text(f"machine {server.host} login me password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.at}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        found = fetch(
            server.url, now=noon, allow_private=[server.at, proxy.at], contact="mailto:us@example.org)\r\nX: y"
        )
    (request,) = server.requests
    assert found.content == b"direct"
    assert proxy.requests == []
    assert request.startswith("GET /list HTTP/1.1\r\n")
    assert header(request, "Host") == server.at
    assert header(request, "Authorization") is None
    agent = header(request, "User-Agent") or ""
    assert agent.startswith("repo-harvest/")
    assert agent.endswith(" (+mailto:us@example.orgX:y)")


def test_an_unchanged_page_is_not_sent_again() -> None:
    lines = ('ETag: "v1"', "Last-Modified: Sun, 01 Mar 2026 10:00:00 GMT", "Date: Mon, 02 Mar 2026 12:00:00 GMT")
    with serving(page("a list", *lines), head(status="304 Not Modified")) as server:
        first = get(server)
        second = get(server, validators=first.validators)
    assert first.validators == Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
    assert header(server.requests[0], "If-None-Match") is None
    assert header(server.requests[1], "If-None-Match") == '"v1"'
    assert header(server.requests[1], "If-Modified-Since") == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert second.unchanged
    assert second.content == b""
    assert second.validators == first.validators


@pytest.mark.parametrize(
    ("modified", "sent"),
    [
        ("Mon, 02 Mar 2026 12:00:00 GMT", "Mon, 02 Mar 2026 12:00:00 GMT"),
        ("Mon, 02 Mar 2026 12:00:05 GMT", "Mon, 02 Mar 2026 12:00:00 GMT"),
        ("yesterday", "Mon, 02 Mar 2026 12:00:00 GMT"),
        ("Mon, 02 Mar 2026 11:00:00 GMT", "noon"),
    ],
)
def test_a_date_within_which_the_page_may_change_again_is_not_asked_with(modified: str, sent: str) -> None:
    with serving(page("a list", f"Last-Modified: {modified}", f"Date: {sent}")) as server:
        assert get(server).validators == Validators()


def test_a_validator_that_could_not_stand_in_a_header_is_not_sent() -> None:
    wrong = Validators(etag='"a"\r\nX-Evil: 1', last_modified="2026 年")
    with serving(page("a list")) as server:
        assert get(server, validators=wrong).content == b"a list"
    assert header(server.requests[0], "If-None-Match") is None
    assert header(server.requests[0], "If-Modified-Since") is None
    assert "Evil" not in server.requests[0]


def test_unchanged_without_having_been_asked_is_a_failure() -> None:
    with serving(head(status="304 Not Modified")) as server, pytest.raises(FetchError, match="304 Not Modified"):
        get(server)


def test_unchanged_after_a_validator_that_was_not_sent_is_a_failure() -> None:
    with serving(head(status="304 Not Modified")) as server, pytest.raises(FetchError, match="304 Not Modified"):
        get(server, validators=Validators(etag="\n"))


def test_behind_a_redirect_nothing_is_compared_and_nothing_kept_to_compare() -> None:
    with serving(redirect("/new"), page("a list", 'ETag: "v2"')) as server:
        found = get(server, validators=Validators(etag='"v1"'))
    assert header(server.requests[0], "If-None-Match") == '"v1"'
    assert header(server.requests[1], "If-None-Match") is None
    assert (found.location, found.validators) == (f"http://{server.at}/new", Validators())


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_redirects_lead_to_the_page_and_keep_cookies(status: str) -> None:
    with serving(redirect("a/b?x=1#part", "Set-Cookie: seen=yes", status=status), page("a list")) as server:
        found = get(server, f"{server.url}#top")
    assert found.url == f"{server.url}#top"
    assert found.location == f"http://{server.at}/a/b?x=1"
    assert header(server.requests[1], "Cookie") == "seen=yes"


@pytest.mark.parametrize(("coding", "asked"), [("utf-8", "/n%C3%A9"), ("latin-1", "/n%E9")])
def test_a_location_beyond_ascii_is_followed_as_it_was_sent(coding: str, asked: str) -> None:
    with serving(redirect("/né".encode(coding).decode("latin-1")), page("a list")) as server:
        assert get(server).content == b"a list"
    assert server.requests[1].startswith(f"GET {asked} HTTP/1.1\r\n")


def test_as_many_redirects_as_allowed_are_followed_and_not_one_more() -> None:
    hops = [redirect(f"/{number}") for number in range(5)]
    with serving(*hops, page("a list")) as server:
        assert get(server).location == f"http://{server.at}/4"
    with serving(redirect("/again")) as server, pytest.raises(FetchError, match="redirected more than 5 times"):
        get(server)
    assert len(server.requests) == 6


def test_a_passing_fault_is_tried_again_after_growing_pauses() -> None:
    waits: list[float] = []
    with serving(answer(status="503 Busy"), answer(status="500 Oops"), page("a list")) as server:
        found = fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert found.content == b"a list"
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_fault_that_stays_is_given_up_on(status: int) -> None:
    with serving(answer(status=f"{status} x")) as server, pytest.raises(FetchError, match=f"answered {status} "):
        get(server)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [204, 206, 300, 302, 400, 401, 403, 404, 410, 451, 501, 505, 599, 999])
def test_any_other_answer_is_final_and_said_in_one_line(status: int) -> None:
    with (
        serving(answer("gone", HTML, status=f"{status} \x1b[31m\x07evil")) as server,
        pytest.raises(FetchError) as caught,
    ):
        get(server)
    assert len(server.requests) == 1
    assert str(caught.value).startswith(f"{server.url}: the server answered {status}")
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith(".")


def test_a_missing_page_is_said_as_a_person_would() -> None:
    with serving(answer(status="404 Nope")) as server, pytest.raises(FetchError) as caught:
        get(server)
    assert str(caught.value) == f"{server.url}: the server answered 404 Not Found. Check the address of the page."


@pytest.mark.parametrize("said", ["7", "Mon, 02 Mar 2026 12:00:07 GMT", " 7 "])
def test_a_short_retry_after_is_waited_for(said: str) -> None:
    waits: list[float] = []
    with serving(answer(b"", f"Retry-After: {said}", status="429 Slow down"), page("a list")) as server:
        fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert waits == [7.0]


@pytest.mark.parametrize("said", ["3600", "Mon, 02 Mar 2026 13:00:00 GMT", "Mon, 02 Mar 2026 14:00:00 +0100"])
def test_a_long_retry_after_is_not_waited_for_but_said(said: str) -> None:
    waits: list[float] = []
    with (
        serving(answer(b"", f"Retry-After: {said}", status="429 Slow down")) as server,
        pytest.raises(FetchError, match=r"429 Too Many Requests.* until 2026-03-02 13:00:00 UTC; try again then"),
    ):
        fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert waits == []
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "-5",
        "Fri, 31 Dec 9999 23:59:59 -0100",
        "1e9",
        "٣",
        "9" * 30,
        "Mon, 99 Mar 2026 99:00:00 GMT",
        "99999999999999",
    ],
)
def test_a_senseless_retry_after_counts_as_none(said: str) -> None:
    line = f"Retry-After: {said}".encode().decode("latin-1")
    waits: list[float] = []
    with serving(answer(b"", line, status="503 Busy"), page("a list")) as server:
        fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert waits == [0.5]


def test_a_retry_after_beyond_the_calendar_is_a_failure_like_another() -> None:
    with (
        serving(answer(b"", "Retry-After: 999999999", status="503 Busy")) as server,
        pytest.raises(FetchError, match="2057"),
    ):
        get(server)


def test_a_time_gone_by_means_now() -> None:
    waits: list[float] = []
    past = f"Retry-After: {(NOON - timedelta(days=1)):%a, %d %b %Y %H:%M:%S} GMT"
    with serving(answer(b"", past, status="503 Busy"), page("a list")) as server:
        fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert waits == [0.0]


def test_a_retry_after_is_waited_for_up_to_the_limit() -> None:
    waits: list[float] = []
    said = (answer(b"", f"Retry-After: {seconds}", status="503 Busy") for seconds in (10, 11))
    with serving(*said) as server, pytest.raises(FetchError, match="until 2026-03-02 12:00:11 UTC"):
        fetch(server.url, now=noon, allow_private=[server.at], sleep=waits.append)
    assert waits == [10.0]


def test_redirects_count_as_requests() -> None:
    with serving(redirect("/on")) as server, pytest.raises(FetchError, match="took more than 2 requests"):
        get(server, limits=Limits(requests=2))
    assert len(server.requests) == 2


def test_all_requests_of_a_fetch_are_counted_together() -> None:
    busy = answer(status="503 Busy")
    with (
        serving(busy, busy, redirect("/1"), busy, busy, redirect("/2"), busy, busy, redirect("/3"), busy) as server,
        pytest.raises(FetchError, match="503"),
    ):
        get(server, limits=Limits(requests=11))
    assert len(server.requests) == 11


@pytest.mark.parametrize(
    ("lines", "content", "found"),
    [
        ([], b"<!doctype html><title>x</title>", "text/html"),
        ([], b"\xef\xbb\xbf\n <!-- x --><p>x", "text/html"),
        ([], "<html>x".encode("utf-16"), "text/html"),
        ([], b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "application/xhtml+xml"),
        ([], b"Our publications, 2021", "text/plain"),
        (["Content-Type:"], b"<p>x", "text/html"),
        (["Content-Type: nonsense"], b"<p>x", "text/html"),
        (["Content-Type: unknown/unknown"], b"x", "text/plain"),
        (["Content-Type: application/xhtml+xml; charset=utf-8"], b"x", "application/xhtml+xml"),
    ],
)
def test_a_page_without_a_type_speaks_for_itself(lines: list[str], content: bytes, found: str) -> None:
    with serving(answer(content, *lines)) as server:
        assert get(server).content_type == found


@pytest.mark.parametrize(
    ("lines", "content", "found"),
    [
        (["Content-Type: application/pdf"], b"%PDF-1.7", "application/pdf"),
        (["Content-Type: IMAGE/PNG"], b"", "image/png"),
        (["Content-Type: application/json"], b"{}", "application/json"),
        (["Content-Type: text/xml"], b"<html/>", "text/xml"),
        ([], b"%PDF-1.7", "application/pdf"),
        ([], b"<?xml version='1.0'?><rss/>", "application/xml"),
        ([], bytes(range(256)), "application/octet-stream"),
    ],
)
def test_what_is_no_page_is_refused_by_name(lines: list[str], content: bytes, found: str) -> None:
    with serving(answer(content, *lines)) as server, pytest.raises(NotAPage) as caught:
        get(server)
    assert str(caught.value).startswith(f"{server.url}: it is not a page but {found}. ")


def test_what_went_wrong_behind_a_redirect_names_both_addresses() -> None:
    with serving(redirect("/login"), answer(status="404 x")) as server, pytest.raises(FetchError) as caught:
        get(server)
    assert str(caught.value).startswith(
        f"{server.url}: redirected to http://{server.at}/login: the server answered 404"
    )


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://",
            "https://",
            "http:example.org",
            "http:///list",
            "http://[::1/",
            "http://x:99999/",
            "http://x:port/",
        ),
        *(
            "http://x:0/",
            "http://a b/",
            "http://x\x00y/",
            "http://x/\r\nHost: y",
            "http://.../",
            "http://*/",
            "http://.",
        ),
        *("http://\\x/", "http://good.example\\@evil.example/", "http://％00/", "http://[::1]x/", "http://[v1.x]/"),
        *(
            "ftp://example.org/x",
            "gopher://example.org/x",
            "dict://x:1/",
            "javascript://x/%0aalert(1)",
            "http://x/\u202e",
        ),
        *("HTTPS://user:secret@example.org/", "http://me@example.org/", "http://:secret@example.org/"),
    ],
)
def test_what_is_no_web_address_is_refused_before_anyone_is_asked(url: str) -> None:
    names = Names()
    with pytest.raises(FetchError) as caught:
        fetch(url, now=noon, resolve=names)
    assert names.asked == []
    assert str(caught.value).isprintable()
    assert "secret" not in str(caught.value)


def test_a_name_that_nobody_has_is_said() -> None:
    with pytest.raises(FetchError, match=r"there is no host of the name list\.example\. Check the address"):
        fetch("http://list.example/", now=noon, resolve=Names())


@pytest.mark.parametrize("host", ["a" * 64 + ".org", "a" * 300 + ".org"])
def test_a_name_that_nobody_can_have_is_said(host: str) -> None:
    with pytest.raises(FetchError, match="there is no host of the name"):
        fetch(f"http://{host}/", now=noon)


def test_a_name_server_that_is_down_is_asked_again() -> None:
    names = Names(socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"))
    with pytest.raises(FetchError, match=r"the name server does not answer for list\.example\. Try again later"):
        fetch("http://list.example/", now=noon, resolve=names, sleep=lambda _: None)
    assert names.asked == ["list.example"] * 3


@pytest.mark.parametrize(
    "entry", ["localhost", "127.0.0.1", "::1:80", "http://x:80", "x:0", "x:65536", "x:٣", "", "x:80\n"]
)
def test_a_wrong_exception_is_a_mistake_in_the_settings(entry: str) -> None:
    with pytest.raises(SettingsError, match="allow_private"):
        fetch("http://example.org/", now=noon, allow_private=[entry], resolve=Names())


def test_every_fetch_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="repo_harvest")
    said = (page("a list", 'ETag: "1"'), head(status="304 Not Modified"), answer(status="404 x"))
    with serving(*said) as server:
        first = get(server)
        get(server, validators=first.validators)
        with pytest.raises(HarvestError):
            get(server)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert lines[0].startswith(f"fetched {server.url}: text/html, 6 bytes, ")
    assert lines[1].startswith(f"fetched {server.url}: unchanged, ")
    assert lines[2].startswith(f"not fetched: {server.url}: the server answered 404")
