"""Every page in a real browser, in light and dark, on a telephone and on a desk: nothing that axe finds, nothing cut, nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route

from tests.browser.chromium import sign_in
from tests.browser.house import House
from tests.browser.visits import NOT_FOR_PEOPLE, VISITS

AXE = Path(__file__).parents[2] / ".venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (375, 1280)
SCHEMES = ("light", "dark")
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
DEPEND = ("color-contrast", "link-in-text-block", "target-size")
"""The rules of axe that colours and places can break; whatever else it finds is in every light and width."""
HEAVIEST = 100_000  # bytes, with stylesheet and images


@pytest.fixture(scope="module")
def members(browser: Browser, house: House) -> Iterator[BrowserContext]:
    """A context in which a manager is signed in. Its pages run scripts, which axe is one of; the pages have none of their own."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, house)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(browser: Browser, members: BrowserContext, name: str) -> Iterator[Page]:
    context = members if VISITS[name].is_private else browser.new_context()
    opened = context.new_page()
    yield opened
    opened.close()
    if context is not members:
        context.close()


@pytest.mark.parametrize("name", VISITS)
def test_a_page_is_sound_in_every_light_and_width(house: House, page: Page, name: str) -> None:
    visit = VISITS[name]
    said, answers = watched(page)
    page.route(visit.url(house), without_refresh)  # axe would have to begin again
    page.goto(visit.url(house))
    assert answers[0].status == visit.status
    weigh(answers, house)
    assert [text.lower() for text in said] == ([] if visit.status == 200 else [says(HTTPStatus(visit.status))])
    assert [script.get_attribute("type") for script in page.locator("script").all()] in ([], ["application/ld+json"])
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for number, (scheme, width) in enumerate(product(SCHEMES, WIDTHS)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, f"{width}: it scrolls sideways"
        assert violations(page, every_rule=number == 0) == [], f"{scheme}, {width}"


def without_refresh(route: Route) -> None:
    """The page as it is, to be looked at for longer than a few seconds."""
    answer = route.fetch()
    route.fulfill(
        response=answer, headers={name: value for name, value in answer.headers.items() if name.lower() != "refresh"}
    )


def watched(page: Page) -> tuple[list[str], list[Response]]:
    """What the console of a page says from now on, and the answers that it is made of."""
    said: list[str] = []
    answers: list[Response] = []

    def note(answer: Response) -> None:  # a function of our own: the library marks what it is given
        answers.append(answer)

    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", note)
    return said, answers


def weigh(answers: list[Response], house: House) -> None:
    """All that a page is made of is ours, and light."""
    assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(house.root).netloc}
    assert sum(len(answer.body()) for answer in answers) < HEAVIEST


def says(status: HTTPStatus) -> str:
    """What chromium says of any page with a status that is an error."""
    return f"failed to load resource: the server responded with a status of {status} ({status.phrase.lower()})"


def violations(page: Page, *, every_rule: bool) -> list[str]:
    """What axe finds by all of its rules, or by those alone that depend on light and width, with the elements that it is about."""
    rules = {"type": "tag", "values": TAGS} if every_rule else {"type": "rule", "values": DEPEND}
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
def test_the_feed_is_fit_to_be_read_by_a_person(browser: Browser, house: House, query: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", java_script_enabled=False)
    page = context.new_page()
    said, answers = watched(page)
    page.goto(f"{house.root}oai?{query}")
    weigh(answers, house)
    assert said == []
    assert len(answers) > 1, "it has a stylesheet"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, f"{width}: it scrolls sideways"
    ink, paper = page.evaluate(
        "[getComputedStyle(document.documentElement).color, getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert ink != paper
    context.close()
