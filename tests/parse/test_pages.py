"""Pages in files, each beside what it lists: to add a case, add NAME.html or NAME.txt and NAME.json to tests/pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repo_harvest.model import Severity
from repo_harvest.parse import Reading, as_json, read

PAGES = sorted(file for file in (Path(__file__).parents[1] / "pages").iterdir() if file.suffix in {".html", ".txt"})
LISTS = [page for page in PAGES if json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))]


def reading(page: Path) -> Reading:
    content_type = "text/plain" if page.suffix == ".txt" else "text/html"
    return read(page.read_text(encoding="utf-8"), location="https://example.org/list/", content_type=content_type)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_lists_what_its_file_says(page: Path) -> None:
    found = reading(page)
    stated = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    for entry, wanted in zip(found.entries, stated, strict=True):
        assert {name: value for name, value in as_json(entry).items() if name in wanted} == wanted
    assert not [problem for problem in found.problems if problem.severity is Severity.ERROR]


@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.name)
def test_every_value_says_where_it_came_from_and_every_entry_has_its_own_place(page: Path) -> None:
    entries = reading(page).entries
    for entry in entries:
        origins = dict(entry.origins)
        fields = ("creators", "date", "container", "publisher", "identifiers", "abstract")
        assert {name for name in origins if name in {"title", *fields}} == {
            "title",
            *(name for name in fields if getattr(entry, name)),
        }
        assert all(origins.values())
    assert len({entry.place for entry in entries}) == len(entries)


def test_no_page_in_the_folder_is_without_its_answer() -> None:
    answers = {file.stem for file in PAGES[0].parent.glob("*.json")}
    assert answers == {page.stem for page in PAGES}
    assert len(answers) == len(PAGES)


def problems(name: str) -> list[str]:
    return [str(problem) for problem in reading(PAGES[0].parent / name).problems]


def test_what_cannot_be_read_is_said_with_the_entry_and_the_field() -> None:
    assert problems("odd_bylines.html") == [
        "entries[0].date: '2021-13-45' is no date that exists",
        "entries[1].byline: 'By the volunteers themselves, no. 7' cannot be read as a byline: names and date are left empty",
        "entries[2].byline: no byline stands after the title: names and date are left empty",
        "entries[3].date: it says 'in press': no date",
        "entries[3].creators: the byline says that there are others",
        "entries[4].date: it says 'n.d.': no date",
        "entries[4].creators: the byline calls them editors",
        "entries[6].creators: 'Gillian, Buck, Roe' does not say where one name ends: none was read",
        "entries[7].date: '04/03/2012' may have the day or the month first: only the year is kept",
    ]


def test_a_byline_that_cannot_be_read_is_kept_word_for_word() -> None:
    entries = reading(PAGES[0].parent / "odd_bylines.html").entries
    assert entries[0].byline == "Okafor, Ngozi (Brill, 2021-13-45)"
    assert entries[1].byline == "By the volunteers themselves, no. 7"
    assert entries[2].byline == ""


def test_a_link_under_several_titles_identifies_none_and_is_kept_as_a_link() -> None:
    entries = reading(PAGES[0].parent / "shared_links.html").entries
    assert [len(entry.links) for entry in entries] == [1, 1, 1]
    assert [line.split(":")[0] for line in problems("shared_links.html")] == [
        "entries[0].identifiers",
        "entries[1].identifiers",
    ]


def test_what_was_left_out_between_entries_and_after_the_last_is_said() -> None:
    found = problems("bare.html")
    assert [line.split(":")[0] for line in found] == ["entries[0] (body/div[1]/p[6])", "entries[2].abstract"]
    assert "'Talking shops'" in found[0]


def test_a_title_that_is_two_elements_under_one_address_is_one_link() -> None:
    entry = reading(PAGES[0].parent / "split_strong.html").entries[0]
    assert [(link.url, link.text) for link in entry.links] == [
        ("https://repository.example/handle/1001/11", "Forty mornings at the gate"),
    ]
