"""Works of schema.org, as JSON-LD, microdata and RDFa state them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Entry
from repo_harvest.parse.embedded.jsonld import loads
from tests.parse.embedded.kit import date, entries, facts, lists_of, one, only


def page(*things: object) -> str:
    scripts = [thing if isinstance(thing, str) else json.dumps(thing) for thing in things]
    said = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<html><head>{said}</head><body><p>Words</p></body></html>"


def thing(entry: Entry) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": entry.title,
        "author": [person(name) for name in entry.creators],
        "datePublished": str(entry.date) if entry.date else None,
        "isPartOf": {"@type": "Periodical", "name": entry.container},
        "publisher": {"@type": "Organization", "name": entry.publisher},
        "identifier": list(entry.identifiers),
        "abstract": entry.abstract,
    }


def person(name: str) -> dict[str, str]:
    surname, comma, given_name = name.partition(", ")
    if not comma or name.startswith("Centre"):
        return {"@type": "Organization", "name": name}
    return {"@type": "Person", "familyName": surname, "givenName": given_name}


@given(entries(), st.sampled_from(["list", "graph", "items"]))
def test_works_written_as_json_ld_are_read_back(works: list[Entry], shape: str) -> None:
    things: list[object] = [thing(entry) for entry in works]
    listed = [{"@type": "ListItem", "position": at, "item": said} for at, said in enumerate(things)]
    shapes: dict[str, object] = {
        "list": things,
        "graph": {"@context": "https://schema.org", "@graph": things},
        "items": {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": listed}},
    }
    found = only(page(shapes[shape]), "JSON-LD")
    assert [facts(entry) for entry in found.entries] == [facts(entry) for entry in works]


@pytest.mark.parametrize(
    ("authors", "meant"),
    [
        ("Gillian Buck", ("Gillian Buck",)),
        ("Buck, Gillian; Lee, Ann", ("Buck, Gillian", "Lee, Ann")),
        ("Gillian Buck, Peter Atherton and Ann Lee", ("Gillian Buck", "Peter Atherton", "Ann Lee")),
        (["Gillian Buck", {"name": "Lee, Ann"}], ("Gillian Buck", "Lee, Ann")),
        ({"@list": [{"name": "Gillian Buck"}]}, ("Gillian Buck",)),
        ([{"@id": "#ann"}], ("Lee, Ann",)),
        ([{"name": ["Gillian Buck", "G. Buck"]}, {"name": {"@value": "Ann Lee"}}], ("Gillian Buck", "Ann Lee")),
        ([None, 3, {}, [], {"name": None}], ()),
    ],
)
def test_authors_of_many_shapes(authors: object, meant: tuple[str, ...]) -> None:
    ann = {"@id": "#ann", "@type": "Person", "familyName": "Lee", "givenName": "Ann"}
    work = {"@type": "Article", "headline": "Trust", "author": authors}
    (found,) = [found for found in lists_of(page({"@graph": [work, ann]})) if found.name == "JSON-LD"]
    creators = tuple(name for name in found.entries[0].creators if name != "3")
    assert creators == meant


def test_a_journal_is_found_through_issue_and_volume() -> None:
    journal = {"@type": "Periodical", "name": "Probation Journal"}
    issue = {
        "@type": "PublicationIssue",
        "name": "No 2",
        "isPartOf": {"@type": "PublicationVolume", "isPartOf": journal},
    }
    assert (
        one(page({"@type": "ScholarlyArticle", "name": "T", "isPartOf": issue}), "JSON-LD").container
        == "Probation Journal"
    )
    site = {"@type": "WebSite", "name": "A site"}
    assert one(page({"@type": "Article", "name": "T", "isPartOf": site}), "JSON-LD").container is None


def test_identifiers_of_many_shapes() -> None:
    doi = {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1177/1"}
    work = {
        "@type": ["Book"], "@id": "https://example.org/b", "name": "T", "identifier": [doi, "local-1"],
        "sameAs": "https://doi.org/10.1177/1", "isbn": "978-0-306-40615-7", "url": "https://example.org/b",
    }  # fmt: skip  # a list
    assert one(page(work), "JSON-LD").identifiers == (
        "doi:10.1177/1",
        "https://example.org/b",
        "urn:isbn:9780306406157",
    )


def test_names_may_have_a_prefix_or_a_vocabulary() -> None:
    work = {"@type": "schema:Book", "schema:name": "Trust", "http://schema.org/author": {"schema:name": "Lee, Ann"}}
    entry = one(page(work), "JSON-LD")
    assert (entry.title, entry.creators) == ("Trust", ("Lee, Ann",))


def test_what_is_cited_or_around_is_not_listed_and_one_work_is_read_once() -> None:
    work = {
        "@type": "Book",
        "@id": "#b",
        "name": "Trust",
        "citation": {"@type": "Book", "name": "Cited"},
        "isPartOf": {"@type": "Book", "name": "Whole"},
    }
    shop = [
        {"@type": "WebPage", "name": "Page"},
        {"@type": "Product", "name": "Mug"},
        {"@type": "NewsArticle", "headline": "News"},
    ]
    found = only(page([work, *shop], [work], {"@graph": [{"@type": "Book", "@id": "#b"}]}), "JSON-LD")
    assert [entry.title for entry in found.entries] == ["Trust"]


def test_broken_json_costs_what_is_broken() -> None:
    good, bad = json.dumps(thing(Entry(title="Trust", place=""))), '{"@type": "Book", "name": "Bro" ken"}'
    found = only(page(f"[{good}, {bad}, {good[:-1]}, ]}}, {good}]", good), "JSON-LD")
    assert [entry.title for entry in found.entries][-1] == "Trust"
    assert len(found.entries) >= 3
    assert "it is broken at character" in found.problems[0].what
    assert found.problems[0].where == "head script"


@pytest.mark.parametrize(
    "said",
    [
        '<!-- {"a": "b"} -->', '//<![CDATA[\n{"a": "b"}\n//]]>', '/* <![CDATA[ */ {"a": "b"} /* ]]> */', '{"a": "b",}', '{"a": "b"};',
        '\ufeff{"a": "b"}', '{"a": "b" , }',
    ],
)  # fmt: skip  # a list
def test_what_pages_put_around_json_is_forgiven(said: str) -> None:
    assert loads(said) == ([{"a": "b"}], "")


def test_raw_line_breaks_and_huge_numbers_are_forgiven() -> None:
    assert loads('{"a": "b\nc", "n": ' + "9" * 5_000 + "}")[0][0] == {"a": "b\nc", "n": "9" * 5_000}
    assert loads('{"a": ",}"}') == ([{"a": ",}"}], "")
    assert loads("   ") == ([], "")


def test_nesting_without_end_is_a_problem_and_no_crash() -> None:
    values, what = loads("[" * 100_000)
    assert (values, bool(what)) == ([], True)
    deep: object = thing(Entry(title="Deep", place=""))
    for _ in range(300):
        deep = [deep]
    assert lists_of(page(deep)) == ()


MICRODATA = """<div itemscope itemtype="https://schema.org/CollectionPage"><h1 itemprop="name">Ours</h1>
<ol><li itemprop="hasPart" itemscope itemtype="http://schema.org/ScholarlyArticle">
  <a itemprop="url" href="/1"><span itemprop="name">Trust <i>and</i> time</span></a>
  <span itemprop="author" itemscope itemtype="http://schema.org/Person"><b itemprop="givenName">Gillian</b> <b itemprop="familyName">Buck</b></span>
  <span itemprop="author">Ann Lee</span> <time itemprop="datePublished" datetime="2021-03">March</time>
  <span itemprop="isPartOf" itemscope itemtype="http://schema.org/Periodical"><em itemprop="name">Probation Journal</em></span>
  <meta itemprop="publisher" content="SAGE"><a itemprop="sameAs" href="https://doi.org/10.1177/1">doi</a>
  <p itemprop="abstract">We stood<br>at one gate.</p></li></ol></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="ScholarlyArticle"><h2 property="name">Trust and time</h2>
by <span property="author" typeof="Person"><span property="name">Gillian Buck</span></span>
<span property="schema:datePublished" content="2021-03-04">spring</span></div>
<div typeof="schema:Book" prefix="schema: http://schema.org/"><i property="schema:name">Shame</i></div>"""


def test_microdata_is_read_with_items_inside_items() -> None:
    assert facts(one(MICRODATA, "microdata")) == (
        "Trust and time", ("Buck, Gillian", "Ann Lee"), date("2021-03"), "Probation Journal", "SAGE",
        ("https://doi.org/10.1177/1", "https://example.org/1"), "We stood at one gate.",
    )  # fmt: skip  # a list
    assert one(MICRODATA, "microdata").place == "body/div[1]/ol[1]/li[1]"


def test_rdfa_lite_is_read_with_and_without_prefixes() -> None:
    first, second = only(RDFA, "RDFa").entries
    assert (first.title, first.creators, first.date) == ("Trust and time", ("Gillian Buck",), date("2021-03-04"))
    assert (second.title, second.place) == ("Shame", "body/div[2]")
