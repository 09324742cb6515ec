"""What programs find on the page of an item: its downloads, its tags, its links, and nothing that a record could break."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from lxml import etree, html
from pyld import jsonld  # type: ignore[import-untyped]  # it states no types
from requests.utils import parse_header_links

from repo_harvest.exports import citation_tags, schema_org
from repo_harvest.formats import render
from repo_harvest.formats.landing import landing
from repo_harvest.formats.parts import doi
from repo_harvest.formats.pretty import pretty
from repo_harvest.model import Entry, Record
from repo_harvest.parse import embedded
from repo_harvest.web import signposting
from repo_harvest.web.downloads import downloads
from tests.exports.works import works
from tests.strategies import records, unhurried
from tests.web.reader import Reader
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai

ITEM = oai("10034/620")
ORCID = "https://orcid.org/0000-0002-1825-0097"
PAGE = landing(REPOSITORY.base_url, ITEM) or ""


@pytest.fixture
def database_url(new_database_url: Callable[[str], str]) -> str:
    """What the page of an item says is made above the database, of the same row whichever holds it."""
    return new_database_url("sqlite")


@pytest.fixture
def item(shelf: Shelf) -> str:
    shelf.put(ITEM, ARTICLE)
    return f"item/{ITEM}"


# --- downloads ---


def test_every_download_that_the_page_shows_is_there_with_its_type_and_name(item: str, reader: Reader) -> None:
    page = reader.get(item)
    links = page.links("//section[@aria-labelledby='cite']//a")
    assert list(links)[:3] == ["BibTeX", "RIS", "CSL-JSON"]
    assert list(links)[3:-1] == sorted(rendition.prefix for rendition in render(ARTICLE))
    types = {one.get("title"): one.get("type") for one in page.found("//link[@rel='describedby']")}
    for label, url in list(links.items())[:-1]:
        answer = reader.follow(url).response
        assert answer.status_code == 200
        assert answer.mimetype == types[label]
        name = answer.headers["Content-Disposition"].removeprefix("attachment; filename=").strip('"')
        assert name.startswith("oai-example-org-10034-620.")
        assert parse_header_links(answer.headers["Link"]) == [{"url": PAGE, "rel": "describes", "type": "text/html"}]


def test_stored_metadata_is_sent_as_it_is_stored(item: str, reader: Reader) -> None:
    for rendition in render(ARTICLE):
        if rendition.prefix == "oai_dc":
            assert reader.get(f"{item}?format=oai_dc").response.data.endswith(rendition.metadata)


def test_the_page_shows_each_format_as_it_is_stored_beside_the_fields(item: str, reader: Reader) -> None:
    page = reader.get(item)
    shown = page.found("//details[@class='format']")
    assert [str(one[0].text) for one in shown] == sorted(rendition.prefix for rendition in render(ARTICLE))
    for one in shown:
        stored = reader.get(f"{item}?format={one[0].text}").response.data
        assert etree.tostring(etree.XML("".join(one.xpath(".//pre")[0].itertext())), method="c14n").split() == (
            etree.tostring(etree.XML(pretty(stored)), method="c14n").split()
        )
    (marc,) = (one for one in shown if one[0].text == "marcxml")
    told = [(str(row[0].text), [code.text for code in row[1]]) for row in marc.iterfind(".//dl/div")]
    assert ("container", ["773 $t"]) in told
    assert {name for name, _ in told} <= {name for name, value in ARTICLE.as_dict().items() if value}


@pytest.mark.parametrize("words", [1_000, 3_000, 100_000])
def test_of_a_long_record_the_page_only_links_to_the_formats(words: int, shelf: Shelf, reader: Reader) -> None:
    shelf.put(ITEM, replace(ARTICLE, description=("trust " * words,)))
    page = reader.get(f"item/{ITEM}")
    shown, linked = page.found("//details[@class='format']"), page.links("//section[@aria-labelledby='cite']//a")
    assert bool(shown) == (words == 1_000)
    assert len(page.response.data) < 100_000 or not shown
    assert set(linked) >= {rendition.prefix for rendition in render(ARTICLE)}


def test_a_head_and_a_conditional_request_send_no_body(item: str, reader: Reader) -> None:
    for name in ("bibtex", "ris", "csl", "mods", "linkset"):
        whole = reader.get(f"{item}?format={name}").response
        head = reader.get(f"{item}?format={name}", method="HEAD").response
        assert head.data == b""
        assert head.headers["ETag"] == whole.headers["ETag"]
        assert head.content_length == len(whole.data)
        again = Reader(reader.app, headers={"If-None-Match": whole.headers["ETag"]}).get(f"{item}?format={name}")
        assert (again.status, again.response.data) == (304, b"")
        other = Reader(reader.app, headers={"If-None-Match": '"other"'}).get(f"{item}?format={name}")
        assert other.status == 200


@pytest.mark.parametrize("query", ["format=nothing", "format=", "format=ris&format=csl", "format=%00", "format=%FF"])
def test_an_unknown_format_is_a_page_that_says_so(item: str, reader: Reader, query: str) -> None:
    page = reader.get(f"{item}?{query}")
    assert page.status == 404
    assert page.heading == "There is no such page"


def test_a_deleted_item_is_gone_in_every_format(item: str, shelf: Shelf, reader: Reader) -> None:
    shelf.remove(ITEM)
    for name in ("bibtex", "oai_dc", "linkset", "nothing"):
        page = reader.get(f"{item}?format={name}")
        assert page.status == 410
        assert page.heading == "This record was removed"


# --- who it is by, and who paid for it ---


def test_the_identifier_of_a_name_is_a_link_with_words(item: str, reader: Reader) -> None:
    page = reader.get(item)
    assert page.links("//p[@class='creators']//a") == {"ORCID iD 0000-0002-1825-0097": ORCID}
    assert {
        "Łukasiewicz, Zbigniew: University of the North": "https://ror.org/05gq02987",
        "Research Council, ES/1": "https://doi.org/10.13039/501100000269",
    }.items() <= page.links("//section[@aria-labelledby='details']//a").items()
    assert [one.text_content() for one in page.found("//dd[normalize-space()='Friends']")] == ["Friends"]


def test_a_typed_link_leads_to_each_author_and_a_header_has_room_for_some(item: str, reader: Reader) -> None:
    links = parse_header_links(reader.get(item).response.headers["Link"])
    assert [link["url"] for link in links if link["rel"] == "author"] == [ORCID]
    many = [signposting.TypedLink(relation="author", target=f"https://orcid.org/{number}") for number in range(500)]
    told = parse_header_links(signposting.header([*many, signposting.TypedLink(relation="type", target="x:y")]))
    assert [link["rel"] for link in told] == ["author"] * 20 + ["type", "linkset"]
    listed = json.loads(signposting.linkset(many, ITEM, PAGE))
    assert len(listed["linkset"][0]["author"]) == 500


# --- what stands in the head ---


def test_our_page_is_read_as_the_work_that_it_is_about(item: str, reader: Reader) -> None:
    page = reader.get(item)
    found = {one.name: one.entries for one in embedded.read(page.body, location=page.url)}
    for form in ("meta", "JSON-LD"):
        (entry,) = found[form]
        assert entry.title == ARTICLE.title[0], form
        assert entry.creators == ARTICLE.creators
        assert str(entry.date) == ARTICLE.date[0]
        assert entry.container == ARTICLE.container[0]
        assert entry.publisher == ARTICLE.publisher[0]
        assert f"doi:{doi(ARTICLE)}" in entry.identifiers
    assert found["meta"][0].name_identifiers == ARTICLE.name_identifiers[:1]
    assert found["meta"][0].affiliations == ("Łukasiewicz, Zbigniew | University of the North",)
    (data,) = found["JSON-LD"]
    assert data.name_identifiers == ARTICLE.name_identifiers[:1]
    assert data.affiliations == ("Łukasiewicz, Zbigniew | University of the North | https://ror.org/05gq02987",)
    paid, friends = ARTICLE.funding
    assert set(data.funding) == {paid, paid.rpartition(" | ")[0], friends}
    tags = {tag.get("name"): tag.get("content") for tag in page.found("//meta[starts-with(@name, 'citation_')]")}
    assert (tags["citation_firstpage"], tags["citation_lastpage"]) == ("190", "206")
    assert (tags["citation_volume"], tags["citation_issue"]) == ("18", "2")
    assert tags["citation_abstract_html_url"] == PAGE


def test_libraries_read_tags_and_data_as_the_record(item: str, reader: Reader) -> None:
    text = reader.get(item).response.text
    (data,) = jsonld.load_html(text, PAGE, None, {"extractAllScripts": True})
    assert (data["@type"], data["name"], data["alternateName"]) == (
        "ScholarlyArticle",
        ARTICLE.title[0],
        ["Caring, listening, cheering"],
    )
    assert [f"{one['familyName']}, {one['givenName']}" for one in data["author"]] == list(ARTICLE.creators)
    assert (data["datePublished"], data["inLanguage"], data["keywords"]) == (
        ARTICLE.date[0],
        "en",
        list(ARTICLE.subjects),
    )
    assert data["identifier"]["value"] == doi(ARTICLE)
    assert (data["license"], data["abstract"]) == (ARTICLE.rights[0], "\n\n".join(ARTICLE.description))
    tags: dict[str, list[str]] = {}
    for tag in BeautifulSoup(text, "html.parser").select("head > meta[name^=citation_]"):
        tags.setdefault(str(tag["name"]).removeprefix("citation_"), []).append(str(tag["content"]))
    wanted = ("title", "author", "publication_date", "journal_title", "volume", "issue", "firstpage", "lastpage", "doi")
    assert {name: tags[name] for name in wanted} == {
        "title": [ARTICLE.title[0]],
        "author": list(ARTICLE.creators),
        "publication_date": ["2017/03/21"],
        "journal_title": list(ARTICLE.container),
        "volume": list(ARTICLE.volume),
        "issue": list(ARTICLE.issue),
        "firstpage": ["190"],
        "lastpage": ["206"],
        "doi": [doi(ARTICLE)],
    }


@unhurried
@given(record=works)
def test_tags_and_data_are_read_back_as_the_record(record: Record) -> None:
    meta, data = (_read(record, form) for form in ("meta", "JSON-LD"))
    for entry in (meta, data):
        assert str(entry.date) == record.date[0]
        assert f"doi:{doi(record)}".casefold() in [value.casefold() for value in entry.identifiers]


@unhurried
@given(record=records)
def test_data_are_the_values_of_json(record: Record) -> None:
    thing = schema_org(record, PAGE)
    assert json.loads(json.dumps(thing)) == thing


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!-- <script>", "A & B < C 'd' \"e\"", "Zażółć \u2028 \\", "]]>"]
)
def test_data_never_end_their_element(title: str, shelf: Shelf, reader: Reader) -> None:
    record = replace(ARTICLE, title=(title,))
    shelf.put(ITEM, record)
    (data,) = reader.get(f"item/{ITEM}").found("//head/script")
    assert data.get("type") == "application/ld+json"
    text = str(data.text)
    assert not set(text) & set("<>&")
    assert json.loads(text) == schema_org(record, PAGE)


def test_kinds_of_work_have_their_tags_and_types() -> None:
    for said, tag, kind in (
        ("article", "citation_journal_title", "ScholarlyArticle"),
        ("book chapter", "citation_inbook_title", "Chapter"),
        ("conference paper", "citation_conference_title", "ScholarlyArticle"),
        ("phd thesis", "citation_dissertation_institution", "Thesis"),
        ("report", "citation_technical_report_institution", "Report"),
        ("dataset", "citation_publisher", "Dataset"),
        ("leaflet", "citation_publisher", "CreativeWork"),
    ):
        record = Record(title=("T",), container=("C",), publisher=("P",), type=(said,))
        assert tag in dict(citation_tags(record))
        assert schema_org(record)["@type"] == kind


# --- links ---


def test_the_page_says_its_links_in_its_header_and_in_its_linkset(item: str, reader: Reader) -> None:
    links = parse_header_links(reader.get(item).response.headers["Link"])
    by_relation = {
        relation: [one for one in links if one["rel"] == relation] for relation in (one["rel"] for one in links)
    }
    assert [one["url"] for one in by_relation["cite-as"]] == [ARTICLE.identifiers[0]]
    assert [one["url"] for one in by_relation["type"]] == [
        "https://schema.org/ScholarlyArticle",
        "https://schema.org/AboutPage",
    ]
    assert [one["url"] for one in by_relation["license"]] == [ARTICLE.rights[0]]
    (there,) = by_relation["linkset"]
    answer = reader.follow(urljoin(reader.seen + item, there["url"])).response
    assert answer.mimetype == there["type"] == "application/linkset+json"
    first, *others = json.loads(answer.data)["linkset"]
    assert first["anchor"] == PAGE
    assert set(first) == {"anchor", *by_relation} - {"linkset"}
    for relation in set(by_relation) - {"linkset"}:
        assert [one["href"] for one in first[relation]] == [urljoin(PAGE, one["url"]) for one in by_relation[relation]]
    assert {one["anchor"] for one in others} == {one["href"] for one in first["describedby"]}
    for one, again in zip(by_relation["describedby"], first["describedby"], strict=True):
        assert one["type"] == again["type"]
        assert again.get("profile", []) == ([one["profile"]] if "profile" in one else [])
        assert reader.follow(urljoin(reader.seen + item, one["url"])).status == 200


def test_only_what_has_a_persistent_identifier_says_how_to_cite_it() -> None:
    for identifiers, told in (((), []), (("http://hdl.handle.net/1/2",), ["https://hdl.handle.net/1/2"])):
        links = signposting.typed_links(Record(title=("T",), identifiers=identifiers), [])
        assert [link.target for link in links if link.relation == "cite-as"] == told


@unhurried
@given(record=records | works)
@example(record=Record(identifiers=('https://doi.org/10.1000/a>;rel="x",<b\u2028\\é',)))
@example(record=Record(rights=("https://example.org/licence/a>\u00a0b",)))
def test_no_record_can_put_a_link_or_a_header_of_its_own(record: Record) -> None:
    links = signposting.typed_links(record, downloads(record, ()).values())
    text = signposting.header(links)
    assert text.isascii()
    assert text.isprintable()
    read = parse_header_links(text)
    assert [one["url"] for one in read] == [*(link.address for link in links), "?format=linkset"]
    assert [one["rel"] for one in read] == [*(link.relation for link in links), "linkset"]
    assert text.count("<") == text.count(">") == len(links) + 1


def _read(record: Record, form: str) -> Entry:
    tree = html.document_fromstring("<html><head></head><body><p>after</p></body></html>")
    head = tree.find("head")
    assert head is not None
    for name, content in citation_tags(record, PAGE):
        head.append(html.Element("meta", name=name, content=content))
    data = html.Element("script", type="application/ld+json")
    data.text = json.dumps(schema_org(record, PAGE))
    head.append(data)
    (entry,) = next(one.entries for one in embedded.read(tree, location=PAGE) if one.name == form)
    return entry
