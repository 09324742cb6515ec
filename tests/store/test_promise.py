"""A harvester that comes back with `from` = a responseDate it got, or the largest datestamp it holds, misses nothing.

Publishers and harvesters run at once on one database; clocks disagree and jump. At the end every harvester's copy is
what the feed holds.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from lxml import etree
from sqlalchemy import Engine

from repo_harvest.model import Listed, Position, Window
from repo_harvest.store.feed import SqlFeed
from tests.store.kit import Wanted
from tests.store.promise import CHOICES, FastTime, publish_slowly

PUBLICATIONS = 18  # of each of the publishers
TIME = FastTime(time.monotonic())
IDS = [f"oai:x.org:{n}" for n in range(40)]


class Harvester:
    """Keeps a copy of the feed by asking for what is new since some moment."""

    def __init__(self, feed: SqlFeed, choose: Callable[[list[int], list[int]], int], set_spec: str | None) -> None:
        self._feed, self._choose, self._set = feed, choose, set_spec
        self._since: int | None = None
        self._newest: list[int] = []
        self.copy: dict[str, bytes | None] = {}

    def harvest(self, clock: Callable[[], float]) -> None:
        after, dates = None, []
        while True:
            with self._feed.snapshot(clock()) as snapshot:
                dates.append(snapshot.sealed)
                window = Window(prefix="oai_dc", set_spec=self._set, since=self._since)
                rows = [Listed._make(row) for row in snapshot.records(window, after, 7)]
            for row in rows:
                self.copy[str(etree.fromstring(row.header).findtext("identifier"))] = row.metadata
                self._newest.append(row.datestamp)
            if len(rows) < 7:
                break
            after = Position(rows[-1].datestamp, rows[-1].id)
        self._since = self._choose(dates, self._newest)


def keep_publishing(engine: Engine, seed: int) -> None:
    chance, clock = random.Random(seed), TIME.off(seed)
    sets: list[tuple[str, ...]] = [("a:b",), ("a",), ("c",), ()]
    for number in range(PUBLICATIONS):
        wanted = {
            identifier: Wanted(f"{seed} {number}", chance.choice(sets), chance.random() < 0.2)
            for identifier in chance.sample(IDS, chance.randint(1, 12))
        }
        publish_slowly(engine, wanted, clock)


def keep_harvesting(harvester: Harvester, seed: int, publishing: threading.Event) -> None:
    clock = TIME.off(seed)
    while publishing.is_set():
        harvester.harvest(clock)
        time.sleep(0.002)


@pytest.mark.parametrize("set_spec", [None, "a"])
def test_no_incremental_harvest_ever_misses_a_change(engine: Engine, set_spec: str | None) -> None:
    harvesters = [Harvester(SqlFeed(engine), choose, set_spec) for choose in CHOICES.values()]
    publishing = threading.Event()
    publishing.set()
    with ThreadPoolExecutor(len(harvesters) + 2) as pool:
        reading = [pool.submit(keep_harvesting, one, number, publishing) for number, one in enumerate(harvesters)]
        try:
            for future in [pool.submit(keep_publishing, engine, seed) for seed in (11, 12)]:
                future.result()
        finally:
            publishing.clear()
        for future in reading:
            future.result()
    truth = Harvester(SqlFeed(engine), CHOICES["the last responseDate"], set_spec)
    truth.harvest(TIME)
    assert truth.copy
    for name, harvester in zip(CHOICES, harvesters, strict=True):
        harvester.harvest(TIME)
        assert harvester.copy == truth.copy, name
