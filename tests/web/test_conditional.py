"""An entity tag names exactly one sequence of bytes, and a client that only ever asks "has it changed?" misses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from repo_harvest.model import SetInfo
from repo_harvest.store import ledger
from repo_harvest.web.coding import ENCODER
from repo_harvest.web.conditional import ANY, presented
from tests.laws import tries
from tests.oai.library import Library, oai
from tests.oai.wire import judged
from tests.store.kit import Wanted, publish_state
from tests.web.http import Http, Reply

LIST = "verb=ListRecords&metadataPrefix=oai_dc"

HEADERS: list[tuple[str | None, list[str] | str]] = [
    (None, []),
    ("", []),
    ('"a"', ["a"]),
    (' "a" ', ["a"]),
    ('W/"a"', ["a"]),
    ('"a", "b"', ["a", "b"]),
    ('"a",W/"b"\t,"c"', ["a", "b", "c"]),
    (', "a",, "b",', ["a", "b"]),
    ('"a,b"', ["a,b"]),
    ('""', [""]),
    ("*", ANY),
    (" * ", ANY),
    ('"a', []),
    ("a", []),
    ('w/"a"', []),
    ('W/ "a"', []),
    ('"a" "b"', []),
    ('"a", b', []),
    ('*, "a"', []),
    ('"a b"', []),
    ('"a\x00"', []),
    ('"' + "x" * 5000 + '"', []),
]


@pytest.mark.parametrize(("header", "named"), HEADERS)
def test_the_table_of_if_none_match(header: str | None, named: list[str] | str) -> None:
    assert presented(header) == named


@given(st.text(st.characters(codec="latin-1")) | st.text('"W/,* a\t'))
def test_no_header_whatever_is_a_fault(header: str) -> None:
    assert all('"' not in tag for tag in presented(header))


# --- one answer ---


def again(http: Http, reply: Reply, query: str = LIST, **environ: str) -> Reply:
    return http.get(query, **{"HTTP_IF_NONE_MATCH": reply.tag, **environ})


@pytest.mark.parametrize(
    "query",
    [
        LIST,
        "verb=Identify",
        "verb=ListMetadataFormats",
        "verb=ListIdentifiers&metadataPrefix=oai_dc&set=a",
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai%3Aexample.org%3A1",
        f"{LIST}&from=2100-01-01",
        f"{LIST}&until=1999-01-01",
    ],
)
def test_what_is_held_stands_until_something_is_published(http: Http, query: str) -> None:
    first = http.get(query)
    http.library.clock.now += 86_400
    for form in ("{}", "W/{}", '"x", {}', "{}, W/{}"):
        unchanged = http.get(query, HTTP_IF_NONE_MATCH=form.replace("{}", first.tag))
        assert (unchanged.status, unchanged.tag) == (304, first.tag)
    assert http.send("HEAD", query, b"", HTTP_IF_NONE_MATCH=first.tag).status == 304
    http.library.put({77: Wanted("New")})
    assert again(http, first, query).answer.date > first.answer.date


def test_a_tag_is_of_one_request_one_repository_and_one_coding(http: Http) -> None:
    first = http.get(LIST)
    packed = http.get(LIST, HTTP_ACCEPT_ENCODING="gzip")
    assert packed.tag == f'{first.tag[:-1]}.{ENCODER}"'
    assert again(http, first, HTTP_ACCEPT_ENCODING="gzip").status == 200
    assert again(http, packed).status == 200
    assert again(http, packed, HTTP_ACCEPT_ENCODING="x-gzip").status == 304
    assert again(http, first, f"{LIST}&set=a").status == 200
    assert again(http, first, "metadataPrefix=oai_dc&verb=ListRecords").status == 200
    renamed = replace(http.library.repository, name="Another name")
    assert again(Http(Library(http.library.engine, http.library.clock, renamed)), first).status == 200
    rekeyed = replace(http.library.repository, token_key=b"another key of sixteen bytes")
    assert again(Http(Library(http.library.engine, http.library.clock, rekeyed)), first).status == 200


@pytest.mark.parametrize("change", ["{}x", "1{}", "{}-0", "-{}", "{}.", "{}.x", ""])
def test_a_tag_that_is_not_ours_to_the_letter_is_of_nothing(http: Http, change: str) -> None:
    tag = http.get(LIST).tag.strip('"')
    assert http.get(LIST, HTTP_IF_NONE_MATCH=f'"{change.replace("{}", tag)}"').status == 200
    sealed, newest, digest = tag.split("-")
    for forged in (f"{int(sealed) + 1}-{newest}-{digest}", f"{sealed}-{newest}-{digest[::-1]}"):
        assert http.get(LIST, HTTP_IF_NONE_MATCH=f'"{forged}"').status == 200


def test_a_star_is_held_by_whoever_holds_anything(http: Http) -> None:
    unchanged = http.get(LIST, HTTP_IF_NONE_MATCH="*")
    assert (unchanged.status, unchanged.tag) == (304, http.get(LIST).tag)
    assert http.get("verb=junk", HTTP_IF_NONE_MATCH="*").answer.codes == ["badVerb"]


def test_a_post_is_always_answered(http: Http) -> None:
    first = http.post(LIST.encode())
    assert http.post(LIST.encode(), HTTP_IF_NONE_MATCH=first.tag).status == 200
    assert http.post(LIST.encode(), HTTP_IF_NONE_MATCH="*").status == 200


@pytest.mark.parametrize("query", ["verb=junk", "verb=ListRecords", f"{LIST}&set=none", "verb=ListSets", f"{LIST}x"])
def test_what_the_feed_alone_does_not_decide_has_no_tag(http: Http, query: str) -> None:
    assert "ETag" not in http.get(query).headers


def test_a_set_that_is_given_by_the_configuration_is_seen_at_once(http: Http) -> None:
    query = f"{LIST}&set=later"
    before = http.get(query)
    ledger.declare_sets(http.library.engine, [SetInfo(spec="later", name="Later")])
    assert before.answer.messages != http.get(query).answer.messages
    assert "ETag" in http.get(query).headers


def test_last_modified_is_the_newest_datestamp_and_alone_makes_nothing_unchanged(http: Http) -> None:
    stamp = http.library.put({5: Wanted("Title 5")}, after=5)
    assert stamp == 1_800_000_005
    reply = http.get(LIST)
    assert reply.headers["Last-Modified"] == "Fri, 15 Jan 2027 08:00:05 GMT"
    assert http.get(LIST, HTTP_IF_MODIFIED_SINCE=reply.headers["Last-Modified"]).status == 200
    http.library.clock.now -= 3600
    assert "Last-Modified" not in http.get(LIST).headers, "a date ahead of the clock dates nothing"


def test_an_empty_feed_has_a_tag_and_no_date(engine: Engine) -> None:
    library = Library(engine)
    http = Http(library)
    first = http.get("verb=Identify")
    assert "Last-Modified" not in first.headers
    assert again(http, first, "verb=Identify").status == 304
    library.put({1: Wanted("First")}, after=1)
    assert again(http, first, "verb=Identify").status == 200


# --- over time ---

QUERIES = (LIST, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=a", "verb=Identify", f"{LIST}&until=2027-01-15")
steps = st.lists(
    st.tuples(st.sampled_from(["publish", "second", "ask", "ask packed"]), st.integers(0, 3)), min_size=5, max_size=25
)


def publish(library: Library, number: int, wanted: Wanted) -> None:
    """Publish one item, if that changes anything."""
    publish_state(library.engine, {oai(number): wanted}, library.clock)


@given(history=steps)
@settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_equal_tags_are_equal_bytes_and_equal_bytes_are_equal_tags(http: Http, history: list[tuple[str, int]]) -> None:
    seen: dict[str, bytes] = {}
    for number, (step, which) in enumerate(history):
        if step == "publish":
            publish(http.library, which, Wanted(f"Title {number}", ("a",) if which else (), deleted=which == 3))
        elif step == "second":
            http.library.clock.now += which
        else:
            reply = http.get(QUERIES[which], **({"HTTP_ACCEPT_ENCODING": "gzip"} if "packed" in step else {}))
            judged(reply.content)
            if "ETag" in reply.headers:
                assert seen.setdefault(reply.tag, reply.body) == reply.body
    assert len(set(seen.values())) == len(seen)


@given(history=steps, page_size=st.sampled_from([2, 100]))
@settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_client_that_only_asks_whether_it_changed_misses_nothing(
    http: Http, history: list[tuple[str, int]], page_size: int
) -> None:
    library = http.library.split(page_size)
    client = Client(Http(library))
    for number, (step, which) in enumerate(history):
        if step == "publish":
            publish(library, which, Wanted(f"Title {number}", deleted=which == 3))
        elif step == "second":
            library.clock.now += which
        else:
            client.poll()
    client.poll()
    truth = {
        head.identifier: (head.datestamp, head.deleted)
        for page in library.pages("ListRecords", metadataPrefix="oai_dc")
        for head in page.heads
    }
    assert client.copy == truth
    client.poll()
    library.clock.now += 1
    assert client.poll() == 304, "nothing was published, and it asked the same before"


class Client:
    """Keeps its answers with their tags, and comes back with the responseDate of the last list that it got, until the next."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._held: dict[str, Reply] = {}
        self._from = ""
        self.copy: dict[str, tuple[str, bool]] = {}

    def poll(self) -> int:
        """Get what is new; the status of the first page."""
        query = LIST + self._from
        status, first = self._ask(query)
        page: Reply | None = first
        while page is not None:
            answer = page.answer
            self.copy.update({head.identifier: (head.datestamp, head.deleted) for head in answer.heads})
            token = answer.resumption.token if not answer.codes and answer.resumption else ""
            page = self._ask(f"verb=ListRecords&resumptionToken={token}")[1] if token else None
        if status == 200 and not first.answer.codes:
            self._from = f"&from={first.answer.date}"
        return status

    def _ask(self, query: str) -> tuple[int, Reply]:
        held = self._held.get(query)
        reply = self._http.get(query, **({"HTTP_IF_NONE_MATCH": held.tag} if held else {}))
        if reply.status == 304:
            assert held is not None
            assert reply.tag == held.tag
            return 304, held
        if "ETag" in reply.headers:
            self._held[query] = reply
        return reply.status, reply


def test_the_watermark_that_is_held_is_one_to_come_back_with(http: Http) -> None:
    http = Http(http.library.split(100))
    first = http.get(LIST)
    http.library.clock.now += 100
    assert again(http, first).status == 304
    http.library.put({9: Wanted("New")})
    since = http.get(f"{LIST}&from={first.answer.date}").answer
    assert oai(9) in since.identifiers
