"""Whose record is it: the laws of continuing a list, of giving works their items, and of what is served of a work."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.match import Continuation, Decision, Incoming, combine, continue_listing, decide, survive
from repo_harvest.model import Known, KnownEntry, KnownItem, Record

BOOK = Record(title=("Peer Mentoring in Criminal Justice",), creators=("Buck, Gillian",), date=("2020",))
DOI, OTHER_DOI = "https://doi.org/10.4324/9780429273162", "https://doi.org/10.1177/1748895817699659"


def changed(record: Record, **fields: tuple[str, ...]) -> Record:
    return dataclasses.replace(record, **fields)


def held(records: list[Record], *, gone: tuple[int, ...] = ()) -> list[KnownEntry]:
    """A source in which each record is one entry of one item."""
    return [
        KnownEntry(id=10 + i, source_id=1, item_id=100 + i, home_id=100 + i, record=record, position=i, gone=i in gone)
        for i, record in enumerate(records)
    ]


def listing(*records: Record) -> list[Incoming]:
    return [Incoming(record=record, position=i) for i, record in enumerate(records)]


def entry_ids(continued: Continuation) -> list[int | None]:
    return [None if found is None else found[0] for found in continued.found]


LIST = [
    changed(BOOK, title=(title,), date=(year,), description=(f"This abstract is about {title}, at some length." * 3,))
    for title, year in [
        ("The core conditions of peer mentoring", "2017"),
        ("Mentoring: crossing boundaries with care?", "2015"),
        ("Politicisation or professionalisation?", "2019"),
        ("Employing with conviction", "2021"),
    ]
]


@given(seed=st.integers(0, 10**6))
def test_a_list_in_another_order_continues_every_entry(seed: int) -> None:
    order = list(range(len(LIST)))
    random.Random(seed).shuffle(order)
    continued = continue_listing(listing(*(LIST[i] for i in order)), held(LIST))
    assert entry_ids(continued) == [10 + i for i in order]
    assert continued.vanished == ()


@pytest.mark.parametrize(
    "edit",
    [
        {"title": ("The core condition of peer mentoring",)},
        {"date": ("2018",)},
        {"date": ("2017-03-21",)},
        {"description": ("Rewritten from the first word to the last.",)},
        {"creators": ("Buck, G.", "Another, One")},
        {"identifiers": (DOI,)},
        {"title": ("An altogether new name",)},
    ],
)
def test_an_edited_entry_goes_on(edit: dict[str, tuple[str, ...]]) -> None:
    edited = [changed(LIST[0], **edit), *LIST[1:]]
    continued = continue_listing(listing(*edited), held(LIST))
    assert entry_ids(continued) == [10, 11, 12, 13]
    assert continued.vanished == ()


def test_part_two_does_not_take_the_place_of_part_one() -> None:
    part = [changed(BOOK, title=(f"Prison diaries, part {n}: what mentors say",)) for n in (1, 2)]
    continued = continue_listing(listing(part[1]), held([part[0]]))
    assert entry_ids(continued) == [None]
    assert continued.vanished == (10,)


def test_an_entry_that_left_is_gone_and_comes_back_as_itself() -> None:
    assert continue_listing(listing(*LIST[1:]), held(LIST)).vanished == (10,)
    assert entry_ids(continue_listing(listing(*LIST), held(LIST, gone=(0,)))) == [10, 11, 12, 13]


def test_an_import_leaves_only_what_it_says() -> None:
    named = [dataclasses.replace(entry, local_id=str(entry.id)) for entry in held(LIST)]
    assert continue_listing([], named, leaves=frozenset()).vanished == ()
    assert continue_listing([], named, leaves=frozenset({"11"})).vanished == (11,)
    assert continue_listing([], named).vanished == (10, 11, 12, 13)


RECORDS = st.builds(
    Record,
    title=st.tuples(st.sampled_from(["A", "B", "C"])),
    creators=st.lists(st.sampled_from(["Buck, G", "Bach, J", "Ito, K"]), max_size=2).map(tuple),
    date=st.tuples(st.sampled_from(["2020", "2021", "2021-03"])),
    identifiers=st.lists(st.sampled_from([DOI, OTHER_DOI, "https://x.org/1", "https://x.org/2"]), max_size=1).map(
        tuple
    ),
)


@given(records=st.lists(RECORDS, max_size=6))
def test_an_entry_is_continued_at_most_once(records: list[Record]) -> None:
    continued = continue_listing(listing(*records), held(LIST))
    assert len(continued.nodes) == len(set(continued.nodes)) == len(records)
    ids = [i for i in entry_ids(continued) if i is not None]
    assert set(continued.vanished) == {10, 11, 12, 13} - set(ids)


# --- items of works ---

NOTHING = Continuation(found=(), vanished=())


def store(*entries: tuple[int, int, int | None], deleted: tuple[int, ...] = ()) -> Known:
    """Entries (id, item, home), and the items that they name."""
    found = [
        KnownEntry(id=entry, source_id=2, item_id=item, home_id=home, record=BOOK, position=0)
        for entry, item, home in entries
    ]
    ids = {i for _, item, home in entries for i in (item, home) if i is not None}
    items = {
        i: KnownItem(id=i, identifier=f"oai:x.org:{i}", digest=b"", record=BOOK, deleted=i in deleted) for i in ids
    }
    return Known(sealed=0, written=0, others=tuple(found), items=items)


def given_to(decision: Decision) -> dict[tuple[int, ...], int | None]:
    return {work.members: work.item_id for work in decision.works}


def test_the_oldest_item_of_a_work_stays_and_the_others_are_merged_into_it() -> None:
    decision = decide(NOTHING, [(1, 2, 3)], store((1, 12, 12), (2, 11, 11), (3, 13, 13)))
    assert given_to(decision) == {(1, 2, 3): 11}
    assert decision.merged == {12: 0, 13: 0}


def test_what_comes_apart_gets_back_what_it_had() -> None:
    decision = decide(NOTHING, [(1,), (2,), (3,)], store((1, 11, 11), (2, 11, 12), (3, 11, None), deleted=(12,)))
    assert given_to(decision) == {(1,): 11, (2,): 12, (3,): None}
    assert decision.merged == {}


def test_an_item_stays_with_those_who_are_still_there() -> None:
    gone = store((1, 11, 11), (2, 11, None))
    known = dataclasses.replace(gone, others=(dataclasses.replace(gone.others[0], gone=True), gone.others[1]))
    assert given_to(decide(NOTHING, [(1,), (2,)], known)) == {(1,): None, (2,): 11}


def test_what_is_new_and_like_something_deleted_brings_it_back() -> None:
    known = store((1, 11, 11), deleted=(11,))
    fresh = Continuation(found=(None,), vanished=())
    known = dataclasses.replace(known, others=())
    assert given_to(decide(fresh, [(-1,)], known, back={-1: [11]})) == {(-1,): 11}


@given(data=st.data(), size=st.integers(1, 7))
def test_no_item_is_given_twice_none_is_lost_and_merging_everything_takes_the_oldest(
    data: st.DataObject, size: int
) -> None:
    entries = [
        (i, data.draw(st.integers(101, 100 + size)), data.draw(st.none() | st.integers(101, 100 + size)))
        for i in range(1, size + 1)
    ]
    known = store(*entries)
    label = [data.draw(st.integers(1, 3)) for _ in range(size)]
    clusters = [tuple(i + 1 for i in range(size) if label[i] == k) for k in sorted(set(label))]
    decision = decide(NOTHING, clusters, known)
    given_items = [work.item_id for work in decision.works if work.item_id is not None]
    assert len(given_items) == len(set(given_items))
    assert {item for _, item, _ in entries} <= {*given_items, *decision.merged}
    together = decide(NOTHING, [tuple(range(1, size + 1))], known)
    claimed = {item for _, item, _ in entries} | {home for _, _, home in entries if home is not None}
    assert given_to(together) == {tuple(range(1, size + 1)): min(claimed)}


# --- what is served of a work ---


@given(records=st.lists(RECORDS, min_size=1, max_size=5))
def test_combining_keeps_every_identifier_and_takes_each_field_from_one_that_has_it(records: list[Record]) -> None:
    together, giver = survive(records)
    assert set(together.identifiers) == {i for r in records for i in r.identifiers}
    assert together.title == records[0].title
    assert combine([together]) == together
    for name, index in giver.items():
        assert set(getattr(records[index], name)) <= set(getattr(together, name))


@pytest.mark.parametrize(
    ("field", "first", "second", "served"),
    [
        ("date", "2021", "2021-03", "2021-03"),
        ("date", "2021", "2020-03", "2021"),
        ("date", "2021-03", "2021", "2021-03"),
        ("creators", "Buck, G.", "Buck, Gillian", "Buck, Gillian"),
        ("creators", "Buck, Gillian", "Buck, G.", "Buck, Gillian"),
        ("creators", "Buck, G.", "Buck, Harriet", "Buck, G."),
        ("creators", "Buck, G.", "Back, Gillian", "Buck, G."),
        ("description", "A text that was cut off in the middle of a sen…", "A text that was cut off in the middle of a sentence.", "A text that was cut off in the middle of a sentence."),
        ("description", "Short.", "Short. And longer.", "Short."),
        ("publisher", "SAGE", "SAGE Publications", "SAGE"),
    ],
)  # fmt: skip  # a table
def test_of_two_that_say_the_same_the_more_complete_is_served(field: str, first: str, second: str, served: str) -> None:
    assert getattr(combine([Record(**{field: (first,)}), Record(**{field: (second,)})]), field) == (served,)
