"""What pages say: everything that a record holds, as words and never as markup, found again under its own address."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from repo_harvest.formats import render
from repo_harvest.formats.landing import item_path
from repo_harvest.formats.oai_dc import ELEMENTS, elements
from repo_harvest.model import Header, Item, PartialDate, Record
from repo_harvest.model.languages import language_name
from repo_harvest.store.browse import Detail, Version
from repo_harvest.web import pages
from tests.web.reader import Reader
from tests.web.shelf import ARTICLE, PAGE, REPOSITORY, Shelf, Spot, oai, sqlite_alone

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></h1><iframe src=//evil.example></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "JaVaScRiPt://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://example.org/ javascript:alert(1)",
    'https://example.org/"><script>alert(1)</script>',
    "//evil.example/",
    "https://[",
    "https://evil.example\N{FULLWIDTH SOLIDUS}.example.org",
    "&lt;script&gt;&amp;&#60;",
    "<!-- ", "]]>", "-->",
)  # fmt: skip  # a list of strings
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=30)


# --- one record ---


def test_everything_that_a_record_holds_is_on_its_page(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE, sets=("crime:mentoring", "north"), spot=Spot(byline="Buck (SAGE, 2017)", place="p[4]"))
    page = reader.get(f"item/{oai(1)}")
    assert page.status == 200
    assert page.heading == ARTICLE.title[0]
    words = {"date": pages.date_words, "language": language_name}
    for name, value in elements(ARTICLE):
        assert words.get(name, lambda value: pages.shown(value).text)(value) in page.text, name
    for value in (oai(1), "crime:mentoring", "north", "readings", PAGE, "p[4]", "Buck (SAGE, 2017)"):
        assert value in page.text
    assert "4 September 2026, 10:15 UTC" in page.text
    assert page.texts("//dt[.='Last changed']/../dd") == [pages.moment(shelf.clock.now).words]


def test_every_element_of_dublin_core_has_its_place_on_the_page() -> None:
    told = [*pages.TOLD, *(name for name, _ in pages.FIELDS)]
    assert sorted(told) == sorted(name for name, _ in ELEMENTS)


@sqlite_alone
def test_addresses_are_links_and_everything_else_stays_words(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    links = reader.get(f"item/{oai(1)}").links()
    assert links["DOI 10.1177/1748895817699659"] == "https://doi.org/10.1177/1748895817699659"
    assert links["http://hdl.handle.net/10034/620"] == "http://hdl.handle.net/10034/620"
    assert links[ARTICLE.rights[0]] == ARTICLE.rights[0]
    assert links[PAGE] == PAGE
    assert "urn:isbn:9780000000002" not in links


@sqlite_alone
def test_the_page_links_the_record_as_harvesters_get_it(shelf: Shelf, reader: Reader) -> None:
    identifier = oai("a/b?c&d=é;#+%25")
    shelf.put(identifier, ARTICLE)
    page = reader.get(item_path(identifier))
    prefixes = [rendition.prefix for rendition in render(ARTICLE)]
    links = page.found("//link[@rel='alternate'][contains(@href, 'metadataPrefix')]")
    assert [link.get("title") for link in links] == sorted(prefixes)
    for prefix in prefixes:
        answer = reader.follow(page.links()[f"GetRecord {prefix}"]).response
        assert answer.mimetype == "text/xml"
        assert ARTICLE.title[0] in answer.text


@sqlite_alone
def test_words_are_marked_with_the_language_that_the_record_states(shelf: Shelf, reader: Reader) -> None:
    stated = {"en": "en", "cy": "cy", "pt-BR": "pt-BR", "Welsh and English": None, '"><b>': None, "": None}
    for number, (language, marked) in enumerate(stated.items()):
        shelf.put(oai(number), Record(title=("T",), description=("D",), language=(language,) if language else ()))
        page = reader.get(f"item/{oai(number)}")
        for path in ("//h1", "//p[@class='abstract']"):
            assert [found.get("lang") for found in page.found(path)] == [marked]
    assert [a.get("lang") for a in reader.get().found("//h3/a")] == list(reversed(stated.values()))


def test_a_language_is_told_by_its_name(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), Record(title=("T",), language=("en", "pt-BR", "i-klingon")))
    page = reader.get(f"item/{oai(1)}")
    assert page.texts("//dt[.='Language']/../dd") == ["English", "Portuguese (pt-BR)", "i-klingon"]


def test_of_two_languages_nobody_knows_which_the_words_are_in(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), Record(title=("T",), language=("en", "cy")))
    assert [found.get("lang") for found in reader.get(f"item/{oai(1)}").found("//h1")] == [None]


def test_a_record_says_where_it_was_read_and_where_each_value_stood(shelf: Shelf, reader: Reader) -> None:
    origins = (("title", "main/h4[2]"), ("language", "default of the source"))
    shelf.put(oai(1), ARTICLE, spot=Spot(place="main/p[7]", byline="Buck, G.", origins=origins))
    Shelf(shelf.engine, shelf.clock, "another")
    page = reader.get(f"item/{oai(1)}")
    places = "//section[@aria-labelledby='places']//details"
    assert page.texts(f"{places}//dt") == ["title", "language"]
    assert page.texts(f"{places}//dd") == ["main/h4[2]", "default of the source"]
    assert page.texts("//q") == ["Buck, G."]
    assert "no longer listed" not in page.text


def test_a_page_that_no_longer_lists_a_record_is_named_as_such(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE, spot=Spot(gone=True))
    assert "It is no longer listed there." in reader.get(f"item/{oai(1)}").text


@sqlite_alone
def test_of_a_file_that_was_read_people_learn_the_name_and_not_the_folder(shelf: Shelf, reader: Reader) -> None:
    for number, page_url in enumerate(("file:///srv/secret%20folder/list.html", "/srv/secret folder/list.html")):
        shelf.put(oai(number), ARTICLE, spot=Spot(page_url=page_url))
        page = reader.get(f"item/{oai(number)}")
        assert "list.html" in page.text
        assert b"secret" not in page.response.data


@sqlite_alone
def test_a_password_in_the_address_of_a_page_is_not_shown(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE, spot=Spot(page_url="https://ann:secret@example.org/list"))
    page = reader.get(f"item/{oai(1)}")
    assert page.links()["https://example.org/list"] == "https://example.org/list"
    assert b"secret" not in page.response.data


def test_a_record_without_a_title_is_called_by_its_identifier(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), Record(creators=("Buck, Gillian",)))
    assert reader.get().texts("//h3") == [oai(1)]
    assert reader.get(f"item/{oai(1)}").heading == oai(1)


# --- attacks ---


@sqlite_alone
def test_markup_in_any_field_stays_text(shelf: Shelf, reader: Reader) -> None:
    names = Record.__slots__
    for number, attack in enumerate(ATTACKS):
        hostile = Record(**dict.fromkeys(names, (attack,)))
        spot = Spot(page_url=attack, place=attack, byline=attack, origins=((attack, attack),))
        Shelf(shelf.engine, shelf.clock, attack).put(oai(number), hostile, spot=spot)
        item, told = reader.get(f"item/{oai(number)}"), " ".join(attack.split())
        assert item.heading == told
        assert item.text.count(told) >= 14
        assert reader.get().texts("//h3")[0] == told
        for page in (reader.get(), item):
            assert page.status == 200
            assert page.found("//img | //iframe | //b") == []
            assert {urlsplit(url).scheme for url in page.loads()} <= {"http", "https"}
            assert {urlsplit(url).hostname for url in page.loads()} <= {"localhost", "example.org"}


def test_markup_in_an_address_that_somebody_typed_stays_text(reader: Reader) -> None:
    for attack in ATTACKS:
        page = reader.get("item/" + quote(attack, safe=""))
        assert page.status == 404
        assert page.found("//img | //iframe") == []
        assert " ".join(attack.split()) in page.text


@given(
    value=st.text() | st.sampled_from(ATTACKS) | WORDS.map("https://{}".format) | WORDS.map("https://doi.org/{}".format)
)
def test_only_what_is_an_http_address_as_a_whole_becomes_a_link(value: str) -> None:
    assert (pages.address(value).href is None) == (pages.shown(value).href is None)
    shown = pages.shown(value)
    if shown.href is None:
        assert value in shown.text or shown.text.startswith("DOI 10.")
    else:
        assert shown.href == value
        assert urlsplit(value).scheme in {"http", "https"}
        assert urlsplit(value).netloc
        assert not set(value) & set(string.whitespace + '<>"\\')


# --- identifiers ---


@given(identifier=st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.text("/.%?#;:", min_size=1))
@example("oai:example.org:a//b")
@example("oai:example.org:a/../b/.")
@example("oai:example.org:%2F%252F")
@example("oai:example.org:a/b/")
def test_a_browser_that_follows_the_path_of_an_item_asks_for_that_item(identifier: str) -> None:
    assume(identifier not in {".", ".."})  # which no identifier is, and no path can hold
    for first_page in ("http://localhost/", "https://example.org/a/b/"):
        url = urljoin(first_page, item_path(identifier))
        assert urlsplit(url).query == urlsplit(url).fragment == ""
        assert unquote(urlsplit(url).path.removeprefix(urlsplit(first_page).path)) == f"item/{identifier}"


URI = st.text(string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%" + "éß中", min_size=1, max_size=30)


@given(locals_=st.lists(URI, min_size=1, max_size=25, unique=True))
@example(
    [
        "a/b",
        "a//b",
        "a/../b",
        "./a",
        "a;b",
        "a?b",
        "a#b",
        "a%2Fb",
        "a%252Fb",
        "a b",
        "a+b",
        "a\\b",
        "a/",
        "a&amp;b",
        "é",
    ]
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_identifier_is_found_again_by_the_link_that_we_give(
    shelf: Shelf, reader: Reader, locals_: list[str]
) -> None:
    batch = int(shelf.clock.now)  # examples share the database
    identifiers = [f"oai:example.org:{batch}:{local}" for local in locals_]
    shelf.put_all((identifier, Record(title=(f"Title of {identifier}",))) for identifier in identifiers)
    links = [urljoin(reader.seen, a.get("href", "")) for a in reader.get().found("//h3/a")][: len(identifiers)]
    found = [reader.follow(url) for url in links]
    assert [page.texts("//dt[.='OAI identifier']/../dd") for page in found] == [[name] for name in identifiers]
    for name in identifiers:
        assert reader.get("item/" + quote(name, safe="")).status == 200


# --- what is no more ---


def test_a_deleted_record_says_since_when_and_shows_nothing_of_what_it_was(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    since = pages.moment(shelf.remove(oai(1)))
    shelf.clock.now += 86_400
    page = reader.get(f"item/{oai(1)}")
    assert page.status == 410
    assert page.heading == "This record was removed"
    assert f"{oai(1)} has been out of this collection since {since.words}" in page.text
    assert [found.get("datetime") for found in page.found("//main//time")] == [since.utc]
    assert ARTICLE.title[0] not in page.text
    assert oai(1) not in reader.get().response.text


def test_a_merged_record_says_into_which_and_leads_there(shelf: Shelf, reader: Reader) -> None:
    survivor = oai("10034/7?x")
    shelf.put(survivor, ARTICLE)
    shelf.put(oai(2), Record(title=("The same, otherwise",)))
    since = pages.moment(shelf.remove(oai(2), into=survivor))
    page = reader.get(f"item/{oai(2)}")
    assert page.status == 410
    assert page.heading == "This record was merged"
    assert since.words in page.text
    there = reader.follow(page.links()[survivor])
    assert (there.status, there.heading) == (200, ARTICLE.title[0])
    assert there.texts("//dt[.='Merged into it']/../dd") == [oai(2)]


def test_a_record_that_came_back_and_left_again_is_gone_since_it_left_last(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    shelf.remove(oai(1))
    shelf.change(oai(1), ARTICLE)
    assert reader.get(f"item/{oai(1)}").status == 200
    shelf.clock.now += 86_400
    since = pages.moment(shelf.remove(oai(1)))
    assert since.words in reader.get(f"item/{oai(1)}").text


def test_a_later_datestamp_of_a_deleted_record_does_not_move_the_day_it_left() -> None:
    lives = ((100, 200, False), (200, 300, False), (300, 400, True))
    record = Record(title=("T",))
    versions = tuple(
        Version(datestamp=start, until=end, deleted=deleted, reason="", record=record) for start, end, deleted in lives
    )
    item = Item(id=1, header=Header(identifier=oai(1), datestamp=400, deleted=True), record=record)
    detail = Detail(item=item, origins=(), versions=versions, renditions=(), merged_here=())
    assert pages.removed(detail) == pages.moment(300)
    never_alive = Detail(item=item, origins=(), versions=(), renditions=(), merged_here=())
    assert pages.removed(never_alive) == pages.moment(400)


def test_an_item_that_never_was_is_not_found(reader: Reader) -> None:
    for path in ("oai:example.org:9", "x/y/z", "%00", "%FF", "%1C", "%EF%BF%BE", "%0A", "/", "x/", "."):
        page = reader.get(f"item/{path}")
        assert page.status == 404
        assert page.heading == "There is no such record"


# --- the collection ---


def test_an_empty_collection_says_what_to_do_next(reader: Reader) -> None:
    page = reader.get()
    assert page.status == 200
    assert "There are no records yet." in page.text
    assert "repo-harvest ingest" in page.texts("//main//code")
    assert page.found("//nav") == page.found("//ol") == []


def test_the_first_page_says_whose_collection_it_is_and_how_to_harvest_it(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    page = reader.get()
    assert page.heading == REPOSITORY.name
    assert REPOSITORY.base_url in page.texts("//main//code")
    assert page.texts("//body/header/p") == ["1 record"]
    answers = [reader.follow(page.links()[verb]).response for verb in ("Identify", "ListRecords")]
    assert [answer.mimetype for answer in answers] == ["text/xml"] * 2
    assert ["</Identify>" in answers[0].text, "</ListRecords>" in answers[1].text] == [True, True]


def test_the_list_shows_title_creators_date_in_words_and_publisher(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    (row,) = reader.get().texts("//ol/li")
    expected = (ARTICLE.title[0], "Buck, Gillian; Łukasiewicz, Zbigniew", "21 March 2017", "December 2016", "SAGE")
    assert [part for part in expected if part not in row] == []


@sqlite_alone
def test_of_many_creators_the_list_names_ten_and_the_page_all(shelf: Shelf, reader: Reader) -> None:
    names = tuple(f"Surname{n}, Given" for n in range(1, 1235))
    shelf.put(oai(1), Record(title=("A large team",), creators=names))
    row = reader.get().texts("//ol/li")[0]
    assert row.endswith("Surname10, Given and 1,224 more")
    assert "; ".join(names) in reader.get(f"item/{oai(1)}").text


@pytest.mark.parametrize("count", [50, 120])
def test_the_pages_of_the_list_hold_every_record_once_newest_first(shelf: Shelf, reader: Reader, count: int) -> None:
    batches = [range(start, min(start + 40, count)) for start in range(0, count, 40)]
    for batch in batches:
        shelf.put_all((oai(n), Record(title=(f"Title {n}",))) for n in batch)
    page, walked = reader.get(), 1
    listed = page.texts("//h3")
    assert "← Newer" not in page.links()
    while "Older →" in page.links():
        before, page, walked = page, reader.follow(page.links()["Older →"]), walked + 1
        assert page.links()["← Newer"] == before.url
        assert page.texts("//title") == [f"{REPOSITORY.name} – page {walked} of {-(-count // 50)}"]
        listed += page.texts("//h3")
    assert walked == -(-count // 50)
    assert listed == [f"Title {n}" for batch in reversed(batches) for n in batch]


def test_a_page_number_that_the_list_does_not_have_is_not_found(shelf: Shelf, reader: Reader) -> None:
    shelf.put_all((oai(n), Record(title=(f"Title {n}",))) for n in range(51))
    for query in ("page=1", "page=2", "other=3", ""):
        assert reader.get(f"?{query}").status == 200
    for number in (
        "3",
        "0",
        "-1",
        "02",
        "",
        "two",
        "2&page=1",
        "99999999",
        "9223372036854775808",
        "%D9%A2",
        "2%0A",
        "1e0",
    ):
        page = reader.get(f"?page={number}")
        assert (page.status, page.heading) == (404, "There is no such page"), number


# --- dates ---


@given(date=st.dates(min_value=datetime(1000, 1, 1, tzinfo=UTC).date()), precision=st.integers(1, 3))
def test_a_date_in_words_says_what_the_date_says_and_no_more(date: datetime, precision: int) -> None:
    parts = (date.year, date.month, date.day)[:precision]
    stated = PartialDate(**dict(zip(("year", "month", "day"), parts, strict=False)))
    form = ("%Y", "%B %Y", "%d %B %Y")[precision - 1]
    words = pages.date_words(str(stated))
    read = datetime.strptime(words, form).replace(tzinfo=UTC)
    assert (read.year, read.month, read.day)[:precision] == parts
    assert len(words.split()) == precision


@given(seconds=st.integers(0, 10**10))
def test_a_moment_in_words_is_the_minute_that_machines_are_told(seconds: int) -> None:
    moment = pages.moment(seconds)
    told = datetime.strptime(moment.utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    read = datetime.strptime(moment.words, "%d %B %Y, %H:%M UTC").replace(tzinfo=UTC)
    assert told.timestamp() == seconds
    assert read == told.replace(second=0)
