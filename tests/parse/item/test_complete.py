"""Laws of filling gaps: what a page states stands, whatever an address says, and no text does harm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Entry, Link, PartialDate, Relation
from repo_harvest.parse.item import DATA_TYPES, Telling, complete, gaps, read_answer, same_work

FIELDS = ("creators", "date", "container", "publisher", "abstract")
TITLES = ["Trust and time in prison", "Trust & time in prison", "Trust and time in prison: a diary", "Harbours", "trust and time, in prison"]  # fmt: skip
words = st.sampled_from(
    ["Okoro, Ada", "Ada Okoro", "Lind, Per", "SAGE", "Wiley", "Probation Notes", "About it.", "x" * 400]
)
maybe = st.none() | words
dates = st.none() | st.builds(
    PartialDate, year=st.sampled_from([1999, 2021]), month=st.sampled_from([1, 3]), day=st.none() | st.just(1)
)
addresses = st.sampled_from(
    ["doi:10.5555/1", "https://doi.org/10.5555/2", "https://repository.example/handle/1/2", "urn:isbn:9780306406157"]
)
entries = st.builds(
    Entry,
    title=st.sampled_from(TITLES),
    place=st.just("line 1"),
    creators=st.lists(words, max_size=2).map(tuple),
    date=dates,
    container=maybe,
    publisher=maybe,
    identifiers=st.lists(addresses, max_size=2, unique=True).map(tuple),
    abstract=maybe,
    volume=maybe,
    links=st.just((Link(url="https://repository.example/handle/1/2", text="View"),)),
    origins=st.sampled_from([(), (("title", "heading 4"), ("date", "byline"))]),
)
tellings = st.lists(
    st.builds(
        Telling, address=st.sampled_from(["https://a.example/", "https://b.example/"]), entries=st.lists(entries).map(tuple)
    ),
    max_size=3,
)  # fmt: skip


@given(page=entries, told=tellings)
def test_what_the_page_states_stands_to_the_letter(page: Entry, told: list[Telling]) -> None:
    found = complete(page, told, page="https://p.example/").entry
    for name in FIELDS:
        if getattr(page, name):
            assert getattr(found, name) == getattr(page, name)
    assert found.identifiers[: len(page.identifiers)] == page.identifiers
    assert len([one for one in found.identifiers if "10.5555/" in one]) <= max(
        1, len([one for one in page.identifiers if "10.5555/" in one]), 0 if page.identifiers else 2
    )
    stated = ("title", "place", "byline", "volume", "issue", "pages", "links")
    assert [getattr(found, name) for name in stated] == [getattr(page, name) for name in stated]


@given(page=entries, told=tellings)
def test_what_is_filled_says_from_which_address_and_is_said_there(page: Entry, told: list[Telling]) -> None:
    found = complete(page, told, page="https://p.example/").entry
    assert found.origins[: len(page.origins)] == page.origins
    filled = dict(found.origins[len(page.origins) :])
    assert filled.keys() == {name for name in (*FIELDS, "identifiers") if getattr(found, name) != getattr(page, name)}
    for name, origin in filled.items():
        by = {telling.address: telling.entries for telling in told}
        assert any(origin.startswith(address) for address in by)
        if name != "identifiers":
            said = [getattr(other, name) for telling in told for other in telling.entries if same_work(page, other)]
            assert getattr(found, name) in said


@given(page=entries, told=tellings)
def test_a_disagreement_names_both_sources_and_hearing_it_twice_is_hearing_it_once(
    page: Entry, told: list[Telling]
) -> None:
    done = complete(page, told, page="https://p.example/")
    for note in done.notes:
        assert " is kept; " in note.what
        assert note.what.endswith(" says otherwise")
        assert any(f"({telling.address}" in note.what for telling in told)
    assert complete(page, [*told, *told], page="https://p.example/").entry == done.entry
    assert set(gaps(done.entry)) <= set(gaps(page))


@given(page=entries, other=entries)
def test_whether_two_are_one_work_does_not_depend_on_who_asks(page: Entry, other: Entry) -> None:
    assert same_work(page, other) == same_work(other, page)
    assert same_work(page, page)


pieces = st.sampled_from(
    ['{"title": ', '"Trust"', "}", "[", "]", ", ", '"author": [{"family": "Okoro"}]', "<meta name=citation_title content=", "Trust>",
     "<tr><td>dc.title</td>", "<td>Trust</td></tr>", "<link rel=describedby type=application/ld+json href=", "http://[x/>", "/data>",
     "@article{a, title = {", "}}", "TY  - JOUR\n", "TI  - Trust\n", "\ud800", "\0", "<script type=application/ld+json>"]
)  # fmt: skip  # a list of pieces
texts = st.lists(pieces | st.text(max_size=5), max_size=12).map("".join)
kinds = st.sampled_from(["text/html", "text/plain", "application/xhtml+xml", *DATA_TYPES])


@given(
    text=texts, kind=kinds, header=st.lists(st.builds(Relation, url=texts, rel=texts | st.just("cite-as"), type=kinds))
)
def test_no_answer_raises_and_leads_are_addresses_of_the_web(text: str, kind: str, header: list[Relation]) -> None:
    answer = read_answer(text, content_type=kind, location="https://repository.example/handle/1/2", relations=header)
    assert all(entry.title for entry in answer.entries)
    stated = {one.url for one in header}
    assert all(lead in stated or lead.startswith(("http://", "https://")) for lead in answer.leads)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Trust and time in prison", "Trust and Time in Prison.", True),
        ("Trust and time in prisons", "Trust and time in prison", True),
        ("Trust and time in prison", "Trust and time in prison: a diary", False),
        ("Trust and time in prison 1", "Trust and time in prison 2", False),
        ("Trust", "Time", False),
        ("…", "…", False),
        ("刑務所における信頼", "刑務所における信頼", True),
    ],
)
def test_titles_are_the_same_or_nearly(one: str, other: str, *, same: bool) -> None:
    assert same_work(Entry(title=one, place="a"), Entry(title=other, place="b")) is same


def test_a_title_without_its_subtitle_needs_a_name_or_a_doi() -> None:
    short = Entry(title="Trust and time in prison", place="a", creators=("Okoro, Ada",))
    long = Entry(title="Trust and time in prison: a diary", place="b", creators=("Ada Okoro",))
    assert same_work(short, long)
    assert not same_work(short, replace(long, creators=("Lind, Per",)))
    assert not same_work(short, replace(long, creators=()))
    doi = ("doi:10.5555/1",)
    assert same_work(replace(short, identifiers=doi), replace(long, creators=(), identifiers=doi))
    assert not same_work(short, replace(long, title="Trust and time in prison: volume 2"))


def test_values_that_are_too_long_to_be_true_are_dropped() -> None:
    script = f'{{"title": "Trust", "abstract": "{"a" * 20_001}", "publisher": "{"b" * 1_001}", "author": [{{"family": "{"c" * 301}"}}]}}'
    (entry,) = read_answer(script, content_type="application/json", location="https://doi.org/10.5555/1").entries
    assert (entry.abstract, entry.publisher, entry.creators) == (None, None, ())
