"""An address about to be asked in; a pause if its host was asked just now, or a refusal if it does not want to be.

Rule: between two requests to one host there is a delay, redirects counted, and robots.txt (RFC 9309) is kept to by
whoever follows links. A host that failed twice is left alone for the rest of the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from repo_harvest.errors import FetchError, Refused, Unwelcome
from repo_harvest.model import Page
from repo_harvest.source import decode

__all__ = ["Manners"]

_AGENT = "repo-harvest"
_LONGEST_DELAY = 10.0  # seconds that a robots.txt may ask for between two requests; who wants more is asked no more
_MOST_FAILURES = 2
_CLIENT_ERRORS = range(400, 500)
_TOO_MANY = 429


class Manners:
    """What one run knows of the hosts that it asks.

    `delay` is in seconds; `monotonic` and `sleep` are those of `time`. `get` fetches a robots.txt and is given what to be
    told of each address on its way; it raises `Refused`.
    """

    def __init__(
        self,
        *,
        delay: float,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
        get: Callable[[str, Callable[[str], None]], Page],
    ) -> None:
        self._delay = delay
        self._sleep = sleep
        self._monotonic = monotonic
        self._get = get
        self._asked: dict[str, float] = {}
        self._last = ""
        self._failures: Counter[str] = Counter()
        self._robots: dict[str, RobotFileParser] = {}

    def pause(self, url: str) -> None:
        """Wait until the host may be asked again, and note that it is asked; raises `Unwelcome` if it failed too often."""
        self._pause(url, self._delay)

    def follow(self, url: str) -> None:
        """The same for a link that is followed: its host's robots.txt is read first; raises `Unwelcome` if that forbids it."""
        rules = self._rules(url)
        if not rules.can_fetch(_AGENT, url):
            raise Unwelcome(f"{url}: its site asks programs not to read it (robots.txt)", passing=False)
        wanted = float(rules.crawl_delay(_AGENT) or 0)
        if wanted > _LONGEST_DELAY:
            raise Unwelcome(f"{url}: its site asks programs to wait {wanted:g} seconds (robots.txt)", passing=False)
        self._pause(url, max(self._delay, wanted))

    def failed(self, error: Refused) -> None:
        """Note that the last request failed; only what speaks of its whole host counts."""
        status = error.status if isinstance(error, FetchError) else None
        if isinstance(error, FetchError) and (status not in _CLIENT_ERRORS or status == _TOO_MANY):
            self._failures[self._last] += 1

    def _pause(self, url: str, delay: float) -> None:
        self._last = host = _host(url)
        if self._failures[host] >= _MOST_FAILURES:
            raise Unwelcome(f"{url}: its host failed {_MOST_FAILURES} times in this run", passing=True)
        now = self._monotonic()
        wait = self._asked.get(host, now - delay) + delay - now
        if wait > 0:
            self._sleep(wait)
        self._asked[host] = max(now, now + wait)

    def _rules(self, url: str) -> RobotFileParser:
        """The robots.txt of the place that an address is at, read once; without one, everything may be read."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._robots:
            self._robots[place] = self._read_rules(f"{place}/robots.txt")
        return self._robots[place]

    def _read_rules(self, address: str) -> RobotFileParser:
        rules = RobotFileParser()
        lines: list[str] = []
        try:
            lines = decode(self._get(address, self.pause)).splitlines()
        except FetchError as error:
            if error.status not in _CLIENT_ERRORS or error.status == _TOO_MANY:  # RFC 9309 section 2.3.1.4
                self.failed(error)
                raise Unwelcome(f"{error} (asked what programs may read)", passing=error.passing) from error
        except Unwelcome:
            raise
        except Refused:
            pass  # something else is at that address: no rules
        try:
            rules.parse(lines)
        except ValueError:
            rules = RobotFileParser()
            rules.parse([])
        return rules


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
