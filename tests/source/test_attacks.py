"""Servers that are slow, endless, broken or hostile: every fetch ends, in bounded memory, with a page or with one line."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.errors import FetchError, NotAPage, Refused
from repo_harvest.model import Page
from repo_harvest.source import Limits, fetch
from tests.laws import tries
from tests.source.servers import (
    HTML,
    Say,
    Server,
    answer,
    chunked,
    dripping,
    endless,
    head,
    noon,
    page,
    redirect,
    reset,
    serving,
)

CHUNKED = "Transfer-Encoding: chunked"
GZIP = "Content-Encoding: gzip"
MEGABYTE = 1 << 20
BLOCK = b"x" * 65536


def get(server: Server, *, seconds: float = 20, size: int = MEGABYTE, attempts: int = 1) -> Page:
    limits = Limits(seconds=seconds, size=size, attempts=attempts)
    return fetch(server.url, now=noon, allow_private=[server.at], limits=limits, sleep=lambda _: None)


# --- time ------------------------------------------------------------------------------------------------------------
# Each of these would answer in full, or go on, long after the deadline of a third of a second. That the failure is
# about the deadline shows that nothing waited for more.

LATE = r"did not arrive within 0\.3 seconds"


def silent(start: bytes) -> Say:
    def say(client: socket.socket) -> None:
        client.sendall(start)
        client.recv(1)  # until the other side hangs up

    return say


@pytest.mark.parametrize(
    "say",
    [
        silent(b""),
        silent(head(HTML, "Content-Length: 10")),
        silent(head(HTML, CHUNKED) + b"a\r\n"),
        dripping(page("a list" * 100)),
        dripping(head(HTML, CHUNKED) + chunked(*[b"x"] * 100)),
        dripping(head(status="100 Continue") * 100),
        dripping(answer("x" * 500, HTML, status="404 Not Found")),
    ],
    ids=["mute", "no body", "no chunk", "drip", "drip in chunks", "continue", "drip of an error"],
)
def test_a_server_that_takes_its_time_does_not_take_ours(say: Say) -> None:
    with serving(say) as server, pytest.raises(FetchError, match=LATE):
        get(server, seconds=0.3, attempts=3)


def test_a_body_that_drips_does_not_outlast_the_deadline() -> None:
    drip = dripping(b"x" * 500)

    def say(client: socket.socket) -> None:
        client.sendall(head(HTML, "Content-Length: 500"))
        drip(client)

    with serving(say) as server, pytest.raises(FetchError, match=LATE):
        get(server, seconds=0.3)


def test_what_came_in_time_buys_no_more_time() -> None:
    def say(client: socket.socket) -> None:
        client.sendall(head(HTML, "Content-Length: 8"))
        for half in (b"<p>a", b"list"):
            server.hung_up.wait(0.2)
            client.sendall(half)

    with serving(say) as server, pytest.raises(FetchError, match=LATE):
        get(server, seconds=0.3)


def test_redirects_share_one_deadline() -> None:
    def say(client: socket.socket) -> None:
        server.hung_up.wait(0.1)
        client.sendall(redirect("/on") if len(server.requests) < 5 else page("too late"))

    with serving(say) as server, pytest.raises(FetchError, match=LATE):
        get(server, seconds=0.3)


def test_a_wait_that_outlasts_the_deadline_is_not_begun() -> None:
    waits: list[float] = []
    with serving(answer(b"", "Retry-After: 5", status="503 Busy")) as server, pytest.raises(FetchError, match="503"):
        fetch(server.url, now=noon, allow_private=[server.at], limits=Limits(seconds=2), sleep=waits.append)
    assert waits == []


def test_a_silent_name_server_is_not_waited_for() -> None:
    asleep, answered = threading.Event(), threading.Event()

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        asleep.wait(5)
        answered.set()
        return []

    with pytest.raises(FetchError, match=LATE):
        fetch("http://list.example/", now=noon, limits=Limits(seconds=0.3), resolve=resolve)
    assert not answered.is_set()
    asleep.set()


def test_a_handshake_that_never_comes_does_not_outlast_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # connections are made, and nobody answers
        at = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(FetchError, match=LATE):
            fetch(f"https://{at}/", now=noon, allow_private=[at], limits=Limits(seconds=0.3))


def test_a_server_that_does_not_close_a_complete_answer_has_answered() -> None:
    with serving(silent(page("a list"))) as server:
        assert get(server).content == b"a list"


def test_after_a_damaged_answer_the_next_has_all_the_time_again() -> None:
    def say(client: socket.socket) -> None:
        server.hung_up.wait(1.2)  # longer than the end of a complete answer is waited for
        client.sendall(page("a list"))

    with serving(page(ZIPPED[:-1], GZIP), say) as server:
        assert get(server, attempts=2).content == b"a list"


# --- size ------------------------------------------------------------------------------------------------------------


def packed(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(MEGABYTE)) for _ in range(size // MEGABYTE)), packer.flush()])


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return packed(100 * MEGABYTE)


@pytest.fixture
def modest() -> Iterator[None]:
    """Fails a test in which this process ever held much more than the megabyte that was allowed."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("modest")
