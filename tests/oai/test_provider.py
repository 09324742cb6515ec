"""Six verbs on a real store: what each answers, and what a harvester can rely on from page to page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repo_harvest.errors import StoreUnavailable
from repo_harvest.model import Position, Window, utc_text
from repo_harvest.oai import respond
from repo_harvest.oai.token import RowsToken, SetsToken, seal
from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from tests.laws import tries
from tests.oai.library import REPOSITORY, Library, fill, oai
from tests.oai.strategies import anything
from tests.oai.table import read_table, with_tokens
from tests.oai.wire import Head, Response
from tests.store.kit import Wanted

_ROWS = read_table("answers.txt")
_LISTS = ["ListIdentifiers", "ListRecords"]


def numbers(response: Response) -> list[int]:
    return [int(identifier.rpartition(":")[2]) for identifier in response.identifiers]


@pytest.mark.parametrize(("row", "expected"), _ROWS, ids=[row[0][:80] for row in _ROWS])
def test_the_table_of_answers(shelf: Library, row: str, expected: str) -> None:
    query = with_tokens(row, shelf)
    response = shelf.split(100).send(query)
    assert said(response) == expected
    unreadable = {"badVerb", "badArgument"}.intersection(response.codes)
    assert response.echo == ([] if unreadable else parse_qsl(query))


def said(response: Response) -> str:
    return " ".join(response.codes or [response.kind, *map(str, numbers(response))])


def test_both_databases_answer_alike_page_by_page(either: Library) -> None:
    fill(either)
    for row, expected in _ROWS:
        query = with_tokens(row, either)
        assert said(either.split(100).send(query)) == expected
        pages = list(either.pages_of(query))
        kind = pages[0].codes or [pages[0].kind]
        assert " ".join([*kind, *(str(n) for page in pages for n in numbers(page))]) == expected


@given(query=anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_can_be_sent_gets_an_invalid_answer(shelf: Library, query: bytes | str) -> None:
    response = shelf.send(query)
    assert response.date == utc_text(int(shelf.clock.now) - 1)


@pytest.mark.parametrize("verb", _LISTS)
@pytest.mark.parametrize("page_size", range(1, 11))
def test_a_split_list_is_the_whole_list_with_exact_sizes_and_cursors(shelf: Library, verb: str, page_size: int) -> None:
    whole = numbers(shelf.split(100).ask(verb, metadataPrefix="oai_dc"))
    pages = list(shelf.split(page_size).pages(verb, metadataPrefix="oai_dc"))
    assert [number for page in pages for number in numbers(page)] == whole
    assert len(pages) == math.ceil(len(whole) / page_size)
    told = [page.resumption for page in pages]
    if len(pages) == 1:
        assert told == [None]
        return
    assert [one and (one.size, one.cursor, bool(one.token)) for one in told] == [
        (len(whole), page_size * number, number < len(pages) - 1) for number in range(len(pages))
    ]


@given(
    verb=st.sampled_from(_LISTS),
    page_size=st.integers(min_value=1, max_value=4),
    since=st.none() | st.integers(min_value=-50, max_value=450),
    until=st.none() | st.integers(min_value=-50, max_value=450),
    scope=st.none() | st.sampled_from(["crime", "crime:mentoring"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_window_holds_exactly_what_its_bounds_and_set_say(
    shelf: Library, verb: str, page_size: int, since: int | None, until: int | None, scope: str | None
) -> None:
    if since is not None and until is not None:
        since, until = sorted((since, until))
    moved = {1: 0, 2: 0, 4: 100, 6: 100, 7: 200, 8: 200, 9: 300, 3: 400, 5: 400}
    members = {None: set(moved), "crime": {4, 5, 6, 7, 8}, "crime:mentoring": {7, 8}}[scope]
    expected = [
        number
        for number, second in moved.items()
        if number in members and (since is None or second >= since) and (until is None or second <= until)
    ]
    dates = {"from": since, "until": until}
    arguments = {name: utc_text(1_800_000_000 + value) for name, value in dates.items() if value is not None}
    arguments |= {"set": scope} if scope else {}
    pages = list(shelf.split(page_size).pages(verb, metadataPrefix="oai_dc", **arguments))
    assert [number for page in pages for number in numbers(page)] == expected
    assert pages[0].codes == ([] if expected else ["noRecordsMatch"])


def test_a_deleted_record_has_a_header_and_no_metadata(shelf: Library) -> None:
    response = shelf.ask("GetRecord", identifier=oai(3), metadataPrefix="oai_dc")
    (head,) = response.heads
    assert head.deleted
    assert head.datestamp == utc_text(1_800_000_400)
    assert b"<metadata>" not in response.body
    assert b"Title 1" in shelf.ask("GetRecord", identifier=oai(1), metadataPrefix="oai_dc").body


@pytest.mark.parametrize("verb", _LISTS)
def test_who_left_a_set_is_deleted_there_and_nowhere_else(shelf: Library, verb: str) -> None:
    library = shelf.split(100)
    inside = {head.identifier: head.deleted for head in library.ask(verb, metadataPrefix="oai_dc", set="crime").heads}
    outside = {head.identifier: head.deleted for head in library.ask(verb, metadataPrefix="oai_dc").heads}
    assert inside == {oai(4): False, oai(5): True, oai(6): False, oai(7): False, oai(8): False}
    assert [identifier for identifier, deleted in outside.items() if deleted] == [oai(3)]


def test_the_verbs_agree_on_every_header(shelf: Library) -> None:
    library = shelf.split(100)
    heads = library.ask("ListRecords", metadataPrefix="oai_dc").heads
    assert library.ask("ListIdentifiers", metadataPrefix="oai_dc").heads == heads
    for head in heads:
        assert library.ask("GetRecord", metadataPrefix="oai_dc", identifier=head.identifier).heads == [head]


def test_sets_come_in_one_order_page_by_page(either: Library) -> None:
    specs = ["B", "a", "a-b", "a:b", "a:b:c", "ab"]
    either.put({1: Wanted("One", ("ab", "a:b:c")), 2: Wanted("Two", ("B", "a-b"))})
    whole = either.split(100).ask("ListSets")
    assert whole.resumption is None
    assert sorted(whole.texts("setSpec")) == specs
    for page_size in range(1, 6):
        pages = list(either.split(page_size).pages("ListSets"))
        assert [spec for page in pages for spec in page.texts("setSpec")] == whole.texts("setSpec")
        told = [page.resumption and (page.resumption.size, page.resumption.cursor) for page in pages]
        assert told == [(6, page_size * number) for number in range(math.ceil(6 / page_size))]


def test_sets_that_are_made_while_they_are_listed_are_counted(library: Library) -> None:
    library.put({1: Wanted("One", ("a", "b"))})
    pages = library.split(1).pages("ListSets")
    told = [next(pages).resumption]
    library.put({2: Wanted("Two", ("c", "d"))})
    told += [page.resumption for page in pages]
    assert [one and (one.size, one.cursor) for one in told] == [(2, 0), (3, 1), (4, 2), (4, 3)]


@pytest.mark.parametrize("verb", _LISTS)
def test_a_set_that_does_not_exist_has_no_records(shelf: Library, verb: str) -> None:
    response = shelf.ask(verb, metadataPrefix="oai_dc", set="crime:nothing")
    assert response.codes == ["noRecordsMatch"]
    assert "no such set" in response.messages


def test_without_sets_there_is_no_set_hierarchy(library: Library) -> None:
    library.put({1: Wanted("One")})
    assert library.ask("ListSets").codes == ["noSetHierarchy"]
    for verb in _LISTS:
        assert library.ask(verb, metadataPrefix="oai_dc", set="a").codes == ["noSetHierarchy"]


def test_an_empty_repository_says_so_and_nothing_else(library: Library) -> None:
    identified = library.ask("Identify")
    assert identified.text("earliestDatestamp") == identified.date
    for verb in _LISTS:
        assert library.ask(verb, metadataPrefix="oai_dc").codes == ["noRecordsMatch"]
    assert library.ask("ListMetadataFormats").kind == "ListMetadataFormats"


def test_the_earliest_datestamp_is_that_of_the_first_record_of_all(library: Library) -> None:
    first = library.put({1: Wanted("One"), 2: Wanted("Two")})
    library.put({1: Wanted("Uno")}, after=50)
    assert library.ask("Identify").text("earliestDatestamp") == utc_text(first)
    second = library.put({2: Wanted("Two", deleted=True)}, after=50)
    assert library.ask("Identify").text("earliestDatestamp") == utc_text(second - 50)


@pytest.mark.parametrize(
    "query", ["verb=Identify", "verb=Nothing", "verb=ListSets&x=y", "verb=ListRecords&metadataPrefix=oai_dc"]
)
def test_the_response_date_is_the_watermark_and_never_the_clock(library: Library, query: str) -> None:
    # three in one second: the watermark runs ahead of the clock
    *_, newest = [library.put({number: Wanted(f"Title {number}")}) for number in range(3)]
    assert library.send(query).date == utc_text(newest)
    library.clock.now += 60
    assert library.send(query).date == utc_text(int(library.clock.now) - 1)


def test_asking_from_beyond_the_watermark_is_no_mistake(library: Library) -> None:
    newest = library.put({1: Wanted("One")})
    response = library.ask("ListRecords", metadataPrefix="oai_dc", from_=utc_text(newest + 1))
    assert response.codes == ["noRecordsMatch"]
    assert utc_text(newest) in response.messages


@pytest.mark.parametrize("verb", [*_LISTS, "ListSets"])
def test_a_token_of_another_verb_or_another_key_is_refused(library: Library, verb: str) -> None:
    library.put({number: Wanted(f"Title {number}", (f"set{number}",)) for number in range(5)})
    arguments = {} if verb == "ListSets" else {"metadataPrefix": "oai_dc"}
    resumption = library.ask(verb, **arguments).resumption
    assert resumption is not None
    for other in {*_LISTS, "ListSets"} - {verb}:
        assert library.ask(other, resumptionToken=resumption.token).codes == ["badResumptionToken"]
    elsewhere = Library(library.engine, library.clock, replace(REPOSITORY, token_key=b"some other repository's key"))
    assert elsewhere.ask(verb, resumptionToken=resumption.token).codes == ["badResumptionToken"]
    assert library.ask(verb, resumptionToken=resumption.token).codes == []


def test_a_token_for_a_format_that_is_no_longer_served_is_refused(library: Library) -> None:
    library.put({1: Wanted("One")})
    window, after = Window(prefix="retired"), Position(0, 0)
    token = RowsToken(verb="ListRecords", window=window, after=after, cursor=1, size=2, started=0, sealed=0)
    response = library.ask("ListRecords", resumptionToken=seal(token, REPOSITORY.token_key))
    assert response.codes == ["badResumptionToken"]


def test_a_token_for_sets_that_are_no_more_is_refused(library: Library) -> None:
    token = SetsToken(after="a", cursor=1, size=2)
    assert library.ask("ListSets", resumptionToken=seal(token, REPOSITORY.token_key)).codes == ["badResumptionToken"]


@pytest.mark.parametrize("verb", _LISTS)
def test_a_token_can_be_used_again_and_says_the_same(shelf: Library, verb: str) -> None:
    *_, before, _ = shelf.split(2).pages(verb, metadataPrefix="oai_dc", set="crime")
    assert before.resumption is not None
    again = [shelf.split(2).ask(verb, resumptionToken=before.resumption.token).body for _ in range(3)]
    assert again == [again[0]] * 3


def test_the_page_size_may_change_between_two_pages(shelf: Library) -> None:
    first = shelf.split(2).ask("ListIdentifiers", metadataPrefix="oai_dc")
    assert first.resumption is not None
    second = shelf.split(100).ask("ListIdentifiers", resumptionToken=first.resumption.token)
    assert numbers(first) + numbers(second) == [1, 2, 4, 6, 7, 8, 9, 3, 5]
    assert second.resumption is not None
    assert (second.resumption.size, second.resumption.cursor) == (9, 2)


edits = st.lists(
    st.dictionaries(
        st.integers(min_value=0, max_value=11),
        st.sampled_from([Wanted("a"), Wanted("b"), Wanted("gone", deleted=True)]),
        max_size=4,
    ),
    max_size=5,
)


@given(page_size=st.integers(min_value=1, max_value=4), edits=edits, verb=st.sampled_from(_LISTS), data=st.data())
@settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_that_changes_while_it_is_read_misses_nothing_and_counts_right(
    new_database_url: Callable[[str], str],
    page_size: int,
    edits: list[dict[int, Wanted]],
    verb: str,
    data: st.DataObject,
) -> None:
    engine = open_engine(new_database_url("sqlite"))
    library = Library(engine, repository=replace(REPOSITORY, page_size=page_size))
    state = {number: Wanted(f"Title {number}") for number in range(8)}
    library.put(state)
    coming, held, dates, delivered = iter(edits), dict[str, Head](), set[str](), 0
    for page in library.pages(verb, metadataPrefix="oai_dc"):
        dates.add(page.date)
        held.update({head.identifier: head for head in page.heads})
        assert page.resumption is not None
        assert page.resumption.cursor == delivered
        delivered += len(page.heads)
        assert page.resumption.size >= delivered + bool(page.resumption.token)
        assert page.resumption.token or page.resumption.size == delivered
        edit = {number: want for number, want in next(coming, {}).items() if number < 8 or not want.deleted}
        if any(state.get(number) != want for number, want in edit.items()):
            library.put(edit, after=data.draw(st.integers(min_value=0, max_value=2)))
            state |= edit
    back = data.draw(st.sampled_from([*sorted(dates), max(head.datestamp for head in held.values())]))
    held |= {head.identifier: head for head in library.split(100).ask(verb, metadataPrefix="oai_dc", from_=back).heads}
    told = {identifier: head.deleted for identifier, head in held.items()}
    assert told == {oai(number): want.deleted for number, want in state.items()}
    assert sorted(held.values(), key=str) == sorted(
        library.split(100).ask(verb, metadataPrefix="oai_dc").heads, key=str
    )
    engine.dispose()


def test_when_all_that_was_left_of_a_bounded_list_has_changed_nothing_matches(library: Library) -> None:
    datestamp = library.put({number: Wanted(f"Title {number}") for number in range(5)})
    first = library.ask("ListRecords", metadataPrefix="oai_dc", until=utc_text(datestamp))
    assert first.resumption is not None
    library.put({number: Wanted(f"New {number}") for number in range(5)}, after=10)
    rest = library.ask("ListRecords", resumptionToken=first.resumption.token)
    assert rest.codes == ["noRecordsMatch"]
    assert "has changed since" in rest.messages
    later = library.split(100).ask("ListRecords", metadataPrefix="oai_dc", from_=first.date)
    assert numbers(later) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("query", ["verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc", "verb=junk", ""])
def test_a_store_that_cannot_be_read_is_never_an_empty_list(tmp_path: Path, query: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'no-tables.db'}")
    with pytest.raises(StoreUnavailable):
        respond(query, feed=SqlFeed(engine), repository=REPOSITORY, now=1_800_000_000.0)
    engine.dispose()
