"""A harvester that is answered by a primary and by replicas that lag behind it misses nothing, whoever answers which page."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from repo_harvest.errors import StoreUnavailable
from repo_harvest.model import Feed, Position, Window
from repo_harvest.oai import Repository, respond
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.store.feed import SqlFeed, SqlSnapshot
from repo_harvest.store.replica import ReplicatedFeed
from repo_harvest.store.tables import feed_clock
from tests.laws import tries
from tests.oai.wire import Response, judged
from tests.store.kit import Clock, Wanted, empty, publish_state
from tests.store.promise import CHOICES

REPLICAS = 2
KEY = b"a key of sixteen bytes or more"
REPOSITORY = Repository(
    name="Replicated",
    base_url="https://example.org/oai",
    identifier="example.org",
    admin_emails=("feed@example.org",),
    token_key=KEY,
    page_size=2,
)
WINDOW = Window(prefix="oai_dc")
Make = Callable[[SqlFeed, Engine], Feed]


def replicated(primary: SqlFeed, replica: Engine) -> Feed:
    return ReplicatedFeed(primary, replica, token_key=schema.token_key(replica))


class Careless:
    """Answers from its replica whatever the question has seen before."""

    def __init__(self, careful: ReplicatedFeed) -> None:
        self._careful = careful

    def snapshot(self, now: float, reach: int | None = None) -> AbstractContextManager[SqlSnapshot]:
        return self._careful.snapshot(now, None if reach is None else 0)


def careless(primary: SqlFeed, replica: Engine) -> Feed:
    return Careless(ReplicatedFeed(primary, replica, token_key=schema.token_key(replica)))


class World:
    """A primary that is published to, and copies of it that catch up when they are told to."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._files = [folder / f"{number}.db" for number in range(1 + REPLICAS)]
        for file in self._files:
            file.write_bytes(template.read_bytes())
        self.engines = [open_engine(f"sqlite:///{file}") for file in self._files]
        self.clock = Clock()

    @property
    def primary(self) -> Engine:
        return self.engines[0]

    def begin(self, make: Make) -> None:
        """Empty all of them, for another example."""
        self.clock.now += 1000
        empty(self.primary, sealed=int(self.clock.now) - 1)
        for number in range(REPLICAS):
            self.catch_up(number)
        primary = SqlFeed(self.primary)
        self.feeds: list[Feed] = [primary, *(make(primary, replica) for replica in self.engines[1:])]

    def catch_up(self, number: int) -> None:
        """What streaming replication does, all at once."""
        self.copy(0, self._files[number + 1])

    def copy(self, node: int, file: Path) -> None:
        with closing(sqlite3.connect(self._files[node])) as source, closing(sqlite3.connect(file)) as copy:
            source.backup(copy)

    def ask(self, node: int, query: str) -> Response:
        body = respond(query, feed=self.feeds[node], repository=REPOSITORY, now=self.clock.now).body
        assert body is not None
        return judged(body)


@dataclass
class Harvester:
    """Keeps a copy of the feed, a page at a time; each page may be another node's."""

    choose: Callable[[list[int], list[int]], int]
    since: int | None = None
    token: str | None = None
    dates: list[int] = field(default_factory=list)
    stamps: list[int] = field(default_factory=list)
    copy: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def page(self, world: World, node: int) -> bool:
        """Get the next page from this node; whether the list is complete with it."""
        if self.token is None:
            self.dates = []
            wanted = {"metadataPrefix": "oai_dc"}
            if self.since is not None:
                wanted["from"] = f"{datetime.fromtimestamp(self.since, UTC):%Y-%m-%dT%H:%M:%SZ}"
        else:
            wanted = {"resumptionToken": self.token}
        answer = world.ask(node, urlencode({"verb": "ListIdentifiers", **wanted}))
        assert answer.codes in ([], ["noRecordsMatch"])
        self.dates.append(_second(answer.date))
        for head in answer.heads:
            self.copy[head.identifier] = (head.datestamp, head.deleted)
            self.stamps.append(_second(head.datestamp))
        self.token = (answer.resumption.token or None) if answer.kind != "error" and answer.resumption else None
        if self.token is None:
            self.since = self.choose(self.dates, self.stamps)
        return self.token is None


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("replicas"), sqlite_template)
    yield made
    for engine in made.engines:
        engine.dispose()


numbers = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("publish"), st.sets(numbers, min_size=1, max_size=4)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
    st.tuples(st.just("catch up"), st.integers(0, REPLICAS - 1)),
    st.tuples(st.just("ask"), st.integers(0, REPLICAS)),
    st.tuples(st.just("ask"), st.integers(0, REPLICAS)),
)


def happen(world: World, harvesters: list[Harvester], what: str, which: object, *, title: str) -> None:
    """One step of a story."""
    match what, which:
        case "publish", set(items):
            publish_state(world.primary, {f"oai:x.org:{item}": Wanted(title) for item in items}, world.clock)
        case "wait", int(seconds):
            world.clock.now += seconds
        case "catch up", int(replica):
            world.catch_up(replica)
        case "ask", int(node):
            for harvester in harvesters:
                harvester.page(world, node)


