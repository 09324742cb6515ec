"""A feed that changes while it is read: one desk of a repository, and the truth about what was published there.

A `Fault` is something that goes wrong on the way: the laws have to notice each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sqlalchemy import Engine

from repo_harvest.model import Feed
from repo_harvest.oai import respond
from repo_harvest.store.feed import SqlFeed
from tests.oai.library import REPOSITORY, oai
from tests.oai.truth import Truth
from tests.oai.wire import Response, judged
from tests.store.kit import Clock, Wanted, publish_state

__all__ = ["NEAR_MIDNIGHT", "SOUND", "Desk", "Fault"]

NEAR_MIDNIGHT = 1_800_057_590  # ten seconds before the end of a day, so that days matter

Clocked = Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What stands in for a part of the way; every part that is not given is the honest one."""

    name: str
    feed: Callable[[Engine], Feed] = SqlFeed
    publish: Callable[[Engine, Mapping[str, Wanted], Clocked], int | None] = publish_state
    arguments: Callable[[dict[str, str]], dict[str, str]] = dict
    body: Callable[[bytes], bytes] = bytes


SOUND = Fault(name="none")


@dataclass(kw_only=True)
class Desk:
    """A process that publishes and serves; desks on one database share the truth, and each has its own clock."""

    engine: Engine
    truth: Truth
    clock: Clock
    page_size: int
    fault: Fault = SOUND

    def __post_init__(self) -> None:
        self._feed = self.fault.feed(self.engine)
        self._repository = replace(REPOSITORY, page_size=self.page_size)

    def change(self, wanted: Mapping[int, Wanted]) -> int | None:
        """Publish items by number; returns their datestamp, `None` if nothing changed."""
        named = {oai(number): want for number, want in wanted.items()}
        datestamp = self.fault.publish(self.engine, named, self.clock)
        self.truth.publish(named, datestamp)
        return datestamp

    def get(self, verb: str, arguments: Mapping[str, str]) -> Response:
        """The answer, judged."""
        query = urlencode({"verb": verb, **self.fault.arguments(dict(arguments))})
        body = respond(query, feed=self._feed, repository=self._repository, now=self.clock.now).body
        assert body is not None
        return judged(self.fault.body(body))
