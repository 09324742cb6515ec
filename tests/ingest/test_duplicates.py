"""What people decide on duplicates: it is published, outlives runs and rules, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from repo_harvest.errors import UsageError
from repo_harvest.ingest.duplicates import Ruling, merge, split, undo
from repo_harvest.ingest.rebuild import rebuild
from repo_harvest.model import Window
from repo_harvest.store.browse import detail
from repo_harvest.store.engine import reading
from repo_harvest.store.review import count_doubts, doubts, said_of, stored_rulings
from repo_harvest.store.tables import items
from tests.ingest.test_matching import MEMORY, Desk, Line
from tests.laws import tries
from tests.store.kit import empty, walk

ME = Ruling(by="a librarian", note="looked at both")
MENTOR = {"title": "Peer mentoring and the prison gate", "creators": ["Buck, Gillian"], "date": "2016"}
OTHER = {"title": "Hiring people who were inside", "creators": ["Atherton, Peter"], "date": "2021"}
EDITORIAL = {"title": "Editorial", "creators": ["Buck, Gillian"], "date": "2016"}


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


def feed(desk: Desk) -> dict[str, bytes | None]:
    """Identifier -> what a harvester holds of the record; `None` for a deleted one."""
    with reading(desk.press.engine) as connection:
        names = {row.id: row.identifier for row in connection.execute(select(items))}
    return {names[row.id]: row.metadata for row in walk(desk.press.engine, Window(prefix="oai_dc"), 50, desk.clock.now)}


def live(desk: Desk) -> list[str]:
    """The identifiers of live items, the oldest first."""
    with reading(desk.press.engine) as connection:
        return [row.identifier for row in connection.execute(select(items).order_by(items.c.id)) if not row.deleted]


def load(desk: Desk, **lines: Line) -> list[str]:
    """Import lines by their ids; the identifiers of all live items."""
    desk.load({**told, "id": name} for name, told in lines.items())
    return live(desk)


def test_a_person_merges_what_the_rules_keep_apart(desk: Desk) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER)
    desk.clock.now += 60
    merge(desk.press, one, other, ME)
    assert desk.works() == {frozenset("ab")}
    assert live(desk) == [one]
    found = detail(desk.press.engine, other)
    assert found is not None
    assert (found.item.header.deleted, found.item.merged_into) == (True, one)
    assert feed(desk)[other] is None


def test_a_person_splits_what_the_rules_merge_and_each_has_an_identifier(desk: Desk) -> None:
    (one,) = load(desk, a=MENTOR, b=MENTOR)
    split(desk.press, one, None, ME)
    assert desk.works() == {frozenset("a"), frozenset("b")}
    assert one in live(desk)
    assert len(live(desk)) == 2


@pytest.mark.parametrize("way", ["split", "undo"])
def test_what_was_merged_and_taken_apart_is_what_it_was(desk: Desk, way: str) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER)
    before = feed(desk)
    merge(desk.press, one, other, ME)
    assert feed(desk) != before
    if way == "split":
        split(desk.press, one, other, ME)
    else:
        undo(desk.press, stored_rulings(desk.press.engine)[0].id, ME)
    assert feed(desk) == before
    assert desk.works() == {frozenset("a"), frozenset("b")}


RECORDS = st.fixed_dictionaries(
    {
        "title": st.sampled_from([MENTOR["title"], OTHER["title"], "Editorial", "On hope"]),
        "creators": st.sampled_from([["Buck, Gillian"], ["Atherton, Peter"], ["Ito, Kei", "Buck, G."]]),
        "date": st.sampled_from(["2016", "2021"]),
        "identifiers": st.sampled_from([[], ["https://doi.org/10.1000/1"], ["https://doi.org/10.1000/2"]]),
    }
)


@settings(max_examples=tries(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, min_size=2, max_size=6), draw=st.data())
def test_any_merge_is_undone_without_a_trace_in_the_feed(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, records: list[Mapping[str, object]], draw: st.DataObject
) -> None:
    empty(engine, 1_700_000_000)
    desk = Desk(engine, tmp_path_factory.mktemp("merge"))
    for number, record in enumerate(records):
        load(desk, **{str(number): record})
    before, works, kept = feed(desk), desk.works(), desk.kept()
    if len(live(desk)) < 2:
        return
    one, other = draw.draw(st.permutations(live(desk)))[:2]
    merge(desk.press, one, other, ME)
    assert len(live(desk)) < len([metadata for metadata in before.values() if metadata is not None])
    split(desk.press, one, other, ME)
    assert {name: metadata for name, metadata in feed(desk).items() if metadata is not None} == {
        name: metadata for name, metadata in before.items() if metadata is not None
    }
    assert (desk.works(), desk.kept()) == (works, kept)
    for ruling in stored_rulings(desk.press.engine):
        if ruling.undone is None:
            undo(desk.press, ruling.id, ME)
    assert (desk.works(), desk.kept()) == (works, kept)


def test_a_decision_outlives_edits_and_absence(desk: Desk) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER)
    merge(desk.press, one, other, ME)
    load(desk, b={**OTHER, "title": "Hiring people who had been inside"})
    assert desk.works() == {frozenset("ab")}
    desk.load([{"id": "b", "deleted": True}])
    assert desk.works() == {frozenset("a")}
    load(desk, b=OTHER)
    assert desk.works() == {frozenset("ab")}
    assert live(desk) == [one]


def test_a_decision_outlives_a_rebuild(desk: Desk) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER, c=MENTOR)
    merge(desk.press, one, other, ME)
    assert rebuild(desk.press, MEMORY).regrouped == ()
    assert desk.works() == {frozenset("abc")}
    split(desk.press, one, None, ME)
    assert desk.works() == {frozenset(x) for x in "abc"}
    assert rebuild(desk.press, MEMORY).regrouped == ()
    assert desk.works() == {frozenset(x) for x in "abc"}


def test_of_two_decisions_the_later_holds_and_undoing_it_brings_the_earlier_back(desk: Desk) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER)
    merge(desk.press, one, other, ME)
    split(desk.press, one, other, ME)
    later = stored_rulings(desk.press.engine)[0]
    assert (later.verdict, later.made_by, later.note) == ("different", "a librarian", "looked at both")
    undo(desk.press, later.id, ME)
    assert desk.works() == {frozenset("ab")}
    undo(desk.press, later.id - 1, ME)
    assert desk.works() == {frozenset("a"), frozenset("b")}
    assert live(desk) == [one, other]


def test_what_is_in_doubt_is_listed_until_somebody_decides(desk: Desk) -> None:
    one, other = load(desk, a=EDITORIAL, b=EDITORIAL)
    (doubt,) = doubts(desk.press.engine)
    assert {doubt.one, doubt.other} == {one, other}
    assert doubt.reasons
    assert count_doubts(desk.press.engine) == (1, 2)
    split(desk.press, one, other, ME)
    assert doubts(desk.press.engine) == []
    assert live(desk) == [one, other]
    undo(desk.press, stored_rulings(desk.press.engine)[0].id, ME)
    assert len(doubts(desk.press.engine)) == 1
    merge(desk.press, one, other, ME)
    assert doubts(desk.press.engine) == []


def test_why_two_entries_are_one_work_is_kept(desk: Desk) -> None:
    (one,) = load(desk, a={**MENTOR, "identifiers": ["https://doi.org/10.1000/9"]}, b={**MENTOR, "date": "2016-03"})
    found = detail(desk.press.engine, one)
    assert found is not None
    (said,) = said_of(desk.press.engine, [found.item.id])
    assert (said.verdict, said.ruling) == ("same", None)
    assert said.score is not None
    assert "the same title" in said.reasons
    assert found.item.record.date == ("2016-03",), "the more exact date"


def test_an_identifier_survives_when_the_entry_that_brought_it_leaves(desk: Desk) -> None:
    (one,) = load(desk, a=MENTOR, b=MENTOR)
    desk.load([{"id": "a", "deleted": True}])
    assert live(desk) == [one]
    load(desk, a=OTHER)
    assert live(desk)[0] == one
    assert desk.works() == {frozenset("a"), frozenset("b")}
    found = detail(desk.press.engine, one)
    assert found is not None
    assert found.item.record.title == (MENTOR["title"],)


def test_a_rebuild_tells_before_it_does_and_does_what_it_told(desk: Desk) -> None:
    load(desk, a=MENTOR, b=OTHER, c=EDITORIAL)
    with desk.press.engine.begin() as connection:  # as rules that thought otherwise would have left it
        connection.exec_driver_sql("UPDATE entries SET item_id = 1 WHERE local_id = 'b'")
    before = feed(desk)
    told = rebuild(desk.press, MEMORY, dry_run=True)
    assert [(group.kind, group.works) for group in told.regrouped] == [("split", 2)]
    assert feed(desk) == before
    assert rebuild(desk.press, MEMORY) == told
    assert desk.works() == {frozenset(x) for x in "abc"}
    assert rebuild(desk.press, MEMORY).regrouped == ()


def test_what_cannot_be_decided_is_said_plainly(desk: Desk) -> None:
    one, other = load(desk, a=MENTOR, b=OTHER)
    wrongs: list[tuple[Callable[[], object], str]] = [
        (lambda: merge(desk.press, one, one, ME), "one item"),
        (lambda: merge(desk.press, one, "oai:x.org:none", ME), "no such item"),
        (lambda: split(desk.press, one, None, ME), "nothing was merged"),
        (lambda: undo(desk.press, 99, ME), "no such decision"),
    ]
    for wrong, message in wrongs:
        with pytest.raises(UsageError, match=message):
            wrong()
    desk.load([{"id": "b", "deleted": True}])
    with pytest.raises(UsageError, match="deleted"):
        merge(desk.press, one, other, ME)
    assert stored_rulings(desk.press.engine) == []
