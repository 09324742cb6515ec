"""What harvesters may come back with, and publishers that make it hard to keep the promise to them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from repo_harvest import formats
from repo_harvest.errors import Stale
from repo_harvest.model import Header
from repo_harvest.store.publish import publish
from tests.store.kit import Wanted, plan_for

__all__ = ["CHOICES", "FastTime", "publish_slowly"]

# The responseDates of the list that was just completed, in order, and all datestamps ever held; in UTC seconds since 1970.
# All six are promised. Whatever is committed after a snapshot that shows S carries a datestamp of at least S + 1, so that
# S + 1 is as good as S; and the *first* S is as good as the last, as long as the list is open: a record whose datestamp is
# up to S is met on some later page, or has changed since and so has a datestamp of at least S + 1. The largest datestamp
# held is at most the S of the last page, which shows everything up to that S.
CHOICES: Mapping[str, Callable[[list[int], list[int]], int]] = {
    "the first responseDate": lambda dates, _stamps: dates[0],
    "the last responseDate": lambda dates, _stamps: dates[-1],
    "the largest datestamp": lambda dates, stamps: max(stamps, default=dates[0]),
    "the first responseDate and a second": lambda dates, _stamps: dates[0] + 1,
    "the last responseDate and a second": lambda dates, _stamps: dates[-1] + 1,
    "the largest datestamp and a second": lambda dates, stamps: max(stamps, default=dates[0] - 1) + 1,
}


@dataclass(frozen=True)
class FastTime:
    """Time that passes hundreds of times as fast, so that seconds go by inside a transaction."""

    begun: float
    times: float = 300

    def __call__(self) -> float:
        return 1_800_000_000 + (time.monotonic() - self.begun) * self.times

    def off(self, seed: int) -> Callable[[], float]:
        """A clock of its own that is mostly right, and at times an hour slow, a little fast or a second back."""
        chance = random.Random(seed)
        return lambda: self() + chance.choice([0, 0, 0, 0, -3600, 2, -1])


def publish_slowly(engine: Engine, wanted: dict[str, Wanted], clock: Callable[[], float]) -> int | None:
    """Publish items so that each is as wanted, however often others are quicker; returns the datestamp they got."""
    while True:
        try:
            return publish(engine, plan_for(engine, wanted), clock=clock, header_xml=_slow_header)
        except Stale:
            continue


def _slow_header(header: Header) -> bytes:
    """Rendering that makes some publications last: the datestamp is taken long before the commit."""
    time.sleep(0.003)
    return formats.header(header)
