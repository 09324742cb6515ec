"""A request goes in, the endpoint's reply comes out: one at a time, with pauses, and never more than was agreed.

Rule: the endpoint belongs to somebody else. Requests are counted and spaced, a 503 with Retry-After is obeyed (OAI-PMH
2.0 section 3.1.2.2), and an endpoint that no longer answers is left alone. So a run ends, whatever it meets: with the
list, with the requests, with the time, or with the endpoint's patience.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from repo_harvest import __version__
from repo_harvest.check.outcome import CouldNot, Stopped
from repo_harvest.errors import FetchError
from repo_harvest.source.address import Endpoint
from repo_harvest.source.exchange import Reply, exchange, place

__all__ = ["Ask", "Asked", "Client", "Limits", "Pairs", "over_http"]

Pairs = tuple[tuple[str, str], ...]
_AGENT = f"repo-harvest/{__version__} (OAI-PMH check)"
_FORM = "application/x-www-form-urlencoded"
_BUSY = frozenset({429, 503})
_SECONDS = re.compile(r"[0-9]{1,6}")
_SILENT = 3  # requests in a row without an answer, after which the endpoint is left alone
_UNREADABLE = 10.0  # seconds to wait where Retry-After is no number
_PATIENCE = 3  # waits for one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, before it is made. `pairs` are its arguments, as they were meant; `url` and `content` carry them."""

    url: str
    pairs: Pairs = ()
    method: str = "GET"
    headers: Pairs = ()
    content: bytes | None = None

    @classmethod
    def get(cls, base_url: str, pairs: Pairs, *, headers: Pairs = (), method: str = "GET") -> Asked:
        """A request with its arguments in the URL (OAI-PMH 2.0 section 3.1.1.1)."""
        query = urlencode(pairs, errors="surrogateescape")
        return cls(url=f"{base_url}?{query}" if pairs else base_url, pairs=pairs, method=method, headers=headers)

    @classmethod
    def post(cls, base_url: str, pairs: Pairs, *, content_type: str = _FORM, content: bytes | None = None) -> Asked:
        """A request with its arguments in the body (section 3.1.1.2), which `content` replaces, byte for byte."""
        body = urlencode(pairs, errors="surrogateescape").encode() if content is None else content
        return cls(url=base_url, pairs=pairs, method="POST", headers=(("Content-Type", content_type),), content=body)

    @property
    def shown(self) -> str:
        """The request in one line, as a person could repeat it."""
        if self.content is None:
            return self.url if self.method == "GET" else f"{self.method} {self.url}"
        return f"{self.method} {self.url} with {self.content.decode('ascii', 'backslashreplace')}"


Ask = Callable[[Asked], Reply]
"""Makes one request; raises `FetchError` if no whole answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may cost.

    `pause` between requests and `wait`, the longest Retry-After that is obeyed, in seconds; `requests` and `seconds`
    for everything together; `pages` of each long list, `None` for all of them.
    """

    pause: float = 0.2
    requests: int = 400
    seconds: float = 600.0
    wait: float = 60.0
    pages: int | None = 10


def over_http(base_url: str, *, seconds: float = 30.0) -> Ask:
    """Requests over the network. The host and port that `base_url` names may be private, and no other.

    Raises `FetchError` if `base_url` is not an http or https URL.
    """
    allowed: frozenset[Endpoint] = frozenset({place(base_url)})

    def ask(asked: Asked) -> Reply:
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **dict(asked.headers)}
        return exchange(
            asked.method,
            asked.url,
            headers=tuple(headers.items()),
            content=asked.content,
            allowed=allowed,
            seconds=seconds,
        )

    return ask


@dataclass(kw_only=True)
class Client:
    """Makes the requests of one run; `told` is called after each of them."""

    ask: Ask
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    limits: Limits
    told: Callable[[int], None] = lambda _: None
    made: int = 0
    waits: list[tuple[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    _begun: float | None = None
    _silent: int = 0
    _stopped: str = ""

    @property
    def stopped(self) -> str:
        """Why no further request is made; empty while requests are made."""
        return self._stopped

    def send(self, asked: Asked) -> Reply:
        """The reply; raises `CouldNot` if none came, and `Stopped` if no request is made any more."""
        for _ in range(_PATIENCE):
            reply = self._once(asked)
            wait = self._wait(asked, reply)
            if wait is None:
                return reply
            if wait > self.limits.wait:
                raise self._stop(
                    f"the endpoint asked to be left alone for {wait:g} seconds, and a check waits {self.limits.wait:g}"
                )
            self.sleep(wait)
        raise self._stop("the endpoint answered that it is busy again and again, though its Retry-After was obeyed")

    def _once(self, asked: Asked) -> Reply:
        self._afford()
        self.made += 1
        self.told(1)
        try:
            reply = self.ask(asked)
        except FetchError as error:
            self._silent += 1
            why = str(error)
            self.broken.append((asked.shown, why))
            if self._silent >= _SILENT:
                raise self._stop(f"{_SILENT} requests in a row got no whole answer; the last: {why}") from error
            raise CouldNot(f"no whole answer came: {why}") from error
        self._silent = 0
        return reply

    def _afford(self) -> None:
        """Pauses before each request but the first, and sees that there is one left."""
        if self._stopped:
            raise Stopped(self._stopped)
        if self._begun is None:
            self._begun = self.clock()
        elif self.limits.pause:
            self.sleep(self.limits.pause)
        if self.made >= self.limits.requests:
            raise self._stop(f"the {self.limits.requests} requests agreed for this run are spent (--max-requests)")
        if self.clock() - self._begun > self.limits.seconds:
            raise self._stop(f"the {self.limits.seconds:g} seconds agreed for this run are over (--max-seconds)")

    def _wait(self, asked: Asked, reply: Reply) -> float | None:
        """The seconds that the endpoint wants to be left alone; `None` if it does not say so."""
        if reply.status not in _BUSY:
            return None
        after = next((value.strip() for name, value in reply.headers if name.lower() == "retry-after"), None)
        if after is None:
            return None
        self.waits.append((asked.shown, after))
        return float(after) if _SECONDS.fullmatch(after) else min(_UNREADABLE, self.limits.wait)

    def _stop(self, why: str) -> Stopped:
        self._stopped = why
        return Stopped(why)
