"""What robots and readers of feeds find, read as they read it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

import pytest
from flask import Flask, Response
from lxml import etree

from repo_harvest.formats.landing import landing
from repo_harvest.model import Record, utc_text
from repo_harvest.web.discovery import Discovery
from repo_harvest.web.safe import safe
from tests.web.reader import Reader
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
HOME = "https://example.org/"


def located(reader: Reader, path: str, kind: str) -> dict[str, str]:
    """Address -> lastmod of a sitemap or an index, which must be all that is in there."""
    page = reader.get(path)
    assert (page.status, page.response.mimetype) == (200, "application/xml"), path
    root = etree.fromstring(page.response.data)
    parent, child = {"index": ("sitemapindex", "sitemap"), "map": ("urlset", "url")}[kind]
    assert [etree.QName(one).localname for one in (root, *root)] == [parent, *[child] * len(root)]
    assert all([etree.QName(said).localname for said in one] == ["loc", "lastmod"] for one in root)
    found = {str(one.findtext("s:loc", None, NAMES)): str(one.findtext("s:lastmod", None, NAMES)) for one in root}
    assert len(found) == len(root) > 0, "each address once, and never an empty list, which the protocol forbids"
    return found


def in_parts(shelf: Shelf, size: int) -> Reader:
    """The same answers, of sitemaps that are full sooner."""
    app = Flask("repo_harvest.web")
    Discovery(shelf.engine, REPOSITORY, sitemap_size=size).add_to(app)
    app.after_request(_safe)
    return Reader(app)


def _safe(response: Response) -> Response:
    response.headers.update(safe(REPOSITORY.base_url))
    return response


def sitemap_of_all(reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    for address, changed in located(reader, "sitemap.xml", "index").items():
        part = located(reader, address.removeprefix(HOME), "map")
        assert not part.keys() & found.keys()
        assert max(part.values()) <= changed, "a part is at least as new as all that is in there"
        found |= part
    return found


def test_the_sitemap_holds_the_first_page_and_each_live_item_once(shelf: Shelf, reader: Reader) -> None:
    assert sitemap_of_all(reader).keys() == {HOME}
    odd = [oai(name) for name in ("a/b", "a//b", "é&?#", "7")]
    since = utc_text(shelf.put_all((name, ARTICLE) for name in odd))
    changed = utc_text(shelf.change(odd[0], Record(title=("Another",))))
    removed = utc_text(shelf.remove(odd[3]))
    addresses = [str(landing(REPOSITORY.base_url, name)) for name in odd]
    expected = {HOME: removed, addresses[0]: changed, addresses[1]: since, addresses[2]: since}
    assert sitemap_of_all(reader) == expected
    for address in expected:
        assert reader.get(address.removeprefix(HOME)).status == 200


@pytest.mark.parametrize("size", [1, 3])
def test_the_parts_of_a_sitemap_are_no_larger_than_asked_and_leave_nothing_out(shelf: Shelf, size: int) -> None:
    names = [oai(number) for number in range(8)]
    shelf.put_all((name, ARTICLE) for name in names)
    for name in (names[0], names[3], names[4], names[5]):
        shelf.remove(name)
    reader = in_parts(shelf, size)
    live = {landing(REPOSITORY.base_url, names[number]) for number in (1, 2, 6, 7)}
    assert sitemap_of_all(reader).keys() == {HOME} | live
    for address in located(reader, "sitemap.xml", "index"):
        assert len(located(reader, address.removeprefix(HOME), "map")) <= size + 1


def test_a_part_that_there_is_not_is_not_found(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    for number in ("0", "2", "01", "-1", "x", "%D9%A1", "999999999", "99999999999999999999"):
        assert reader.get(f"sitemap-{number}.xml").status == 404


def test_where_the_address_of_the_pages_is_not_known_there_is_no_sitemap(
    app_at: Callable[[str], WSGIApplication],
) -> None:
    reader = Reader(app_at("https://example.org/feed"))
    assert reader.get("sitemap.xml").status == reader.get("sitemap-1.xml").status == 404
    assert "Sitemap:" not in reader.get("robots.txt").response.text


@pytest.mark.parametrize("folder", ["/", "/research/"])
def test_robots_may_read_and_harvest_and_are_kept_from_what_has_no_end(
    app_at: Callable[[str], WSGIApplication], folder: str
) -> None:
    reader = Reader(app_at(f"https://example.org{folder}oai"))
    page = reader.get("robots.txt")
    assert page.response.content_type == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(page.response.text.splitlines())
    assert rules.site_maps() == [f"https://example.org{folder}{name}" for name in ("sitemap.xml", "resourcelist.xml")]
    allowed = ("", "item/oai:example.org:1", "item/x?format=ris", "oai?verb=ListRecords&resumptionToken=x", "oai",
               "sitemap.xml", "sitemap-1.xml", "capabilitylist.xml", "changelist.xml", "atom.xml", "static/style.css")  # fmt: skip  # a list of paths
    closed = ("admin", "admin/", "admin/runs", "?page=2", "atom.xml?before=1.2", "explore?verb=Identify", "search?q=x")
    assert [path for path in allowed if not rules.can_fetch("*", f"https://example.org{folder}{path}")] == []
    assert [path for path in closed if rules.can_fetch("*", f"https://example.org{folder}{path}")] == []


@pytest.mark.parametrize(
    "path", ["robots.txt", "atom.xml", "sitemap.xml", "sitemap-1.xml", "resourcelist.xml", "changelist.xml"]
)
def test_an_answer_is_compressed_if_wanted_and_given_once_until_something_changes(
    shelf: Shelf, reader: Reader, path: str
) -> None:
    shelf.put(oai(1), ARTICLE)
    plain, zipped = reader.get(path), Reader(reader.app, headers={"Accept-Encoding": "gzip"}).get(path)
    assert gzip.decompress(zipped.response.data) == plain.response.data
    assert zipped.response.headers["Content-Encoding"] == "gzip"
    assert zipped.response.headers["ETag"] != plain.response.headers["ETag"]
    held: dict[str, str] = {}
    for first, coding in ((plain, "identity"), (zipped, "gzip")):
        assert first.response.headers["Vary"] == "Accept-Encoding"
        held = {"If-None-Match": first.response.headers["ETag"], "Accept-Encoding": coding}
        shelf.clock.now += 3600
        again = Reader(reader.app, headers=held).get(path)
        assert (again.status, again.response.data) == (304, b"")
        assert again.response.headers["ETag"] == first.response.headers["ETag"]
    shelf.put(oai(2), ARTICLE)
    assert Reader(reader.app, headers=held).get(path).status == (304 if path == "robots.txt" else 200)


def test_a_store_that_is_away_is_503_and_no_empty_list(
    shelf: Shelf, reader: Reader, break_database: Callable[[], None]
) -> None:
    shelf.put(oai(1), ARTICLE)
    break_database()
    for path in ("sitemap.xml", "sitemap-1.xml"):
        assert reader.get(path).status == 503
