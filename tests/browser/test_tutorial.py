"""What the tutorial has people do in a browser is done there, word by word: what is bold is pressed, what is quoted is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.docs.pages import DOCS, Step, doings
from tests.docs.terminal import Terminal, opened
from tests.web.desk import PASSWORD, USERS

TUTORIAL = DOCS / "tutorial.md"
_STEP = re.compile(
    r"<(?P<opened>http[^>]+)>|(?:`(?P<typed>[^`]+)`|your password)\s+into\s+\*(?P<field>[^*]+)\*|"
    r'\*\*(?P<pressed>[^*]+)\*\*|"(?P<seen>[^"]+)"'
)
_NEEDED = ("cp ", "cd ", "echo ", "repo-harvest init", "repo-harvest ingest", "repo-harvest up")  # to get there
_DOWNLOADS = {"BibTeX"}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The tutorial as far as its service runs."""
    with opened(tmp_path) as terminal:
        for doing in doings(TUTORIAL):
            command = doing.command if isinstance(doing, Step) else ""
            if "password" in command:  # it asks a person
                with (tmp_path / "tutorial" / "config" / "repo-harvest.toml").open("a", encoding="utf-8") as config:
                    config.write(f'"anna" = "{USERS["anna"]}"\n')
            elif command.startswith(_NEEDED):
                terminal.do(doing)
            if command == "repo-harvest up":
                break
        yield terminal


def steps() -> list[dict[str, str | None]]:
    """All that is to be done and seen, in the order of the page."""
    (section,) = re.findall(
        r"^## \d+\. Look around in a browser\n(.*?)^## ", TUTORIAL.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [found.groupdict() for found in _STEP.finditer(" ".join(section.split()))]


def test_the_tutorial_is_walked_in_a_browser(browser: Browser, terminal: Terminal) -> None:
    told = steps()
    assert len(told) > 20
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    for step in told:
        do(page, step, terminal.port)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()


def do(page: Page, step: dict[str, str | None], port: str) -> None:
    if step["opened"]:
        page.goto(step["opened"].replace("8080", port))
    elif step["field"]:
        page.get_by_label(step["field"]).fill((step["typed"] or PASSWORD).replace("8080", port))
    elif step["pressed"]:
        press(page, step["pressed"])
    else:
        see(page, step["seen"] or "")


def press(page: Page, words: str) -> None:
    """The one link or button with these words."""
    pressed = page.get_by_role("link", name=words, exact=True).or_(page.get_by_role("button").filter(has_text=words))
    if words in _DOWNLOADS:
        with page.expect_download():
            pressed.click()
    else:
        pressed.click()


def see(page: Page, words: str) -> None:
    """What a scheduler does takes a few seconds, until which a reader loads the page again."""
    seen = page.get_by_text(words).first
    for _ in range(20):
        if seen.is_visible():
            return
        page.wait_for_timeout(500)
        if page.url.endswith("/runs"):
            page.reload()
    expect(seen).to_be_visible()
