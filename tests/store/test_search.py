"""What is searched is what is served, counts are what choosing gives, and both databases find the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from repo_harvest.model import Record
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine, reading, writing
from repo_harvest.store.restamp import restamp
from repo_harvest.store.search.keep import fill as fill_in
from repo_harvest.store.search.question import parsed
from repo_harvest.store.search.results import SORTS, Asked, Found, find
from repo_harvest.store.search.tables import facets, search
from repo_harvest.store.search.words import pieces, words
from tests.faults.revisions import make_earlier
from tests.laws import tries
from tests.store.kit import dump, empty
from tests.strategies import clean_text
from tests.web.shelf import ARTICLE, Shelf, oai

OFTEN = settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = ("peer", "Mentoring", "naïve", "Łódź", "prison", "犯罪学", "pe")
few_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
few = st.builds(
    Record,
    title=st.tuples(few_words),
    creators=st.lists(st.sampled_from(["Buck, Gillian", "Łukasz, Z.", "Ng, A"]), max_size=3, unique=True).map(tuple),
    date=st.sampled_from([(), ("2021",), ("2020-03",), ("in press",)]),
    type=st.sampled_from([(), ("article",), ("book",)]),
    description=st.one_of(st.just(()), st.tuples(few_words)),
)
collections = st.lists(few, min_size=1, max_size=8)
typed = st.one_of(
    st.lists(
        st.sampled_from(
            [*WORDS, '"', "-", "*", "-prison", "pe*", '"peer mentoring"', '-"peer', "AND", "NOT(", "a:b", "\0", "''"]
        ),
        max_size=5,
    ).map(" ".join),
    st.text(max_size=20),
    clean_text,
)


def fill(engine: Engine, records: list[Record]) -> Shelf:
    empty(engine, sealed=1)
    shelf = Shelf(engine)
    shelf.put_all(((oai(n), record) for n, record in enumerate(records)), sets=("a:b",))
    return shelf


def names(found: Found) -> list[str]:
    return [item.header.identifier for item in found.items]


def ask(engine: Engine, text: str = "", **more: str) -> list[str]:
    return names(find(engine, Asked(question=parsed(text), chosen=more)))


@OFTEN
@given(records=st.lists(st.builds(Record, title=st.tuples(clean_text)), min_size=1, max_size=4))
def test_every_live_item_is_found_by_a_word_of_its_title_and_none_that_is_deleted(
    engine: Engine, records: list[Record]
) -> None:
    shelf = fill(engine, records)
    shelf.put(oai("gone"), records[0])
    shelf.remove(oai("gone"))
    for number, record in enumerate(records):
        for word in words(record.title[0]):
            assert oai(number) in ask(engine, word)
            assert oai("gone") not in ask(engine, word)
    assert len(ask(engine)) == len(records)


@OFTEN
@given(records=collections, text=typed)
def test_the_counts_of_facets_are_what_choosing_them_gives(engine: Engine, records: list[Record], text: str) -> None:
    fill(engine, records)
    for asked in (Asked(question=parsed(text)), Asked(question=parsed(text), chosen={"set": "a"})):
        for kind, values in find(engine, asked).values.items():
            for value in values:
                assert find(engine, replace(asked, chosen={**asked.chosen, kind: value.value})).total == value.count > 0


@OFTEN
@given(records=collections, text=typed, sort=st.sampled_from(SORTS))
def test_the_pages_of_a_result_hold_each_item_once(engine: Engine, records: list[Record], text: str, sort: str) -> None:
    fill(engine, records)
    asked = Asked(question=parsed(text), sort=sort)
    whole = find(engine, asked)
    paged = [
        name for at in range(0, len(records), 3) for name in names(find(engine, replace(asked, offset=at, limit=3)))
    ]
    assert paged == names(whole)
    assert len(set(paged)) == whole.total == len(paged)


@pytest.fixture
def both(new_database_url: object) -> Iterator[tuple[Engine, Engine]]:
    assert callable(new_database_url)
    engines = open_engine(new_database_url("sqlite")), open_engine(new_database_url("postgresql"))
    yield engines
    for engine in engines:
        engine.dispose()


@OFTEN
@given(records=collections, texts=st.lists(typed, min_size=1, max_size=5), sort=st.sampled_from(SORTS))
def test_both_databases_find_the_same(
    both: tuple[Engine, Engine], records: list[Record], texts: list[str], sort: str
) -> None:
    for engine in both:
        fill(engine, records)
    for text in texts:
        one, other = (find(engine, Asked(question=parsed(text), sort=sort)) for engine in both)
        assert names(one) == names(other), text
        assert _counts(one) == _counts(other), text


def _counts(found: Found) -> dict[str, Mapping[str, int]]:
    return {kind: {value.value: value.count for value in values} for kind, values in found.values.items()}


@OFTEN
@given(records=collections, changed=collections)
def test_what_publishing_keeps_is_what_filling_makes(
    engine: Engine, records: list[Record], changed: list[Record]
) -> None:
    shelf = fill(engine, records)
    for number, record in enumerate(changed[: len(records)]):
        if replace(records[number]) != record:
            shelf.change(oai(number), record)
    shelf.remove(oai(0))
    kept = dump(engine)
    with writing(engine) as connection:
        connection.execute(delete(search))
        connection.execute(delete(facets))
        fill_in(connection)
    made = dump(engine)
    assert _by_value(kept) == _by_value(made)


def test_bringing_an_earlier_database_up_to_date_keeps_what_publishing_would_have_kept(engine: Engine) -> None:
    shelf = Shelf(engine)
    shelf.put(oai(1), ARTICLE, sets=("a:b",))
    shelf.put(oai(2), Record(title=("Trust",), creators=ARTICLE.creators))
    shelf.put(oai(3), ARTICLE)
    shelf.remove(oai(3))
    kept = dump(engine)
    make_earlier(engine)
    assert schema.upgrade(engine)
    assert _by_value(dump(engine)) == _by_value(kept)
    assert ask(engine, "core", set="a") == [oai(1)]
    assert find(engine, Asked()).total == 2


def _by_value(rows: dict[str, list[tuple[object, ...]]]) -> tuple[object, ...]:
    """Rows of the search with the values of their facets, whatever ids these have; and how many have each."""
    called = {f"{facet:07x}": (kind, value) for facet, kind, value, _ in rows["facets"]}
    search_rows = [
        (*row[:4], sorted(map(str, (called[word] for word in str(row[4]).split()))), *row[5:8])
        for row in rows["search"]
    ]
    return search_rows, sorted(map(str, (row[1:] for row in rows["facets"])))


@given(text=st.one_of(clean_text, st.text()))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("core conditions", True),
        ("Łukasiewicz", True),
        ("LUKASIEWICZ zbigniew", True),
        ('"conditions of peer"', True),
        ('"peer of conditions"', False),
        ('"mentoring caring"', False),  # the end of one title and the beginning of another
        ("10.1177/1748895817699659", True),
        ("ment*", True),
        ("ment", False),
        ("core -prison", True),
        ("core -mentoring", False),
        ("-prison", True),
        ("sage 2017 desistance", True),
        ("title: core", False),
        ("!!!", True),
    ],
)
def test_a_record_is_found_by_what_it_says(engine: Engine, text: str, is_found: bool) -> None:
    Shelf(engine).put(oai(1), ARTICLE, sets=("a:b",))
    assert ask(engine, text) == ([oai(1)] if is_found else [])


def test_what_has_the_words_in_its_title_comes_first(engine: Engine) -> None:
    shelf = Shelf(engine)
    shelf.put(oai("other"), Record(title=("On",), description=("Trust",), date=("2024",)))
    shelf.put(oai("creator"), Record(title=("In",), creators=("Trust, Anna",), date=("2023",)))
    shelf.put(oai("title"), Record(title=("Trust",), date=("1999",)))
    assert ask(engine, "trust") == [oai("title"), oai("creator"), oai("other")]


def test_an_item_with_more_words_than_a_database_holds_is_found_all_the_same(engine: Engine) -> None:
    many = " ".join(f"{uuid.UUID(int=n).hex}𝄞犯" for n in range(20_000)) + " the" * 9000
    Shelf(engine).put(oai(1), Record(title=("Long",), description=(many, "the end")))
    assert ask(engine, "long") == [oai(1)]
    assert ask(engine, uuid.UUID(int=9).hex) == [oai(1)]


def test_restamping_is_a_change(engine: Engine) -> None:
    shelf = Shelf(engine)
    shelf.put(oai(1), ARTICLE)
    _, stamp = restamp(engine, clock=shelf.clock, header_xml=lambda _header: b"<header/>")
    with reading(engine) as connection:
        assert connection.execute(search.select()).one().datestamp == stamp