@pytest.mark.parametrize("lines", [[], [CHUNKED]], ids=["to the end", "chunked"])
def test_a_bomb_is_not_unpacked(bomb: bytes, lines: list[str]) -> None:
    body = chunked(bomb) if lines else bomb
    with serving(head(HTML, GZIP, *lines) + body) as server, pytest.raises(FetchError, match="larger than 1,048,576"):
        get(server)


@pytest.mark.usefixtures("modest")
@pytest.mark.parametrize(
    "say",
    [
        endless(head(HTML), BLOCK),
        endless(head(HTML, "Content-Length: 99999999999"), BLOCK),
        endless(head(HTML, CHUNKED), b"10000\r\n" + BLOCK + b"\r\n"),
        endless(head(HTML, CHUNKED) + b"fffffffffff\r\n", BLOCK),
        endless(head(HTML, CHUNKED) + b"-1\r\n", BLOCK),
        endless(head(HTML, CHUNKED) + b"0\r\n", b"X-Trailer: 1\r\n" * 4000),
        endless(head(HTML, GZIP), gzip.compress(b"", mtime=0) * 3000),
        endless(b"", head(status="100 Continue") * 2000),
        endless(b"HTTP/1.1 200 OK\r\nX: ", BLOCK),
        endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 10000),
        endless(b"HTTP/1.1 200 ", BLOCK),
        endless(b"", b"\r\n" * 30000),
    ],
    ids=[
        *("body", "declared", "chunks", "chunk", "chunk of -1", "trailers", "members", "continue"),
        *("header", "headers", "status", "line breaks"),
    ],
)
def test_what_does_not_end_is_not_read_to_the_end(say: Say) -> None:
    with serving(say) as server, pytest.raises(FetchError):
        get(server)


@pytest.mark.usefixtures("modest")
def test_what_nobody_needs_is_not_read_at_all() -> None:
    lines = (HTML, "Content-Length: 99999999999")
    with serving(endless(head(*lines, "Location: /new", status="302 Found"), BLOCK), page("a list")) as server:
        assert get(server).content == b"a list"
    with (
        serving(endless(head(*lines, status="404 Not Found"), BLOCK)) as server,
        pytest.raises(FetchError, match="404 Not Found"),
    ):
        get(server)
    with (
        serving(endless(head("Content-Type: video/mp4", CHUNKED), b"1\r\nx\r\n" * 9999)) as server,
        pytest.raises(NotAPage, match="video/mp4"),
    ):
        get(server)


def test_a_page_that_is_declared_too_large_is_not_waited_for() -> None:
    with (
        serving(silent(head(HTML, "Content-Length: 99999999999"))) as server,
        pytest.raises(FetchError, match="larger"),
    ):
        get(server)


def test_a_page_of_just_the_size_comes_in_and_one_byte_more_does_not() -> None:
    content = b"x" * 5000
    for said in (page(content), head(HTML) + content, page(gzip.compress(content, mtime=0), GZIP)):
        with serving(said) as server:
            assert get(server, size=5000).content == content
            with pytest.raises(FetchError, match="larger than 4,999 bytes"):
                get(server, size=4999)


# --- half a page -----------------------------------------------------------------------------------------------------


WHOLE = b"<p>" + b"a list of publications, " * 50
ZIPPED = gzip.compress(WHOLE, mtime=0)
SUM_WRONG = ZIPPED[:-8] + bytes(4) + ZIPPED[-4:]
LENGTH_WRONG = ZIPPED[:-4] + bytes(4)


