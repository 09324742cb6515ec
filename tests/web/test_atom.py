"""The feed of changes, read by a library that reads feeds, and its tombstones by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]  # it states no types
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from repo_harvest.formats.landing import landing
from repo_harvest.model import Record, utc_text
from tests.web.reader import Page, Reader
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NAMES = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
HOME = "https://example.org/"


def parsed(page: Page) -> feedparser.FeedParserDict:
    """What the library reads, of a feed that it finds nothing wrong with."""
    assert (page.status, page.response.mimetype) == (200, "application/atom+xml")
    found = feedparser.parse(page.response.data, response_headers={"content-type": "application/atom+xml"})
    assert (found.bozo, found.version) == (False, "atom10")
    assert found.feed.title == REPOSITORY.name
    assert found.feed.id == "tag:example.org,2026:changes"
    assert found.feed.author == REPOSITORY.name
    assert len(found.entries) == len({entry.id for entry in found.entries})
    assert all(entry.id and entry.title and entry.updated_parsed and entry.link for entry in found.entries)
    return found


def deleted(page: Page) -> dict[str, str]:
    """OAI identifier -> when, of the tombstones."""
    found = etree.fromstring(page.response.data).findall("at:deleted-entry", NAMES)
    return {str(one.get("ref")): str(one.get("when")) for one in found}


def pages_of(reader: Reader) -> Iterator[Page]:
    page = reader.get("atom.xml")
    while True:
        yield page
        following = [link.href for link in parsed(page).feed.links if link.rel == "next"]
        if not following:
            return
        page = reader.get(following[0].removeprefix(HOME))


def told(reader: Reader) -> list[tuple[str, str, bool]]:
    """(identifier, datestamp, whether it is deleted) of the whole feed, in its order."""
    found = []
    for page in pages_of(reader):
        for one in etree.fromstring(page.response.data).findall("*", NAMES):
            if one.tag == f"{{{NAMES['a']}}}entry":
                found.append((str(one.findtext("a:id", "", NAMES)), str(one.findtext("a:updated", "", NAMES)), False))
            elif one.tag == f"{{{NAMES['at']}}}deleted-entry":
                found.append((str(one.get("ref")), str(one.get("when")), True))
    return found


def test_an_entry_says_what_it_is_about_and_where_it_is(shelf: Shelf, reader: Reader) -> None:
    stamp = utc_text(shelf.put(oai("10034/620"), ARTICLE))
    (entry,) = parsed(reader.get("atom.xml")).entries
    assert (entry.id, entry.title, entry.updated) == (oai("10034/620"), ARTICLE.title[0], stamp)
    assert entry.link == landing(REPOSITORY.base_url, oai("10034/620"))
    assert [author.name for author in entry.authors] == list(ARTICLE.creators)
    assert [one.name for one in entry.contributors] == list(ARTICLE.contributors)
    assert entry.summary == ARTICLE.description[0]
    assert [tag.term for tag in entry.tags] == list(ARTICLE.subjects)


def test_a_deleted_item_is_a_tombstone_that_says_nothing_of_what_it_was(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    since = utc_text(shelf.remove(oai(1)))
    page = reader.get("atom.xml")
    assert deleted(page) == {oai(1): since}
    assert (parsed(page).entries, parsed(page).feed.updated) == ([], since)
    assert ARTICLE.title[0] not in page.response.text


def test_a_record_without_title_or_creators_is_still_an_entry(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), Record(title=(" ",), creators=(" ",), subjects=(" ",), description=("a < b & c",)))
    (entry,) = parsed(reader.get("atom.xml")).entries
    assert (entry.title, entry.summary, "authors" in entry) == (oai(1), "a < b & c", False)


def test_the_pages_of_the_feed_hold_every_item_once_newest_first(shelf: Shelf, reader: Reader) -> None:
    assert told(reader) == []
    names = [oai(number) for number in range(120)]
    first = utc_text(shelf.put_all((name, ARTICLE) for name in names))
    assert told(reader) == [(name, first, False) for name in reversed(names)]
    gone, changed = utc_text(shelf.remove(names[7])), utc_text(shelf.change(names[3], Record(title=("Another",))))
    left = [name for name in reversed(names) if name not in {names[3], names[7]}]
    assert told(reader) == [
        (names[3], changed, False),
        (names[7], gone, True),
        *((name, first, False) for name in left),
    ]
    assert [len(parsed(page).entries) for page in pages_of(reader)] == [49, 50, 20]


@given(titles=st.lists(st.sampled_from(["A", "B", "<i>&", "\N{GREEK SMALL LETTER ALPHA}"]), max_size=8))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_first_page_tells_whatever_was_published_last(shelf: Shelf, reader: Reader, titles: list[str]) -> None:
    for title in titles:
        name = oai(f"{title}-{shelf.clock.now}")
        stamp = utc_text(shelf.put(name, Record(title=(title,))))
        entry = parsed(reader.get("atom.xml")).entries[0]
        assert (entry.id, entry.updated) == (name, stamp)


def test_a_page_of_no_place_is_not_found(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    for wrong in ("", "1", "1.", ".1", "1.x", "1.2.3", "%D9%A1.1", "1.2&before=1.2", "1.1%0A", f"{'9' * 30}.1"):
        assert reader.get(f"atom.xml?before={wrong}").status == 404, wrong
    assert reader.get("atom.xml?other=1").status == 200


@pytest.mark.parametrize("base_url", ["https://example.org/feed", "https://example.org/research/oai"])
def test_links_hold_wherever_the_service_is(
    shelf: Shelf, app_at: Callable[[str], WSGIApplication], base_url: str
) -> None:
    shelf.put_all((oai(number), ARTICLE) for number in range(51))
    reader = Reader(app_at(base_url))
    root = etree.fromstring(reader.get("atom.xml").response.data)
    at = landing(base_url, "x")
    home = "http://localhost/" if at is None else at.removesuffix("item/x")
    links = {
        str(link.get("rel")): urljoin(f"{home}atom.xml", str(link.get("href")))
        for link in root.findall("a:link", NAMES)
    }
    assert (links["self"], links["alternate"]) == (f"{home}atom.xml", home)
    assert reader.get(links["next"].removeprefix(home)).status == 200
    entry = root.find("a:entry/a:link", NAMES)
    assert entry is not None
    assert reader.get(urljoin(home, str(entry.get("href"))).removeprefix(home)).status == 200


def test_every_page_leads_to_the_feed(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai("a/b"), ARTICLE)
    for path in ("", "item/oai:example.org:a/b", "item/none"):
        (address,) = [
            urljoin(reader.seen + path, link.get("href", ""))
            for link in reader.get(path).found("//link[@type='application/atom+xml']")
        ]
        assert parsed(reader.follow(address)).entries


def test_the_feed_of_a_store_that_is_away_is_503(
    shelf: Shelf, reader: Reader, break_database: Callable[[], None]
) -> None:
    shelf.put(oai(1), ARTICLE)
    break_database()
    assert reader.get("atom.xml").status == 503