def promise(world: World, make: Make, story: list[tuple[str, object]]) -> None:
    """Let it all happen, then let everybody finish at the primary: each copy is what the primary lists."""
    world.begin(make)
    harvesters = [Harvester(choose) for choose in CHOICES.values()]
    for number, (what, which) in enumerate(story):
        happen(world, harvesters, what, which, title=str(number))
    world.clock.now += 2
    truth = Harvester(CHOICES["the last responseDate"])
    for harvester in (truth, *harvesters, *harvesters):  # the first round may end a list that was begun long ago
        while not harvester.page(world, 0):
            pass
    for name, harvester in zip(CHOICES, harvesters, strict=True):
        assert harvester.copy == truth.copy, name


ENOUGH = settings(max_examples=tries(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
stories = st.lists(steps, min_size=4, max_size=30)


@ENOUGH
@given(story=stories)
def test_no_mixture_of_replicas_makes_a_harvester_miss_a_change(world: World, story: list[tuple[str, object]]) -> None:
    promise(world, replicated, story)


def test_the_law_finds_a_replica_that_answers_what_it_cannot_know(world: World) -> None:
    """Three pages' worth are listed by the primary, and a replica that has none of them ends the list."""
    story: list[tuple[str, object]] = [("publish", {0, 1, 2, 3, 4}), ("wait", 3), ("ask", 0), ("ask", 1)]
    promise(world, replicated, story)
    with pytest.raises(AssertionError):
        promise(world, careless, story)


@pytest.fixture
def pair(world: World) -> tuple[World, ReplicatedFeed]:
    """Six records, one second each, of which the first replica has four."""
    world.begin(replicated)
    for item in range(6):
        publish_state(world.primary, {f"oai:x.org:{item}": Wanted("A title")}, world.clock)
        world.clock.now += 2
        world.ask(0, "verb=Identify")
        if item == 3:
            world.catch_up(0)
    feed = world.feeds[1]
    assert isinstance(feed, ReplicatedFeed)
    return world, feed


def test_lists_are_read_from_the_replica_and_all_else_from_the_primary(pair: tuple[World, ReplicatedFeed]) -> None:
    world, feed = pair
    lists = "verb=ListIdentifiers&metadataPrefix=oai_dc"
    with feed.snapshot(world.clock.now, 0) as old, feed.snapshot(world.clock.now) as new:
        assert old.count(WINDOW) == 4
        assert new.count(WINDOW) == 6
        assert old.sealed < new.sealed
        reached = old.sealed
    assert _second(world.ask(1, lists).date) == reached
    assert _second(world.ask(1, "verb=Identify").date) == reached
    bound = f"{datetime.fromtimestamp(reached + 1, UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert len(world.ask(1, f"{lists}&from={bound}").heads) == 2, "the primary answers what the replica cannot know"
    assert _second(world.ask(1, f"{lists}&until={bound}").date) > reached
    assert world.ask(1, "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x.org:5").codes == []
    assert world.ask(1, "verb=ListMetadataFormats&identifier=oai:x.org:5").codes == []


def test_the_primary_seals_what_the_replica_shows(pair: tuple[World, ReplicatedFeed]) -> None:
    world, feed = pair
    world.clock.now += 50
    with feed.snapshot(world.clock.now, 0):
        pass
    world.catch_up(0)
    with feed.snapshot(world.clock.now, 0) as snapshot:
        assert snapshot.sealed == int(world.clock.now) - 1


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_replica_that_does_not_answer_is_left_alone_for_a_while_and_told_of_once(
    pair: tuple[World, ReplicatedFeed], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world, _ = pair
    away = open_engine(f"sqlite:///{tmp_path}/none.db")
    (tmp_path / "none.db").write_bytes(b"no database, however you look at it. " * 100)
    seconds = Seconds()
    feed = ReplicatedFeed(SqlFeed(world.primary), away, token_key=schema.token_key(world.primary), clock=seconds)
    with caplog.at_level(logging.WARNING, "repo_harvest"):
        for _ in range(3):
            with feed.snapshot(world.clock.now, 0) as snapshot:
                assert snapshot.count(WINDOW) == 6
            seconds.now += 11
        assert len(caplog.records) == 1
        away.dispose()
        (tmp_path / "none.db").unlink()
        world.copy(1, tmp_path / "none.db")
        with feed.snapshot(world.clock.now, 0) as snapshot:
            assert snapshot.count(WINDOW) == 4
    assert [record.getMessage() for record in caplog.records[1:]] == ["feed: the replica answers again"]
    away.dispose()


def test_a_replica_that_fails_while_it_is_read_is_said_to_fail_and_then_left_alone(
    pair: tuple[World, ReplicatedFeed],
) -> None:
    world, feed = pair
    with pytest.raises(StoreUnavailable), feed.snapshot(world.clock.now, 0):
        raise StoreUnavailable("canceling statement due to conflict with recovery")
    with feed.snapshot(world.clock.now, 0) as snapshot:
        assert snapshot.records(WINDOW, Position(0, 0), 100)[5:]


def test_another_database_is_no_replica(pair: tuple[World, ReplicatedFeed], caplog: pytest.LogCaptureFixture) -> None:
    world, _ = pair
    stranger = world.engines[2]
    schema.rotate_keys(stranger)
    with writing(stranger) as connection:
        connection.execute(update(feed_clock).values(sealed=int(world.clock.now) + 100))
    feed = ReplicatedFeed(SqlFeed(world.primary), stranger, token_key=schema.token_key(world.primary))
    with feed.snapshot(world.clock.now, 0) as snapshot:
        assert snapshot.count(WINDOW) == 6
    assert "not a copy" in caplog.text
