"""Every answer of the feed has a page for people, which says what the answer says and nothing that is no text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import get_args
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app
from werkzeug.wrappers import Request

from repo_harvest.formats import render
from repo_harvest.formats.registry import FORMATS
from repo_harvest.model import Record
from repo_harvest.oai import respond
from repo_harvest.oai.answer import Code
from repo_harvest.oai.request import SYNTAX, VERBS
from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.receipts import read_harvesters
from repo_harvest.web.app import make_app
from repo_harvest.web.client import Clients
from repo_harvest.web.explore import words
from repo_harvest.web.explore.query import filled
from repo_harvest.web.flow import Flow
from repo_harvest.web.limits import Limits
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.receipts import Receipts
from tests.oai.library import Library, fill
from tests.oai.strategies import anything, legal_arguments, unhurried
from tests.oai.wire import Response, judged
from tests.web.hostile import attack, collect
from tests.web.http import Http
from tests.web.reader import Page, Reader, judge_page
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai, sqlite_alone
from tests.web.test_pages import ATTACKS

MOST_BYTES = 100_000


class Explored:
    """A filled library and its service, asked with the bytes of a query as they are."""

    def __init__(self, library: Library) -> None:
        self.library = library
        feed = oai_app(library.feed, library.repository, now=library.clock)
        self.app = make_app(engine=library.engine, oai=feed, repository=library.repository, clock=library.clock)
        http = Http(library)
        self.held = collect(lambda query: http.get(query.decode()))

    def get(self, path: str, query: bytes) -> TestResponse:
        environ = EnvironBuilder(path).get_environ() | {"QUERY_STRING": query.decode("latin-1")}
        body, status, headers = run_wsgi_app(self.app, environ, buffered=True)
        return TestResponse(body, status, headers, Request(environ))

    def answer(self, query: bytes) -> Response:
        """What a harvester gets to a query, judged by the schemas."""
        library = self.library
        body = respond(query, feed=library.feed, repository=library.repository, now=library.clock.now).body
        assert body is not None
        return judged(body)

    def page(self, query: bytes) -> Page:
        response = self.get("/explore", query)
        assert response.status_code == 200
        text = response.get_data(as_text=True)
        assert len(text.encode()) < MOST_BYTES
        return Page(url="http://localhost/explore", response=response, tree=judge_page(text))


@pytest.fixture(scope="module")
def explored(new_database_url_for_module: Callable[[str], str]) -> Iterator[Explored]:
    """A page is made of an answer as it is sent, and both are asked here of the same feed: on which database, the feed's laws try."""
    engine = open_engine(new_database_url_for_module("sqlite"))
    library = Library(engine)
    fill(library)
    yield Explored(library)
    engine.dispose()


def judge(explored: Explored, query: bytes) -> None:
    """The page of a request says what its answer says, and leads to its XML."""
    page = explored.page(query)
    if not filled(query):
        assert page.heading == "Explore the feed"
        return
    answer = explored.answer(filled(query))
    assert page.texts("//main//strong[@class = 'fault']") == answer.codes
    said = [*answer.identifiers, *answer.messages.split("\n"), utc_words(answer.date)]
    said += [text for name in ("setSpec", "metadataPrefix", "repositoryName", "schema") for text in answer.texts(name)]
    assert [text for text in said if text not in page.text] == []
    assert len(page.found("//*[@class = 'state']")) == sum(head.deleted for head in answer.heads)
    assert len(page.found("//a[@rel = 'next']")) == sum(map(bool, answer.texts("resumptionToken")))
    xml = page.links()["See the XML"].removeprefix("http://localhost/oai?")
    assert re.fullmatch(r"[!-~]+", xml)
    assert explored.get("/oai", xml.encode()).data == answer.body


def utc_words(date: str) -> str:
    return f"{datetime.fromisoformat(date):%H:%M} UTC"


# --- laws ---


@unhurried
@given(
    query=st.one_of(
        legal_arguments().map(lambda arguments: urlencode(arguments).encode()),
        anything.map(lambda sent: sent if isinstance(sent, bytes) else sent.encode("utf-8", "surrogatepass")),
    )
)
def test_every_request_has_a_page_that_says_what_its_answer_says(explored: Explored, query: bytes) -> None:
    judge(explored, query)


