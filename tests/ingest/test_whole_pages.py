"""Whole pages of many layouts, gone wrong: each is refused and nothing moves, unless what is read of it is what was."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest import parse
from repo_harvest.model import Entry, Outcome
from repo_harvest.source import labels_of
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


def lists() -> Iterator[tuple[str, str]]:
    yield "ours", page_html(WORKS)
    for file in sorted(PAGES.glob("*.html")):
        page = file.read_text(encoding="utf-8")
        entries = read(page)
        if len([entry for entry in entries if written(page, entry)]) * 2 > len(entries) >= ENOUGH:
            yield file.stem, page


LISTS = [pytest.param(page, id=name) for name, page in lists()]


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path, seen="https://example.org/list")


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


def test_there_are_pages_of_many_layouts() -> None:
    assert len(LISTS) > ENOUGH


@pytest.mark.parametrize("page", LISTS)
def test_without_classes_and_ids_it_is_refused_if_it_had_some(site: Site, page: str) -> None:
    begun(site, page)
    bare = re.sub(r"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)""", "", page)
    if labels_of(page) >= ENOUGH:
        assert "none has one now" in refused(site, bare)
    else:
        site.path.write_text(bare, encoding="utf-8")
        report = site.run()
        assert (report.run.outcome, report.run.same) == (Outcome.DONE, report.run.seen), report.run.message


@pytest.mark.parametrize("page", LISTS)
def test_half_a_page_is_refused(site: Site, page: str) -> None:
    begun(site, page)
    entries = read(page)
    middle = next(title for entry in entries[len(entries) // 2 :] if (title := written(page, entry)))
    half = page[: page.index(middle)].rpartition("<")[0]
    assert [entry.title for entry in read(half)] != [entry.title for entry in entries]
    assert refused(site, half)


@pytest.mark.parametrize("other", [LOGIN, ERROR], ids=["login", "error"])
@pytest.mark.parametrize("page", LISTS)
def test_what_stands_in_its_place_is_refused(site: Site, page: str, other: str) -> None:
    begun(site, page)
    message = refused(site, other)
    assert "no publications were found" in message
    assert "its title says" in message


@pytest.mark.parametrize("page", LISTS)
def test_the_page_in_another_language_is_refused(site: Site, page: str) -> None:
    begun(site, page)
    other, entries = page, read(page)
    titles = [title for entry in entries if (title := written(page, entry))]
    assert len(titles) * 2 > len(entries)
    for number, title in enumerate(titles):
        other = other.replace(title, f"{OTHER} {number}")
    assert refused(site, other)


@pytest.mark.parametrize("page", LISTS)
def test_one_title_edited_is_believed(site: Site, page: str) -> None:
    begun(site, page)
    entries = read(page)
    title = next(title for entry in entries if (title := written(page, entry)))
    site.path.write_text(page.replace(title, f"{title} revisited"), encoding="utf-8")
    report = site.run()
    assert (report.run.outcome, report.run.new + report.run.changed) == (Outcome.DONE, 1), report.run.message
