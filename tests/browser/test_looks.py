"""Every page in a real browser, in light and dark, on a telephone and on a desk: nothing that axe finds, nothing cut, nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, Route

from tests.browser.chromium import sign_in
from tests.browser.house import House
from tests.browser.visits import NOT_FOR_PEOPLE, VISITS

AXE = Path(__file__).parents[2] / ".venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
TYPES_OF_SCRIPTS = "Array.from(document.scripts, script => script.type)"
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that light can break."""
DEPEND = (*COLOURS, "target-size")
"""Those that width can break. Whatever else axe finds is in every light and width."""
HEAVIEST = 100_000  # bytes, with stylesheet and images


@dataclass(frozen=True)
class Tab:
    """A page that is kept from one address to the next: what its console says, and the answers that it is made of, are of the last."""

    page: Page
    said: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        def note(answer: Response) -> None:  # a function of our own: the library marks what it is given
            self.answers.append(answer)

        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("response", note)

    def visit(self, url: str) -> None:
        self.page.goto("about:blank")  # nothing of the page before is heard any more
        self.said.clear()
        self.answers.clear()
        self.page.goto(url)


@contextmanager
def tab(browser: Browser, *, scripts: bool) -> Iterator[Tab]:
    context = browser.new_context(java_script_enabled=scripts)
    yield Tab(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def anybody(browser: Browser) -> Iterator[Tab]:
    """Its pages run scripts, which axe is one of; the pages have none of their own."""
    with tab(browser, scripts=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def manager(browser: Browser, house: House) -> Iterator[Tab]:
    """The same, of a manager who is signed in."""
    with tab(browser, scripts=True) as opened:
        sign_in(opened.page, house)
        yield opened


@pytest.fixture(scope="module")
def harvester(browser: Browser) -> Iterator[Tab]:
    with tab(browser, scripts=False) as opened:
        yield opened


@pytest.mark.parametrize("name", VISITS)
def test_a_page_is_sound_in_every_light_and_width(house: House, anybody: Tab, manager: Tab, name: str) -> None:
    visit = VISITS[name]
    tab = manager if visit.is_private else anybody
    page, url = tab.page, visit.url(house)
    if visit.renews:
        page.route(url, without_refresh)
    tab.visit(url)
    page.unroute_all()
    assert tab.answers[0].status == visit.status
    assert "refresh" not in tab.answers[0].headers, "axe would have to begin again"
    weigh(tab.answers, house)
    assert [text.lower() for text in tab.said] == ([] if visit.status == 200 else [says(HTTPStatus(visit.status))])
    assert page.evaluate(TYPES_OF_SCRIPTS) in ([], ["application/ld+json"])
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for number, (scheme, width) in enumerate(product(SCHEMES, WIDTHS)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, f"{width}: it scrolls sideways"
        rules = (
            {"type": "tag", "values": TAGS}
            if number == 0
            else {"type": "rule", "values": DEPEND if scheme == "light" else COLOURS}
        )
        assert violations(page, rules) == [], f"{scheme}, {width}"


def without_refresh(route: Route) -> None:
    """The page as it is, to be looked at for longer than a few seconds."""
    answer = route.fetch()
    route.fulfill(
        response=answer, headers={name: value for name, value in answer.headers.items() if name.lower() != "refresh"}
    )


def weigh(answers: list[Response], house: House) -> None:
    """All that a page is made of is ours, and light."""
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(house.root).netloc}
    assert sum(len(answer.body()) for answer in answers) < HEAVIEST


def says(status: HTTPStatus) -> str:
    """What chromium says of any page with a status that is an error."""
    return f"failed to load resource: the server responded with a status of {status} ({status.phrase.lower()})"


def violations(page: Page, rules: Mapping[str, object]) -> list[str]:
    """What axe finds by some of its rules, with the elements that it is about."""
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found: Mapping[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}" for one in found["violations"]
    ]


def test_every_page_is_visited(house: House) -> None:
    seen = {visit.endpoint for visit in VISITS.values()}
    made = {rule.endpoint for rule in house.pages.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert made == seen | NOT_FOR_PEOPLE


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("query", ["verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc", "verb=ListSets", ""])
def test_the_feed_is_fit_to_be_read_by_a_person(house: House, harvester: Tab, query: str, scheme: str) -> None:
    page = harvester.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    harvester.visit(f"{house.root}oai?{query}")
    weigh(harvester.answers, house)
    assert harvester.said == []
    assert len(harvester.answers) > 1, "it has a stylesheet"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, f"{width}: it scrolls sideways"
    ink, paper = page.evaluate(
        "[getComputedStyle(document.documentElement).color, getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert ink != paper
