"""A reader of pages: every answer is judged before a test looks at it, as HTML, as something to read, and as HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree, html
from werkzeug.test import Client, TestResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Page", "Reader", "crawl", "judge_page"]

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)  # in HTML, section 13.2.3.5
_NO_SUCH_TAG = 801  # libxml2 knows the elements of HTML 4, and says so of each newer one
_HTML_5 = frozenset(
    {
        "article",
        "circle",
        "details",
        "figcaption",
        "figure",
        "footer",
        "header",
        "main",
        "mark",
        "nav",
        "polyline",
        "section",
        "summary",
        "svg",
        "time",
    }
)


@dataclass(frozen=True)
class Page:
    """An answer that was judged."""

    url: str
    response: TestResponse
    tree: html.HtmlElement | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def body(self) -> html.HtmlElement:
        assert self.tree is not None, f"{self.url}: it is {self.response.content_type}"
        return self.tree

    @property
    def text(self) -> str:
        """The words of the page."""
        return _words(self.body.text_content())

    @property
    def heading(self) -> str:
        return self.texts("//h1")[0]

    def texts(self, path: str) -> list[str]:
        return [_words(found.text_content()) for found in self.found(path)]

    def found(self, path: str) -> list[html.HtmlElement]:
        return [found for found in _select(self.body, path) if isinstance(found, html.HtmlElement)]

    def links(self, path: str = "//a") -> dict[str, str]:
        """Words -> where they lead, as a browser works it out."""
        return {_words(link.text_content()): urljoin(self.url, link.get("href", "")) for link in self.found(path)}

    def loads(self) -> list[str]:
        """Every other address that the page names."""
        values = [str(value) for value in _select(self.body, "//@href | //@src | //@action")]
        return [urljoin(self.url, value) for value in values if not value.startswith("#")]


@dataclass(frozen=True)
class Reader:
    """A browser without one. What it sees under `seen`, a proxy asks the application for under `sent`."""

    app: WSGIApplication
    seen: str = "http://localhost/"
    sent: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str = "", *, method: str = "GET") -> Page:
        """The page at a path, percent-encoded and relative to the first page."""
        return self.follow(self.seen + path, method=method)

    def follow(self, url: str, *, method: str = "GET") -> Page:
        """The page at a whole URL, which must be one of ours."""
        assert url.startswith(self.seen), url
        target = self.sent + url.removeprefix(self.seen).partition("#")[0]
        response = Client(self.app).open(target, method=method, headers=dict(self.headers), buffered=True)
        page = Page(url=url, response=response, tree=None)
        _judge_http(page)
        if response.mimetype != "text/html" or method == "HEAD":
            return page
        return Page(url=url, response=response, tree=judge_page(response.get_data(as_text=True)))

    def ours(self, url: str) -> bool:
        return url.startswith(self.seen)


def _judge_http(page: Page) -> None:
    headers = page.response.headers
    if urlsplit(page.url).path.rstrip("/").endswith("/oai"):
        return  # the feed's answers have their own judge
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert page.status < 300 or page.status == 304 or page.status >= 400, "pages never redirect"
    if page.status == 503:
        assert re.fullmatch("[1-9][0-9]{0,3}", headers["Retry-After"]), "seconds, and never a date"
    if page.status >= 500:
        assert headers["Cache-Control"] == "no-store"


def judge_page(text: str) -> html.HtmlElement:
    """The page as a tree, if it is sound: balanced tags, no script but data, one main heading, no heading level passed over."""
    assert _ILLEGAL.search(text) is None
    _Balance.judge(text)
    parser = html.HTMLParser()
    tree = html.document_fromstring(text, parser)
    wrong = [
        entry.message
        for entry in parser.error_log
        if entry.level >= etree.ErrorLevels.ERROR
        and not (entry.type == _NO_SUCH_TAG and entry.message.split()[1] in _HTML_5)
    ]
    assert wrong == []
    assert text.startswith("<!DOCTYPE html>\n")
    assert tree.get("lang") == "en-GB"
    assert (
        _select(
            tree,
            "//script[not(@type = 'application/ld+json')] | //iframe | //style | //@style | //@*[starts-with(name(), 'on')]",
        )
        == []
    )
    assert [len(_select(tree, f"//{one}")) for one in ("h1", "main", "title", "body/header", "body/footer")] == [1] * 5
    levels = [int(str(found.tag)[1]) for found in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels)), levels
    ids = [str(value) for value in _select(tree, "//@id")]
    assert len(ids) == len(set(ids))
    named = {name for value in _select(tree, "//@aria-labelledby") for name in str(value).split()}
    named |= {str(value)[1:] for value in _select(tree, "//@href[starts-with(., '#')]")}
    assert named <= set(ids)
    spoken = _select(tree, "//a | //h1 | //h2 | //h3 | //title | //summary")
    assert all(_words(found.text_content()) for found in spoken if isinstance(found, html.HtmlElement))
    assert _select(tree, "//body/*[1]/@href") == ["#content"], "the first thing to reach skips the rest"
    return tree


def _select(tree: html.HtmlElement, path: str) -> list[object]:
    """What an XPath of nodes or attributes finds."""
    found = tree.xpath(path)
    assert isinstance(found, list)
    return list(found)


def _words(text: str) -> str:
    return re.sub(r"[ \t\r\n\xa0]+", " ", text).strip()


class _Balance(HTMLParser):
    """Every element is closed, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    @classmethod
    def judge(cls, text: str) -> None:
        parser = cls()
        parser.feed(text)
        parser.close()
        assert parser.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> states an attribute twice"
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def crawl(reader: Reader, *, most_choices: int | None = None) -> Iterator[Page]:
    """Every page that links lead to from the first one, each once; what robots are not to follow leads no further.

    Results of a search are narrowed and sorted in any combination: by `most_choices` of them at most, where that is said.
    """
    waiting, seen = [reader.seen], {reader.seen}
    while waiting:
        page = reader.follow(waiting.pop())
        yield page
        if page.tree is None or page.found("//meta[@name = 'robots'][contains(@content, 'nofollow')]"):
            continue
        for url in (found.partition("#")[0] for found in page.loads()):
            if reader.ours(url) and url not in seen and (most_choices is None or _choices(url) <= most_choices):
                seen.add(url)
                waiting.append(url)


def _choices(url: str) -> int:
    """By how many choices a page of results is narrowed or sorted."""
    parts = urlsplit(url)
    return sum(name != "q" for name, _ in parse_qsl(parts.query)) if parts.path.endswith("/search") else 0
