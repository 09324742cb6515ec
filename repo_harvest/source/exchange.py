"""One HTTP request goes in, whatever the server answered comes out: its status, its headers and its content.

Rule: where `fetch` wants a page, this wants to know. Any status is an answer, nothing is tried again and no redirect is
followed; only an answer that did not arrive whole, in time and within its size is a failure. The address is judged like
that of every fetch: what is not public is dialled only when it was allowed by host and port.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from repo_harvest.errors import FetchError
from repo_harvest.source.address import Endpoint, endpoint
from repo_harvest.source.failure import NO_ADDRESS, Failure, shown
from repo_harvest.source.inflate import inflate
from repo_harvest.source.transport import Session, body
from repo_harvest.source.wire import Allowance, Resolve, Wire

__all__ = ["Reply", "exchange", "place"]

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server said: `headers` as they were sent, in order; `content` unpacked; `seconds` from first to last."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    seconds: float


def place(url: str) -> Endpoint:
    """The host and port that a URL names; raises `FetchError` for what is not an http or https URL.

    >>> place("http://127.0.0.1:8080/oai"), place("https://Example.org/oai")
    (('127.0.0.1', 8080), ('example.org', 443))
    """
    try:
        parts = urlsplit(url)
        port = _PORTS[parts.scheme.lower()] if parts.port is None else parts.port
    except (KeyError, ValueError) as error:
        raise FetchError(f"{shown(url)}: {NO_ADDRESS}") from error
    if not parts.hostname or not port or "@" in parts.netloc or "\\" in parts.netloc or not url.isprintable():
        raise FetchError(f"{shown(url)}: {NO_ADDRESS}")
    return endpoint(parts.hostname, port)


def exchange(
    method: str,
    url: str,
    *,
    headers: Sequence[tuple[str, str]],
    content: bytes | None = None,
    allowed: frozenset[Endpoint] = frozenset(),
    seconds: float = 30.0,
    size: int = 20_000_000,
    resolve: Resolve = socket.getaddrinfo,
) -> Reply:
    """The answer to one request, within `seconds` altogether and `size` bytes unpacked.

    `allowed` may be dialled although it is not public. Content is sent as it is; its type is for `headers` to say.
    Raises `FetchError`, in one line that names the URL, for an address that may not be asked, and for an answer that
    did not come, broke off, was packed as nobody asked, or was too slow or too large.
    """
    place(url)
    begun = time.monotonic()
    wire = Wire(allowance=Allowance(seconds=seconds, size=size), resolve=resolve, allowed=allowed)
    try:
        with (
            Session(wire) as session,
            session.ask(
                url, {"Connection": "close", **dict(headers)}, timeout=seconds, method=method, content=content
            ) as response,
        ):
            coding = response.headers.get("Content-Encoding", "")
            unpacked = inflate(body(response, wire.allowance), coding=coding if method != "HEAD" else "", limit=size)
            said = tuple((name, value) for name, value in response.raw.headers.items())
    except Failure as failure:
        raise failure.error(f"{shown(url)}: {failure.what}") from failure
    return Reply(status=response.status_code, headers=said, content=unpacked, seconds=time.monotonic() - begun)
