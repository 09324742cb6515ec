"""Matching as records come is matching them all at once: the same pairs, the same works, in whatever order they came."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from repo_harvest.ingest import Press
from repo_harvest.ingest.lines import import_file
from repo_harvest.ingest.rebuild import matched, rebuild, settle_keys
from repo_harvest.match import Verdict
from repo_harvest.match.bulk import engine as bulk_engine
from repo_harvest.store import filing
from repo_harvest.store.engine import reading
from repo_harvest.store.known import open_view
from repo_harvest.store.review import every_place
from repo_harvest.store.tables import hot_keys, keys, pairs, recent_keys
from tests.store.kit import Clock, dump, empty

Line = Mapping[str, object]
MEMORY = bulk_engine("memory")
EMPTIED = [HealthCheck.function_scoped_fixture]  # the database is emptied for each example
SUBJECTS = ("peer mentoring", "probation practice", "desistance", "women in custody", "volunteering")
FORMS = (
    "A study of {}",
    "What {} asks of people",
    "{}: an introduction",
    "Editorial",
    "On {} and its friends",
    "{} revisited",
)
NAMES = ("Buck, Gillian", "Buck, G.", "Atherton, Peter", "Gosling, Helena", "Ito, Kei", "Ó Briain, Dara")


def line(draw: random.Random, number: int) -> dict[str, object]:
    """A line of a few works that many lines state, each in its own way."""
    title = draw.choice(FORMS).format(draw.choice(SUBJECTS))
    return {
        "id": str(number),
        "title": title if draw.random() < 0.8 else title.upper(),
        "creators": draw.sample(NAMES, draw.randint(0, 2)),
        "date": str(draw.choice((2015, 2016, 2021))),
        "volume": draw.choice(["", "3", "4"]),
        "pages": draw.choice(["", "1-9", "10-21"]),
        "identifiers": [f"https://doi.org/10.1000/{draw.randint(1, 6)}"] if draw.random() < 0.2 else [],
    }


class Desk:
    """A database, and a file that is imported into it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.path, self.clock = folder / "lines.jsonl", Clock()
        self.press = Press(engine=engine, clock=self.clock, repository="x.org")
        settle_keys(self.press)

    def load(self, lines: Iterable[Line]) -> None:
        self.path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        self.clock.now += 60
        import_file(self.path, self.press)

    def works(self) -> set[frozenset[str]]:
        """The works, as the ids of their lines."""
        found: dict[str, set[str]] = {}
        for _, label, identifier in every_place(self.press.engine):
            found.setdefault(identifier, set()).add(label)
        return {frozenset(labels) for labels in found.values()}

    def works_at_once(self) -> set[frozenset[str]]:
        """The works that the plain engine makes of all that is there."""
        called = {entry_id: label for entry_id, label, _ in every_place(self.press.engine)}
        return {frozenset(called[i] for i in cluster) for cluster in matched(self.press, MEMORY)}

    def kept(self) -> dict[tuple[int, int], str]:
        with reading(self.press.engine) as connection:
            return {(row.one_id, row.other_id): row.verdict for row in connection.execute(select(pairs))}

    def judged_at_once(self) -> dict[tuple[int, int], str]:
        with open_view(self.press.engine) as view, MEMORY.over(view.every_entry(), hot=view.every_hot()) as work:
            return {(pair.one, pair.other): pair.verdict for pair in work.judged()}

    def hot(self) -> set[int]:
        with open_view(self.press.engine) as view:
            return view.every_hot()

    def filed(self) -> int:
        with reading(self.press.engine) as connection:
            live = (connection.execute(select(table).where(table.c.key >= 0)) for table in (keys, recent_keys))
            return sum(len(rows.fetchall()) for rows in live)


