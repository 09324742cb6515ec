"""Whole pages of many layouts, gone wrong: each is refused and nothing moves, unless what is read of it is what was."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from repo_harvest import parse
from repo_harvest.model import Entry, Outcome
from repo_harvest.source import labels_of
from repo_harvest.store.engine import open_engine
from tests.pages_kit import WORKS, Site, page_html
from tests.store.kit import dump

PAGES = Path(__file__).parents[1] / "pages"
ENOUGH = 3  # entries of a list that can be told from another one
OTHER = "Handlungsräume und Lebenswege: Beiträge zur Bewährung"

LOGIN = (
    "<html><head><title>Log in</title></head><body><h1>Log in</h1><form><p>Name <input name='n'></p>"
    "<p>Password <input type='password' name='p'></p><button>Log in</button></form></body></html>"
)
ERROR = (
    "<html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1>"
    "<p>Something went wrong on our side. Please come back in a few minutes.</p></body></html>"
)


def read(page: str) -> tuple[Entry, ...]:
    return parse.read(page, location="https://example.org/list", content_type="text/html").entries


def written(page: str, entry: Entry) -> str | None:
    """The title of an entry as it is written on the page, if it is written once."""
    forms = (html.escape(entry.title), html.escape(entry.title, quote=False), entry.title)
    return next((form for form in forms if page.count(form) == 1), None)


OTHERS = {
    "bibbase_group", "digital_commons", "hidden", "highlighted_author", "login", "news", "one_entry", "split_strong", "table",
}  # fmt: skip  # pages of too few entries, or of titles that are not written as they are read
LISTS = ["ours", *sorted({file.stem for file in PAGES.glob("*.html")} - OTHERS)]


@pytest.fixture
def page(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return page_html(WORKS) if name == "ours" else (PAGES / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture
def site(new_database_url: Callable[[str], str], tmp_path: Path) -> Iterator[Site]:
    """What a page is held against comes from the store in a few queries, which other tests make on PostgreSQL too."""
    engine = open_engine(new_database_url("sqlite"))
    yield Site(engine, tmp_path, seen="https://example.org/list")
    engine.dispose()


def begun(site: Site, page: str) -> None:
    site.path.write_text(page, encoding="utf-8")
    report = site.run()
    assert report.run.outcome is Outcome.DONE, report.run.message


def refused(site: Site, page: str) -> str:
    before = dump(site.engine, without=["runs"])
    site.path.write_text(page, encoding="utf-8")
    report = site.run()
    assert report.run.outcome is Outcome.REFUSED
    assert dump(site.engine, without=["runs"]) == before
    return report.run.message


@pytest.mark.parametrize("page", sorted(OTHERS), indirect=True)
def test_a_page_is_left_out_where_not_enough_can_be_told_of_it(page: str) -> None:
    entries = read(page)
    assert not len([entry for entry in entries if written(page, entry)]) * 2 > len(entries) >= ENOUGH


@pytest.mark.parametrize("page", LISTS, indirect=True)
def test_whatever_goes_wrong_with_a_page_is_refused_and_one_edited_title_is_believed(site: Site, page: str) -> None:
    begun(site, page)
    message = refused(site, LOGIN)
    assert "no publications were found" in message
    assert "its title says" in message
    assert "its title says" in refused(site, ERROR)
    assert refused(site, half(page))
    assert refused(site, in_another_language(page))
    bare = re.sub(r"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)""", "", page)
    if labels_of(page) >= ENOUGH:
        assert "none has one now" in refused(site, bare)
    else:
        assert believed(site, bare) == 0
    title = next(title for entry in read(page) if (title := written(page, entry)))
    assert believed(site, page.replace(title, f"{title} revisited")) == 1


def believed(site: Site, page: str) -> int:
    """Have the page read; how many of its entries are new or changed."""
    site.path.write_text(page, encoding="utf-8")
    report = site.run()
    assert report.run.outcome is Outcome.DONE, report.run.message
    assert report.run.new + report.run.changed + report.run.same == report.run.seen
    return report.run.new + report.run.changed


def half(page: str) -> str:
    """The page as far as the middle of its list."""
    entries = read(page)
    middle = next(title for entry in entries[len(entries) // 2 :] if (title := written(page, entry)))
    cut = page[: page.index(middle)].rpartition("<")[0]
    assert [entry.title for entry in read(cut)] != [entry.title for entry in entries]
    return cut


def in_another_language(page: str) -> str:
    """The page with other titles in place of most of its own."""
    entries = read(page)
    titles = [title for entry in entries if (title := written(page, entry))]
    assert len(titles) * 2 > len(entries)
    for number, title in enumerate(titles):
        page = page.replace(title, f"{OTHER} {number}")
    return page
