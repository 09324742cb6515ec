"""What was served is remembered, page by page, whichever process answered; and nothing of it is ever served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from repo_harvest.store.engine import open_engine
from repo_harvest.store.receipts import Harvester, State, read_harvesters
from repo_harvest.web.receipts import Receipts
from tests.oai.library import REPOSITORY, Library, oai
from tests.store.kit import Wanted, dump
from tests.web.http import Http

WHO = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Sickle"}
ALL = "verb=ListRecords&metadataPrefix=oai_dc"
KEPT = ("harvesters", "receipts")


class Desk:
    """A feed of eight items in pages of three, served by two processes that keep receipts."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.library = Library(engine, repository=replace(REPOSITORY, page_size=3))
        self.library.put({number: Wanted(f"Title {number}", ("a:b",)) for number in range(8)})
        self.library.clock.now += 10
        self.receipts = [Receipts(engine, clock=self.library.clock) for _ in range(2)]
        self._processes = [Http(self.library, parts={"receipts": one}) for one in self.receipts]
        self._turn = 0

    def ask(self, query: str, **environ: str) -> Http:
        """Ask the two processes in turn; returns the one that answered."""
        self._turn += 1
        http = self._processes[self._turn % 2]
        self.token = ""
        answer = http.get(query, **{**WHO, **environ}).answer
        if answer.resumption is not None:
            self.token = answer.resumption.token
        return http

    def harvest(self, query: str, pages: int = 99, **environ: str) -> None:
        """So many pages of a list, or all."""
        self.ask(query, **environ)
        verb = query.partition("&")[0]
        for _ in range(pages - 1):
            if not self.token:
                break
            self.ask(f"{verb}&resumptionToken={self.token}", **environ)

    def states(self) -> list[State]:
        assert all(one.flush() for one in self.receipts)
        return read_harvesters(self.engine)

    def state(self) -> State:
        (state,) = self.states()
        return state


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "feed.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    yield Desk(engine)
    engine.dispose()


def test_a_finished_list_completes_up_to_the_watermark_of_its_last_page(desk: Desk) -> None:
    desk.harvest(ALL, pages=2)
    state = desk.state()
    assert (state.harvester, state.complete_to) == (Harvester("192.0.2.7", "Sickle", "ListRecords", "oai_dc", ""), None)
    assert (state.records, state.missing_live, state.missing_deleted) == (6, 8, 0)
    ((_, progress),) = state.lists
    assert (progress.pages, progress.records, progress.size, progress.upto) == (2, 6, 8, None)
    desk.library.clock.now += 5
    desk.ask(f"verb=ListRecords&resumptionToken={desk.token}")
    state = desk.state()
    assert state.complete_to == int(desk.library.clock.now) - 1
    assert (state.records, state.requests, state.missing_live) == (8, 3, 0)
    ((_, progress),) = state.lists
    assert (progress.pages, progress.records, progress.upto) == (3, 8, state.complete_to)


def test_what_is_published_later_is_missing_until_it_is_fetched(desk: Desk) -> None:
    desk.harvest(ALL)
    before = desk.state().complete_to
    assert before is not None
    desk.library.put({1: Wanted("New", ("a:b",)), 2: Wanted("Title 2", ("a:b",), deleted=True)}, after=30)
    desk.library.clock.now += 10
    assert (desk.state().missing_live, desk.state().missing_deleted) == (1, 1)
    desk.harvest(f"{ALL}&from={utc_text(before + 1)}")
    state = desk.state()
    assert (state.missing_live, state.missing_deleted, state.records, len(state.lists)) == (0, 0, 10, 2)


def test_a_list_that_leaves_a_gap_completes_nothing(desk: Desk) -> None:
    desk.harvest(f"{ALL}&from={utc_text(int(desk.library.clock.now) - 20)}")
    assert desk.state().complete_to is None
    desk.harvest(f"{ALL}&until={utc_text(1_799_000_000)}")
    assert desk.state().complete_to == 1_799_000_000
    assert desk.state().missing_live == 8
    desk.harvest(f"{ALL}&from={utc_text(1_799_000_002)}")
    assert desk.state().complete_to == 1_799_000_000


def test_a_page_that_is_asked_for_again_counts_once(desk: Desk) -> None:
    desk.ask(ALL)
    token = desk.token
    for _ in range(3):
        desk.ask(f"verb=ListRecords&resumptionToken={token}")
    assert (desk.state().records, desk.state().requests) == (6, 4)


def test_who_asks_for_what_is_kept_apart(desk: Desk) -> None:
    desk.harvest(f"{ALL}&set=a")
    desk.harvest("verb=ListIdentifiers&metadataPrefix=oai_dc")
    desk.harvest(ALL, HTTP_USER_AGENT="Other")
    desk.harvest(ALL, REMOTE_ADDR="192.0.2.8")
    desk.ask(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={oai(1)}")
    assert sorted(state.harvester for state in desk.states()) == [
        Harvester("192.0.2.7", "Other", "ListRecords", "oai_dc", ""),
        Harvester("192.0.2.7", "Sickle", "GetRecord", "oai_dc", ""),
        Harvester("192.0.2.7", "Sickle", "ListIdentifiers", "oai_dc", ""),
        Harvester("192.0.2.7", "Sickle", "ListRecords", "oai_dc", "a"),
        Harvester("192.0.2.8", "Sickle", "ListRecords", "oai_dc", ""),
    ]
    assert {state.records for state in desk.states()} == {1, 8}


def test_a_set_that_was_left_is_missing_as_a_deletion_there(desk: Desk) -> None:
    desk.harvest(f"{ALL}&set=a")
    desk.library.put({3: Wanted("Title 3")}, after=30)
    assert (desk.state().missing_live, desk.state().missing_deleted) == (0, 1)


def test_receipts_move_nothing_that_is_served(desk: Desk) -> None:
    before = dump(desk.engine, without=(*KEPT, "feed_clock"))
    desk.harvest(ALL)
    assert desk.state().records == 8
    assert dump(desk.engine, without=(*KEPT, "feed_clock")) == before


def test_what_is_not_a_list_or_a_record_leaves_no_receipt(small: Desk) -> None:
    for query in ("verb=Identify", "verb=junk", "verb=ListRecords&resumptionToken=junk", f"{ALL}&set=none"):
        small.ask(query)
    assert small.states() == []


def test_a_database_that_cannot_be_written_is_tried_again(small: Desk) -> None:
    small.harvest(ALL)
    with small.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE receipts RENAME TO elsewhere")
        connection.commit()
    assert [one.flush() for one in small.receipts] == [False, False]
    small.ask("verb=Identify")  # and is served all the while
    with small.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO receipts")
        connection.commit()
    assert small.state().records == 8


def test_a_stopped_service_has_written_its_receipts(small: Desk) -> None:
    small.receipts[0].start()
    small.receipts[1].start()
    small.harvest(ALL)
    for one in small.receipts:
        one.stop()
    (state,) = read_harvesters(small.engine)
    assert state.records == 8