@unhurried
@given(number=st.integers(0, 10**6))
def test_so_has_every_request_that_is_nearly_right(explored: Explored, number: int) -> None:
    judge(explored, attack("explored", number, explored.held).query)


def test_every_form_as_it_stands_gets_an_answer_without_an_error(explored: Explored) -> None:
    page = explored.page(b"")
    assert [form.get("action") for form in page.found("//main//form")] == ["./explore"] * 6
    kinds = []
    for query in map(sent, page.found("//main//form")):
        judge(explored, query)
        kinds.append(explored.answer(filled(query)).kind)
        again = explored.page(query)
        (changed,) = map(sent, again.found("//main//form"))
        assert filled(changed) == filled(query), "the form of a request is filled with that request"
    assert sorted(kinds) == sorted(VERBS)


def sent(form: HtmlElement) -> bytes:
    """What a browser sends of a form that nobody touched, each of whose fields is labelled."""
    pairs = []
    for field in form.iter("input", "select"):
        chosen = [one.get("value") for one in field.iter("option") if one.get("selected") is not None]
        pairs.append((field.get("name"), chosen[0] if chosen else field.get("value", "")))
        if field.get("type") != "hidden":
            (label,) = form.iterfind(f".//label[@for='{field.get('id')}']")
            assert field.get("name") in label.text_content()
            assert form.find(f".//*[@id='{field.get('aria-describedby')}']") is not None
    return urlencode(pairs).encode()


def test_who_follows_the_pages_of_a_list_sees_every_record_of_it(explored: Explored) -> None:
    for verb in ("ListRecords", "ListIdentifiers"):
        seen, texts = set(), []
        query = f"verb={verb}&metadataPrefix=oai_dc"
        while query:
            judge(explored, query.encode())
            page = explored.page(query.encode())
            texts.append(page.text)
            seen |= set(re.findall(r"oai:example\.org:[0-9]+", page.text))
            query = next(iter(page.links("//a[@rel = 'next']").values()), "").partition("?")[2]
        assert seen == {oai(number) for number in range(1, 10)}
        assert [
            part in text for part, text in zip(("1 to 3 of 9", "4 to 6 of 9", "7 to 9 of 9"), texts, strict=True)
        ] == [True] * 3
        assert ["This is the last page" in text for text in texts] == [False, False, True]


def test_every_link_of_an_answer_leads_to_an_answer(explored: Explored) -> None:
    for query in (b"verb=ListSets", b"verb=ListMetadataFormats", b"verb=ListMetadataFormats&identifier=oai:example.org:4",
                  b"verb=ListRecords&metadataPrefix=mods", b"verb=GetRecord&metadataPrefix=mods&identifier=oai:example.org:4"):  # fmt: skip  # a list
        links = explored.page(query).links("//main//a")
        assert len(links) > 2
        for url in links.values():
            path, _, asked = url.removeprefix("http://localhost").partition("?")
            if path.startswith("/"):
                response = explored.get(path, asked.encode())
                assert response.status_code == 200
                is_empty = "noRecordsMatch" in response.text  # a format that no record says enough for
                assert 'class="fault"' not in response.text or (is_empty and query == b"verb=ListMetadataFormats")


# --- what there are words for ---


def test_there_are_words_for_whatever_the_protocol_has() -> None:
    assert words.FAULTS.keys() == set(get_args(Code))
    assert words.VERBS.keys() == VERBS.keys()
    assert words.ARGUMENTS.keys() == SYNTAX.keys()


# --- records ---


@sqlite_alone
@pytest.mark.parametrize("attack_", ATTACKS)
def test_what_is_hostile_in_a_record_stays_text(shelf: Shelf, reader: Reader, attack_: str) -> None:
    shelf.put(oai(1), record_of(attack_))
    shelf.clock.now += 60
    clean = " ".join(attack_.split())
    for prefix in FORMATS:
        for query in (
            f"verb=ListRecords&metadataPrefix={prefix}",
            f"verb=GetRecord&metadataPrefix={prefix}&identifier={oai(1)}",
        ):
            page = reader.get(f"explore?{query}")
            assert page.status == 200
            if page.found("//*[@class = 'fault']"):
                continue  # the record does not say enough for this format
            assert clean in page.text
            assert not page.found("//main//img | //main//script | //iframe | //svg")
            assert all(url.startswith(("http://", "https://")) for url in page.loads())


