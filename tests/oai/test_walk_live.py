"""The law of walks with real publishers at work: what a list held by its last responseDate was met on its pages.

Which pages meet which publications is up to the machine; what has to be true of them is not.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from tests.oai.desk import Desk
from tests.oai.library import oai
from tests.oai.truth import Asked, Truth, entries
from tests.oai.wire import Response
from tests.store.kit import Clock, Wanted, publish_state
from tests.store.promise import FastTime, publish_slowly

PUBLICATIONS = 12  # of each of the publishers
MOVING, RESTING = range(20), range(20, 30)
SETS: list[tuple[str, ...]] = [("a:b",), ("a",), ("c",), ()]

Published = list[tuple[int, dict[str, Wanted]]]


def keep_publishing(engine: Engine, seed: int, clock: Callable[[], float], published: Published) -> None:
    chance = random.Random(seed)
    for number in range(PUBLICATIONS):
        wanted = {
            oai(item): Wanted(f"{seed} {number}", chance.choice(SETS), chance.random() < 0.2)
            for item in chance.sample(MOVING, chance.randint(1, 8))
        }
        datestamp = publish_slowly(engine, wanted, clock)
        if datestamp is not None:
            published.append((datestamp, wanted))


def keep_walking(
    desk: Desk, asked: Asked, clock: Callable[[], float], working: threading.Event
) -> list[list[Response]]:
    walks = []
    while working.is_set():
        walks.append(walk(desk, asked, clock))
    return walks


def walk(desk: Desk, asked: Asked, clock: Callable[[], float]) -> list[Response]:
    pages, arguments = list[Response](), asked.arguments
    while True:
        desk.clock.now = clock()
        pages.append(desk.get(asked.verb, arguments))
        said = pages[-1].resumption
        if said is None or not said.token:
            return pages
        arguments = {"resumptionToken": said.token}


@pytest.mark.parametrize("set_spec", [None, "a"])
def test_a_walk_among_publishers_meets_what_the_list_held_at_its_end(engine: Engine, set_spec: str | None) -> None:
    fast = FastTime(time.monotonic())
    stock = {oai(number): Wanted(f"Title {number}", SETS[number % 4]) for number in (*MOVING, *RESTING)}
    first = publish_state(engine, stock, fast)
    assert first is not None
    published: Published = [(first, stock)]
    lists = [Asked(verb=verb, set_spec=set_spec) for verb in ("ListRecords", "ListIdentifiers")]
    working = threading.Event()
    working.set()
    with ThreadPoolExecutor(4) as pool:
        walking = [
            pool.submit(keep_walking, desk_of(engine), asked, fast.off(seed), working)
            for seed, asked in enumerate(lists)
        ]
        try:
            seeds = (11, 12)
            for done in [pool.submit(keep_publishing, engine, seed, fast.off(seed), published) for seed in seeds]:
                done.result()
        finally:
            working.clear()
        walks = [(asked, pages) for asked, walked in zip(lists, walking, strict=True) for pages in walked.result()]
    assert any(pages[0].date < utc_text(stamp) < pages[-1].date for _, pages in walks for stamp, _ in published)
    for asked, pages in walks:
        check(published, asked, pages)


def desk_of(engine: Engine) -> Desk:
    return Desk(engine=engine, truth=Truth(), clock=Clock(), page_size=3)


def check(published: Published, asked: Asked, pages: list[Response]) -> None:
    met = [entry for page in pages for entry in entries(page)]
    assert len({entry.key for entry in met}) == len(met), "met twice as it is"
    assert [entry for entry in at(published, pages[-1].date).list(asked) if entry not in met] == [], "missed"
    delivered, size = 0, len(at(published, pages[0].date).list(asked))
    for page in pages:
        shown, held, said = entries(page), at(published, page.date).list(asked), page.resumption
        assert all(entry in held for entry in shown), "shown as it is not"
        assert said is not None
        size = max(size, delivered + len(shown) + 1) if said.token else delivered + len(shown)
        assert (said.size, said.cursor) == (size, delivered), "size and cursor"
        delivered += len(shown)


def at(published: Published, date: str) -> Truth:
    """What the feed held at a watermark: every publication up to it, and none after."""
    truth = Truth()
    for datestamp, wanted in sorted(published, key=lambda one: one[0]):
        if utc_text(datestamp) <= date:
            truth.publish(wanted, datestamp)
    return truth
