"""The page of a search: whatever is typed is answered, what it links to is what it says, and no text is taken for markup."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from repo_harvest.formats.landing import item_path
from repo_harvest.model import Record
from repo_harvest.web.pages import PER_PAGE
from tests.laws import tries
from tests.web.reader import Page, Reader
from tests.web.shelf import ARTICLE, Shelf, oai, sqlite_alone

SORTS = ("Relevance", "Newest", "Title", "Latest change")
RESULTS = "//ol[@class = 'records']/li"
OFTEN = settings(max_examples=tries(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = 2 * PER_PAGE + 7
typed = st.text(max_size=30) | st.text('mentor"-*() :ABcd0é,\0\n', max_size=20)


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    """Many works of three years and two people, and one that says more."""
    shelf.put(oai("article"), ARTICLE, sets=("work:mentoring",))
    works = [
        (
            oai(number),
            Record(
                title=(f"Ferry {number:03d} to Lisbon",),
                creators=("Osei, Ama" if number % 2 else "Lindqvist, Maja",),
                date=(str(2018 + number % 3),),
                type=("report",),
            ),
        )
        for number in range(MANY)
    ]
    shelf.put_all(works, sets=("work:ferries",))
    return shelf


def search(reader: Reader, **asked: str) -> Page:
    page = reader.get(f"search?{urlencode(asked)}")
    assert page.status == 200
    return page


def total(page: Page) -> int:
    """How many records the page says were found."""
    said = page.heading.split()[0].replace(",", "")
    return 0 if said == "Nothing" else int(said)


def shown(page: Page) -> list[str]:
    return [urlsplit(one).path for one in page.links(f"{RESULTS}//a").values()]


def onwards(reader: Reader, page: Page) -> Iterator[Page]:
    """The page and all that follow it."""
    while True:
        yield page
        following = [url for words, url in page.links().items() if words == "Next →"]
        if not following:
            return
        page = reader.follow(following[0])


@pytest.mark.usefixtures("shelf")
class TestAnything:
    """What can be typed into an address."""

    @OFTEN
    @given(text=typed, sort=typed, number=st.integers(-1, 4) | typed, kind=st.sampled_from(["year", "set", "x"]))
    @example(text='"', sort="title", number=1, kind="year")
    @example(text="*", sort="", number="01", kind="set")
    def test_is_answered(self, reader: Reader, text: str, sort: str, number: object, kind: str) -> None:
        asked = urlencode({"q": text, "sort": sort, "page": str(number), kind: text}, errors="surrogatepass")
        page = reader.get(f"search?{asked}")
        assert page.status in {200, 404}
        if page.status == 200:
            assert len(shown(page)) == min(PER_PAGE, total(page))

    @OFTEN
    @given(raw=st.binary(max_size=20))
    def test_is_answered_in_bytes_that_are_no_text(self, reader: Reader, raw: bytes) -> None:
        assert reader.get(f"search?q={quote(raw)}&creator={quote(raw)}").status == 200

    @pytest.mark.parametrize("number", ["0", "-1", "1.5", "one", "4", "99999999", "999999999", "1%00"])
    def test_but_a_page_that_is_not_there_is_not_found(self, reader: Reader, number: str) -> None:
        assert reader.get(f"search?q=ferry&page={number}").status == 404

    def test_that_is_longer_than_anybody_types_is_cut(self, reader: Reader) -> None:
        page = search(reader, q="ferry" + " " * 2000 + "zeppelin")
        assert total(page) == MANY
        assert len(page.response.data) < 100_000


def test_each_result_is_on_one_page_and_leads_to_its_record(shelf: Shelf, reader: Reader) -> None:
    found = [one for page in onwards(reader, search(reader, q="ferry")) for one in shown(page)]
    assert sorted(found) == sorted(f"/{item_path(oai(number))}" for number in range(MANY))
    shelf.remove(oai(3))
    assert total(search(reader, q="ferry")) == MANY - 1
    assert total(search(reader, q="003")) == 0


def test_narrowing_finds_as_many_as_it_says(shelf: Shelf, reader: Reader) -> None:
    page = search(reader, q="")
    assert total(page) == MANY + 1
    counts = [int(text.replace(",", "")) for text in page.texts("//details[@class = 'narrow']//li/span")]
    ways = page.links("//details[@class = 'narrow']//a")
    assert {"2018", "Osei, Ama", "report", "work:ferries"} <= set(ways)
    assert shelf.source not in ways, "all have it"
    for (words, url), count in zip(ways.items(), counts, strict=True):
        narrowed = reader.follow(url)
        assert total(narrowed) == count, words
        back = narrowed.links("//ul[@class = 'chosen']//a")
        assert [total(reader.follow(one)) for one in back.values()] == [MANY + 1]


def test_sorting_keeps_what_was_found_and_says_how_it_is_sorted(shelf: Shelf, reader: Reader) -> None:
    del shelf
    page = search(reader, q="lisbon", year="2019")
    found = {one for each in onwards(reader, page) for one in shown(each)}
    for label in SORTS[1:]:
        sorted_page = reader.follow(page.links("//p[@class = 'sorts']//a")[label])
        assert sorted_page.texts("//p[@class = 'sorts']/strong") == [label]
        assert {one for each in onwards(reader, sorted_page) for one in shown(each)} == found
    by_title = reader.follow(page.links("//p[@class = 'sorts']//a")["Title"])
    titles = by_title.texts(f"{RESULTS}/h3")
    assert titles == sorted(titles)


def test_what_was_typed_is_marked_and_stays_in_the_box(shelf: Shelf, reader: Reader) -> None:
    del shelf
    page = search(reader, q='ment* "peer mentoring" -ferry')
    assert page.texts("//mark") == ["peer", "mentoring"]
    assert [box.get("value") for box in page.found("//input[@name = 'q']")] == ['ment* "peer mentoring" -ferry']


def test_the_same_search_has_one_address_in_whatever_order_it_came(shelf: Shelf, reader: Reader) -> None:
    del shelf
    one = reader.get("search?q=ferry&year=2019&creator=Osei%2C%20Ama")
    other = reader.get("search?creator=Osei%2C%20Ama&year=2019&q=ferry&utm_source=x&q=second")
    assert one.links("//p[@class = 'sorts']//a") == other.links("//p[@class = 'sorts']//a")
    assert shown(one) == shown(other)


def test_an_empty_result_says_what_to_do_next(shelf: Shelf, reader: Reader) -> None:
    del shelf
    page = search(reader, q="zeppelin", year="2018")
    assert page.heading == "Nothing was found for zeppelin"
    anywhere = page.links()["search all records"]
    assert dict(parse_qsl(urlsplit(anywhere).query)) == {"q": "zeppelin"}
    assert total(reader.follow(anywhere)) == 0


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{ 7 * 7 }}", "&lt;b&gt;", "%0d%0aX: y"]
)
def test_text_is_text(shelf: Shelf, reader: Reader, text: str) -> None:
    shelf.put(oai("hostile"), Record(title=(f"Zeppelin {text}",), creators=(text,), type=(text,)))
    page = search(reader, q="zeppelin")
    assert page.texts(f"{RESULTS}/h3") == [f"Zeppelin {text}"]
    echoed = search(reader, q=text, creator=text)
    assert [box.get("value") for box in echoed.found("//input[@name = 'q']")] == [text]


@sqlite_alone
def test_what_is_loaded_is_ours_and_the_box_is_on_every_page(shelf: Shelf, reader: Reader) -> None:
    del shelf
    for path in ("", "search?q=ferry", f"item/{oai('article')}"):
        page = reader.get(path)
        (box,) = page.found("//form[@role = 'search']")
        assert (box.get("action", "").endswith("search"), box.get("method", "get").lower()) == (True, "get")
        assert all(reader.ours(url) for url in page.links("//link | //img").values())