def record_of(attack_: str) -> Record:
    return replace(
        ARTICLE,
        title=(attack_,),
        creators=(attack_,),
        description=(attack_,),
        identifiers=(*ARTICLE.identifiers, attack_),
        rights=(attack_,),
    )


@sqlite_alone
def test_a_list_of_large_records_is_cut_and_says_so(shelf: Shelf, reader: Reader) -> None:
    large = replace(ARTICLE, description=("mentor " * 2000,), creators=tuple(f"Name {n}, A." for n in range(100)))
    shelf.put_all(((oai(number), large) for number in range(100)), sets=tuple(f"set{n}" for n in range(9)))
    shelf.clock.now += 60
    for prefix in render_prefixes(large):
        page = reader.get(f"explore?verb=ListRecords&metadataPrefix={prefix}")
        assert len(page.response.data) < MOST_BYTES
        assert all(f"{oai(number)} " in f"{page.text} " for number in range(100))
        assert re.search(r"room for (some of )?what the first (record says|[0-9]+ records say)", page.text)
        assert "more characters" in page.text or "left out here" in page.text
        single = reader.get(f"explore?verb=GetRecord&metadataPrefix={prefix}&identifier={oai(7)}")
        assert len(single.response.data) < MOST_BYTES
        assert "Name 99" in single.text


def render_prefixes(record: Record) -> list[str]:
    return [rendition.prefix for rendition in render(record)]


def test_a_deleted_record_says_so_in_words_and_leads_to_no_page(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE, sets=("crime",))
    shelf.remove(oai(1))
    shelf.clock.now += 60
    page = reader.get(f"explore?verb=GetRecord&metadataPrefix=oai_dc&identifier={oai(1)}")
    assert "This record was deleted" in page.text
    assert "Its page" not in page.links()
    assert "in crime" in page.text


def test_while_there_are_no_records_the_page_says_so(reader: Reader) -> None:
    assert "There are no records yet" in reader.get("explore").text
    assert reader.get("explore?verb=ListRecords&metadataPrefix=oai_dc").texts("//*[@class = 'fault']") == [
        "noRecordsMatch"
    ]


def test_a_fault_of_the_store_is_no_answer(reader: Reader, break_database: Callable[[], None]) -> None:
    break_database()
    for path in ("explore", "explore?verb=ListRecords&metadataPrefix=oai_dc"):
        assert reader.get(path).status == 503


# --- who may ask ---


def test_pages_count_to_the_budget_of_the_feed_and_answers_to_that_of_the_pages(shelf: Shelf) -> None:
    clients, limits = Clients(), Limits(flow=Flow(3, clock=lambda: 0))
    feed = oai_app(SqlFeed(shelf.engine), REPOSITORY, now=shelf.clock, clients=clients, limits=limits)
    app = make_app(
        engine=shelf.engine, oai=feed, repository=REPOSITORY, clock=shelf.clock, clients=clients, limits=limits
    )
    asked = [
        "/explore",
        "/oai?verb=Identify",
        "/explore?verb=Identify",
        "/explore?verb=Identify",
        "/oai?verb=Identify",
        "/explore",
    ]
    got = [Client(app).get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}) for path in asked]
    assert [one.status_code for one in got] == [200, 200, 200, 503, 503, 503]
    assert got[3].headers["Retry-After"] == got[4].headers["Retry-After"] == "20"
    judge_page(got[3].text)
    assert Client(app).get("/", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    assert Client(app).get("/explore", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200
    assert Client(app).get("/explore", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200


def test_a_page_is_no_receipt_of_a_harvester(shelf: Shelf) -> None:
    shelf.put(oai(1), ARTICLE)
    shelf.clock.now += 60
    receipts = Receipts(shelf.engine, clock=shelf.clock)
    feed = oai_app(SqlFeed(shelf.engine), REPOSITORY, now=shelf.clock, receipts=receipts)
    app = make_app(engine=shelf.engine, oai=feed, repository=REPOSITORY, clock=shelf.clock)
    query = "verb=ListRecords&metadataPrefix=oai_dc"
    assert Client(app).get(f"/explore?{query}").status_code == 200
    receipts.flush()
    assert not read_harvesters(shelf.engine)
    assert Client(app).get(f"/oai?{query}").status_code == 200
    receipts.flush()
    assert len(read_harvesters(shelf.engine)) == 1
