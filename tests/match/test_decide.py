"""Whose record is it: pairs that must meet, pairs that must not, and the laws of continuing a list."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.match import Decision, Incoming, combine, decide, keys
from repo_harvest.model import Known, KnownEntry, KnownItem, Record

BOOK = Record(title=("Peer Mentoring in Criminal Justice",), creators=("Buck, Gillian",), date=("2020",))
DOI, OTHER_DOI = "https://doi.org/10.4324/9780429273162", "https://doi.org/10.1177/1748895817699659"


def changed(record: Record, **fields: tuple[str, ...]) -> Record:
    return dataclasses.replace(record, **fields)


def held(records: list[Record], *, source: int = 1, gone: tuple[int, ...] = ()) -> Known:
    """A store in which each record is one entry of one item."""
    entries = [
        KnownEntry(id=10 + i, source_id=source, item_id=100 + i, record=record, position=i, gone=i in gone)
        for i, record in enumerate(records)
    ]
    items = {
        e.item_id: KnownItem(
            id=e.item_id, identifier=f"oai:x.org:{e.item_id}", digest=b"", record=e.record, deleted=e.gone
        )
        for e in entries
    }
    keyed: dict[str, tuple[int, ...]] = {}
    for entry in entries:
        for key in keys(entry.record):
            keyed[key] = (*keyed.get(key, ()), entry.item_id)
    own = tuple(entries) if source == 1 else ()
    return Known(sealed=0, own=own, items=items, others=() if source == 1 else tuple(entries), keyed=keyed)


def listing(*records: Record) -> list[Incoming]:
    return [Incoming(record=record, position=i) for i, record in enumerate(records)]


def item_ids(decision: Decision) -> list[int | None]:
    return [assignment.item_id for assignment in decision.assigned]


MEET = {
    "the same DOI": (changed(BOOK, identifiers=(DOI,)), Record(title=("Peer mentoring",), identifiers=(DOI.upper(),))),
    "the same handle": (
        changed(BOOK, identifiers=("http://hdl.handle.net/10034/1",)),
        Record(title=("Other",), identifiers=("https://hdl.handle.net/10034/1",)),
    ),
    "the same address": (
        changed(BOOK, identifiers=("http://Repo.Example.org/item/1/",)),
        Record(title=("Other",), identifiers=("https://repo.example.org/item/1",)),
    ),
    "title, year and surname": (
        BOOK,
        changed(BOOK, title=("PEER MENTORING in criminal justice.",), creators=("Gillian Buck",)),
    ),
    "one shared surname of several": (BOOK, changed(BOOK, creators=("Atherton, Peter", "Buck, G."))),
    "an accent more": (changed(BOOK, creators=("Müller, A",)), changed(BOOK, creators=("Muller, Anna",))),
}
APART = {
    "two DOIs": (changed(BOOK, identifiers=(DOI,)), changed(BOOK, identifiers=(OTHER_DOI,))),
    "another year": (BOOK, changed(BOOK, date=("2019",))),
    "another author": (BOOK, changed(BOOK, creators=("Bach, Johann",))),
    "no author": (changed(BOOK, creators=()), changed(BOOK, creators=())),
    "no year": (changed(BOOK, date=()), changed(BOOK, date=())),
    "another title": (BOOK, changed(BOOK, title=("Peer Mentoring in Criminal Justice: a Workbook",))),
    "the front page of one publisher": (
        changed(BOOK, title=("A",), identifiers=("https://publisher.example/",)),
        changed(BOOK, title=("B",), identifiers=("https://publisher.example/",)),
    ),
}


@pytest.mark.parametrize("name", MEET)
def test_one_work_from_two_sources_is_one_item(name: str) -> None:
    for one, other in (MEET[name], MEET[name][::-1]):
        assert item_ids(decide(listing(other), held([one], source=2))) == [100]
        assert len({a.group for a in decide(listing(one, other), held([])).assigned}) == 1


@pytest.mark.parametrize("name", APART)
def test_two_works_are_two_items(name: str) -> None:
    for one, other in (APART[name], APART[name][::-1]):
        assert item_ids(decide(listing(other), held([one], source=2))) == [None]
        assert len({a.group for a in decide(listing(one, other), held([])).assigned}) == 2


def test_a_third_record_never_joins_two_works_with_different_dois() -> None:
    one, other = APART["two DOIs"]
    groups = [a.group for a in decide(listing(one, BOOK, other), held([])).assigned]
    assert groups[0] != groups[2]


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
    decision = decide(listing(*(LIST[i] for i in order)), held(LIST))
    assert item_ids(decision) == [100 + i for i in order]
    assert decision.vanished == ()


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
def test_an_edited_entry_keeps_its_item(edit: dict[str, tuple[str, ...]]) -> None:
    edited = [changed(LIST[0], **edit), *LIST[1:]]
    decision = decide(listing(*edited), held(LIST))
    assert item_ids(decision) == [100, 101, 102, 103]
    assert decision.vanished == ()


def test_part_two_does_not_take_the_place_of_part_one() -> None:
    part = [changed(BOOK, title=(f"Prison diaries, part {n}: what mentors say",)) for n in (1, 2)]
    decision = decide(listing(part[1]), held([part[0]]))
    assert item_ids(decision) == [None]
    assert decision.vanished == (10,)


def test_an_entry_that_left_is_gone_and_comes_back_as_the_same_item() -> None:
    assert decide(listing(*LIST[1:]), held(LIST)).vanished == (10,)
    assert item_ids(decide(listing(*LIST), held(LIST, gone=(0,)))) == [100, 101, 102, 103]


def test_a_correction_that_makes_two_entries_one_work_merges_the_younger_item_away() -> None:
    wrong = changed(BOOK, title=("Peer Mentoring in Criminal Justise",))
    decision = decide(listing(BOOK, BOOK), held([BOOK, wrong]))
    assert decision.merged == {101: 100}
    assert item_ids(decision) == [100, 100]


def test_an_import_leaves_only_what_it_says() -> None:
    known = held(LIST)
    named = dataclasses.replace(known, own=tuple(dataclasses.replace(e, local_id=str(e.id)) for e in known.own))
    assert decide([], named, leaves=frozenset()).vanished == ()
    assert decide([], named, leaves=frozenset({"11"})).vanished == (11,)
    assert decide([], named).vanished == (10, 11, 12, 13)


RECORDS = st.builds(
    Record,
    title=st.tuples(st.sampled_from(["A", "B", "C"])),
    creators=st.lists(st.sampled_from(["Buck, G", "Bach, J", "Ito, K"]), max_size=2).map(tuple),
    date=st.tuples(st.sampled_from(["2020", "2021"])),
    identifiers=st.lists(st.sampled_from([DOI, OTHER_DOI, "https://x.org/1", "https://x.org/2"]), max_size=1).map(
        tuple
    ),
)


@given(records=st.lists(RECORDS, max_size=6))
def test_no_item_ever_holds_two_dois(records: list[Record]) -> None:
    decision = decide(listing(*records), held([]))
    for group in {a.group for a in decision.assigned}:
        found = {i for a, r in zip(decision.assigned, records, strict=True) if a.group == group for i in r.identifiers}
        assert len(found & {DOI, OTHER_DOI}) <= 1


@given(records=st.lists(RECORDS, max_size=6))
def test_every_record_is_assigned_and_an_entry_is_continued_at_most_once(records: list[Record]) -> None:
    decision = decide(listing(*records), held(LIST))
    assert len(decision.assigned) == len(records)
    continued = [a.entry_id for a in decision.assigned if a.entry_id is not None]
    assert len(continued) == len(set(continued))
    assert set(decision.vanished) == {10, 11, 12, 13} - set(continued)


@given(records=st.lists(RECORDS, min_size=1, max_size=5))
def test_combining_keeps_every_identifier_and_takes_each_field_from_the_first_that_has_it(
    records: list[Record],
) -> None:
    together = combine(records)
    assert set(together.identifiers) == {i for r in records for i in r.identifiers}
    assert together.title == records[0].title
    assert combine([together]) == together