@pytest.mark.parametrize(
    "said",
    [
        head(HTML, f"Content-Length: {len(WHOLE) + 1}") + WHOLE,
        head(HTML, f"Content-Length: {len(WHOLE) - 1}") + WHOLE,
        head(HTML, "Content-Length: 0") + WHOLE,
        head(HTML, "Content-Length: -1") + WHOLE,
        head(HTML, "Content-Length: many") + WHOLE,
        head(HTML, f"Content-Length: {len(WHOLE)}", "Content-Length: 5") + WHOLE,
        head(HTML, f"Content-Length: {len(WHOLE)}, 5") + WHOLE,
        head(HTML, CHUNKED) + chunked(WHOLE)[:-5],
        head(HTML, CHUNKED) + chunked(WHOLE)[:-7],
        head(HTML, CHUNKED) + chunked(WHOLE)[:300],
        head(HTML, CHUNKED) + b"zz\r\n" + chunked(WHOLE),
        head(HTML, CHUNKED) + WHOLE,
        head(HTML, "Transfer-Encoding: gzip, chunked") + chunked(ZIPPED),
        page(ZIPPED[:-1], GZIP),
        page(ZIPPED[: len(ZIPPED) // 2], GZIP),
        page(ZIPPED[:5], GZIP),
        page(ZIPPED + ZIPPED[:-9], GZIP),
        page(ZIPPED + b"\x1f", GZIP),
        page(SUM_WRONG, GZIP),
        page(LENGTH_WRONG, GZIP),
        page(WHOLE, GZIP),
        page(ZIPPED, "Content-Encoding: br"),
        page(zlib.compress(WHOLE), "Content-Encoding: deflate"),
        page(gzip.compress(ZIPPED, mtime=0), "Content-Encoding: gzip, gzip"),
        reset(head(HTML, f"Content-Length: {len(WHOLE)}") + WHOLE[:100]),
        reset(head(HTML, CHUNKED) + chunked(WHOLE)[:100]),
        reset(head(HTML)[:-2]),
        reset(b""),
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x02\x00",
        WHOLE,
    ],
)
def test_half_a_page_is_no_page(said: bytes | Say) -> None:
    with serving(said) as server, pytest.raises(FetchError) as caught:
        get(server, attempts=2)
    assert str(caught.value).startswith(f"{server.url}: ")
    assert str(caught.value).endswith(".")
    assert str(caught.value).isprintable()


def test_a_connection_that_broke_once_is_made_again() -> None:
    with serving(head(HTML, "Content-Length: 99") + b"half", reset(b""), page("a list")) as server:
        assert get(server, attempts=3).content == b"a list"


# --- anything --------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.0 200\r\n",
            b"HTTP/1.1 302 x\r\n",
            b"HTTP/1.1 304 x\r\n",
            b"HTTP/9.9 -1 x\r\n",
        ),
        *(
            b"HTTP/1.1 100 Go on\r\n\r\n",
            b"HTTP/1.1 503 x\r\n",
            b"HTTP/1.1 204 x\r\n",
            b"ICY 200 OK\r\n",
            b"\r\n",
            b"\n",
        ),
        *(b"Content-Length: 5\r\n", b"Content-Length: 007\r\n", b"Content-Length:\r\n", b"content-length: +5\r\n"),
        *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: xchunked\r\n", b"Content-Encoding: gzip\r\n"),
        *(b"Content-Type: text/html; charset=\xff\r\n", b"Content-Type: text/html\r\n", b"Content-Type: a/b/c;;;\r\n"),
        *(
            b"Location: /\r\n",
            b"Location: http://[\r\n",
            b"Location: \xff\x00\r\n",
            b"Location: //me@x/\r\n",
            b"Location:\r\n",
        ),
        *(b"Set-Cookie: a=b; expires=never; path=\xff\r\n", b"ETag: \x00\r\n", b"Retry-After: 1e5\r\n", b"Date: 0\r\n"),
        *(
            b"5\r\nhello\r\n",
            b"0\r\n\r\n",
            b"-5\r\n",
            b"1_0\r\n",
            b": \r\n",
            b" folded\r\n",
            b"hello",
            ZIPPED,
            ZIPPED[:9],
        ),
    ]
)


@pytest.fixture(scope="module")
def whatever() -> Iterator[Server]:
    with serving(b"") as server:
        yield server


def outcome(server: Server) -> Page | Refused:
    limits = Limits(seconds=5, size=1000, attempts=1, redirects=1)
    try:
        return fetch(server.url, now=noon, allow_private=[server.at], limits=limits)
    except Refused as refusal:
        return refusal


@settings(max_examples=tries(100), deadline=None)
@given(said=st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join) | st.binary())
def test_whatever_a_server_says_the_answer_is_a_page_or_one_line(whatever: Server, said: bytes) -> None:
    whatever.answers[:] = [said]
    found = outcome(whatever)
    if isinstance(found, Page):
        assert len(found.content) <= 1000
    else:
        assert str(found).isprintable()
        assert str(found).startswith(whatever.url)


def test_no_connection_outlives_its_fetch() -> None:
    """Not even while the failure is still looked at, whose traceback holds everything that took part."""
    ended = threading.Event()

    def say(client: socket.socket) -> None:
        client.sendall(page(ZIPPED[:-1], GZIP))
        client.shutdown(socket.SHUT_WR)
        if client.recv(1) == b"":
            ended.set()

    with serving(say) as server:
        assert isinstance(outcome(server), FetchError)
        assert ended.wait(10)