@pytest.fixture(autouse=True)
def _small_table_of_recent_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Histories of a hundred entries fold their keys now and then."""
    monkeypatch.setattr(filing, "MOST_RECENT", 150)


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


@settings(max_examples=8, suppress_health_check=EMPTIED)
@given(seed=st.integers(0, 10**6))
def test_what_is_kept_is_what_all_at_once_would_give_after_any_history(
    seed: int, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty(engine, 1_700_000_000)
    desk = Desk(engine, tmp_path_factory.mktemp("history"))
    draw = random.Random(seed)
    there: set[int] = set()
    for _ in range(draw.randint(2, 6)):
        batch = {n: line(draw, n) for n in (draw.randrange(260) for _ in range(draw.choice([1, 5, 60])))}
        gone = {n for n in there if draw.random() < 0.15}
        desk.load([*batch.values(), *({"id": str(n), "deleted": True} for n in gone - set(batch))])
        there = (there - gone) | set(batch)
        assert desk.kept() == desk.judged_at_once()
        assert desk.works() == desk.works_at_once()
    assert {label for work in desk.works() for label in work} == {str(n) for n in there}


@settings(max_examples=4, suppress_health_check=EMPTIED)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_arrival_changes_nothing(
    seed: int, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draw = random.Random(seed)
    pair = {"creators": ["Buck, G.", "Ito, Kei"]}  # a key of more than half of the lines
    lines = [line(draw, number) | (pair if number % 3 else {}) for number in range(150)]
    found = []
    for _ in range(2):
        empty(engine, 1_700_000_000)
        desk = Desk(engine, tmp_path_factory.mktemp("order"))
        left = lines.copy()
        draw.shuffle(left)
        while left:
            size = draw.randint(1, 90)
            batch, left = left[:size], left[size:]
            desk.load(batch)
        found.append((desk.works(), desk.hot()))
    assert found[0] == found[1]
    assert found[0][1], "so many share a key that only neighbours are compared"


def test_a_key_that_became_hot_is_the_same_as_one_that_was(desk: Desk) -> None:
    draw = random.Random(7)
    told = {"title": "Editorial", "creators": ["Buck, G.", "Ito, Kei"], "identifiers": []}  # in doubt, each with each
    lines = [line(draw, number) | told for number in range(120)]
    for number in range(0, 120, 10):
        desk.load(lines[number : number + 10])
        assert desk.kept() == desk.judged_at_once()
    assert desk.hot()
    desk.load({"id": str(number), "deleted": True} for number in range(0, 120, 7))
    assert desk.kept() == desk.judged_at_once()


def test_importing_twice_writes_nothing(desk: Desk) -> None:
    draw = random.Random(3)
    lines = [line(draw, number) for number in range(40)]
    desk.load(lines)
    before = dump(desk.press.engine, without=["runs"])
    desk.load(lines)
    assert dump(desk.press.engine, without=["runs"]) == before


def test_rebuilding_what_is_right_changes_nothing(desk: Desk) -> None:
    draw = random.Random(5)
    desk.load(line(draw, number) for number in range(60))
    before = dump(desk.press.engine, without=["feed_clock", "applied"])
    told = rebuild(desk.press, MEMORY)
    assert told.regrouped == ()
    assert dump(desk.press.engine, without=["feed_clock", "applied"]) == before


def test_entries_that_another_program_filed_are_filed_anew(desk: Desk) -> None:
    draw = random.Random(6)
    desk.load(line(draw, number) for number in range(60))
    desk.load(line(draw, number) for number in range(60, 65))
    before = dump(desk.press.engine)
    with desk.press.engine.begin() as connection:
        connection.execute(keys.delete())
        connection.execute(recent_keys.delete())
        connection.execute(hot_keys.delete())
        connection.exec_driver_sql("UPDATE applied SET value = '0' WHERE name = 'keys'")
    assert settle_keys(desk.press)
    after = dump(desk.press.engine)
    assert after["keys"] == sorted(before["keys"] + before["recent_keys"], key=repr)
    assert after["recent_keys"] == []
    assert len(before["keys"]) > 0 < len(before["recent_keys"])
    assert after["hot_keys"] == before["hot_keys"]
    assert not settle_keys(desk.press)


def test_an_uncertain_pair_is_not_merged(desk: Desk) -> None:
    told = {"title": "Editorial", "creators": ["Buck, Gillian"], "date": "2016"}
    desk.load([{**told, "id": "a"}, {**told, "id": "b"}])
    assert desk.works() == {frozenset("a"), frozenset("b")}
    assert list(desk.kept().values()) == [Verdict.UNCERTAIN]
