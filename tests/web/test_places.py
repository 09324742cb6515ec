"""The one public address is the configured one: feed and pages answer there, whatever a proxy hands on of its path."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

import pytest
from lxml import etree
from werkzeug.test import Client

from repo_harvest.model import Record
from tests.oai.wire import judged
from tests.web.reader import Reader, crawl
from tests.web.shelf import REPOSITORY, Shelf, oai

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.put_all((oai(n), Record(title=(f"Title {n}",))) for n in (1, "10034/7"))
    shelf.clock.now += 1
    return shelf


@pytest.mark.parametrize(
    ("base_url", "paths", "others"),
    [
        ("https://example.org/oai", ["/oai", "/oai/"], ["/", "/x/oai", "/oai/x"]),
        ("https://example.org/oai/", ["/oai", "/oai/"], ["/"]),
        ("https://example.org/a/b/oai", ["/oai", "/oai/", "/a/b/oai", "/a/b/oai/"], ["/", "/a/b", "/a/b/", "/b/oai"]),
        ("https://example.org/feed", ["/oai", "/feed", "/feed/"], ["/", "/feed/x"]),
        ("https://example.org/%7Eme/f%20d", ["/oai", "/~me/f d", "/%7Eme/f%20d/"], ["/~me", "/f d"]),
        ("https://example.org", ["/oai", "/oai/", "/"], ["/x"]),
        ("https://example.org/", ["/oai", "/"], ["/x"]),
    ],
)
def test_the_feed_answers_on_its_public_path_and_says_only_that(
    app_at: Callable[[str], WSGIApplication], base_url: str, paths: list[str], others: list[str]
) -> None:
    client = Client(app_at(base_url))
    for path in paths:
        for response in (client.get(f"{path}?verb=Identify"), client.post(path, data={"verb": "Identify"})):
            assert response.status_code == 200, path
            assert judged(response.data).text("baseURL") == base_url
    for path in others:
        assert not client.get(path).data.startswith(b"<?xml"), path


def test_a_base_url_without_a_path_leaves_the_first_page_to_people(
    filled: Shelf, app_at: Callable[[str], WSGIApplication]
) -> None:
    reader = Reader(app_at("https://example.org"))
    assert filled.source
    assert reader.get().heading == REPOSITORY.name
    assert reader.get("?page=1").heading == REPOSITORY.name


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("folder", ["research/", "research/my%20feed/"])
def test_pages_answer_under_a_path_that_a_proxy_did_not_take_away(
    app_at: Callable[[str], WSGIApplication], folder: str
) -> None:
    app = app_at(f"https://example.org/{folder}oai")
    through = Reader(app, seen=f"https://example.org/{folder}", sent=f"/{folder}")
    pages = list(crawl(through))
    assert {page.url: page.status for page in pages if page.status != 200} == {}
    assert {page.heading for page in pages if page.tree is not None and "/item/" in page.url} == {
        "Title 1",
        "Title 10034/7",
    }
    assert through.get("no/such/page").status == 404
    bare = Client(app).get(f"/{folder}".rstrip("/"))
    name = folder.rstrip("/").rpartition("/")[2]
    assert f'href="{name}/static/style.css"' in bare.text


@pytest.mark.parametrize(
    ("base_url", "href"),
    [
        ("https://example.org/oai", "/static/oai.css"),
        ("https://example.org/a/b/oai/", "/a/b/static/oai.css"),
        ("https://example.org/o'k&/oai", "/o'k&/static/oai.css"),
        ("https://example.org/feed", None),
        ("https://example.org/myoai", None),
        ("https://example.org", None),
    ],
)
def test_every_answer_names_its_stylesheet_where_it_is_beside_the_feed(
    app_at: Callable[[str], WSGIApplication], base_url: str, href: str | None
) -> None:
    client = Client(app_at(base_url))
    for query in ("verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc", "verb=junk"):
        body = client.get(f"/oai?{query}").data
        judged(body)
        found = etree.fromstring(body).getprevious()
        if href is None:
            assert found is None
        else:
            assert isinstance(found, etree._ProcessingInstruction)
            said = [unescape(found.get(name) or "") for name in ("type", "href")]
            assert (found.target, said) == ("xml-stylesheet", ["text/css", href])
            with client.get(href) as style:
                assert (style.status_code, style.mimetype) == (200, "text/css")
