"""What a listing says of its units: their hidden lines, the headings over them, how it was found and how good it is."""

from __future__ import annotations

import pytest

from repo_harvest.parse.document import Document
from repo_harvest.parse.listing import Listing, best, propose
from repo_harvest.parse.markup import read_html
from repo_harvest.parse.plain import read_text

ENTRY = "<li>Okafor, N. and Roe, J. (2021). Forty mornings at the gate. <i>Probation Journal</i>, 68(2), 186-205.</li>"
OTHER = "<li>Roe, J. (2019). What volunteers count. <i>Howard Journal</i>, 58(3), 305-325.</li>"
THIRD = "<li>Lee, A. (2017). Three towns, one hub. Bristol: Policy Press.</li>"


def read(body: str) -> Document:
    return read_html(f"<html><body>{body}</body></html>", location="https://example.org/")


def listing(body: str) -> Listing:
    found = best(propose(read(body)))
    assert found
    return found


def test_a_year_over_a_list_is_a_heading_of_its_units() -> None:
    found = listing(f"<h1>Works</h1><h2>Articles</h2><h3>2021</h3><ul>{ENTRY}</ul><h3>2019</h3><ul>{OTHER}{THIRD}</ul>")
    assert [unit.headings for unit in found.units] == [
        ("Works", "Articles", "2021"),
        ("Works", "Articles", "2019"),
        ("Works", "Articles", "2019"),
    ]


def test_a_bold_line_over_entries_is_a_heading_and_no_unit() -> None:
    found = listing(f"<p><b>Books</b></p>{THIRD}<p><b>Articles</b></p>{ENTRY}{OTHER}".replace("li>", "p>"))
    assert [(unit.headings, unit.text[:6]) for unit in found.units] == [
        (("Books",), "Lee, A"),
        (("Articles",), "Okafor"),
        (("Articles",), "Roe, J"),
    ]


def test_a_section_ends_the_year_of_the_one_before() -> None:
    found = listing(f"<h2>Articles</h2><h3>2021</h3><ul>{ENTRY}{OTHER}</ul><h2>Books</h2><ul>{THIRD}</ul>")
    assert found.units[-1].headings == ("Books",)


def test_what_is_hidden_in_an_entry_or_right_behind_it_belongs_to_it() -> None:
    abstract = "<div style='display:none'>Nobody meets most people who leave prison. We stood at one gate.</div>"
    inside = listing(f"<ul>{ENTRY.replace('</li>', abstract + '</li>')}{OTHER}{THIRD}</ul>")
    behind = listing(f"{ENTRY}{abstract}{OTHER}{THIRD}".replace("li>", "p>"))
    for found in (inside, behind):
        assert [len(unit.hidden) for unit in found.units] == [1, 0, 0]
        assert found.units[0].hidden[0].text.startswith("Nobody meets")
        assert "Nobody" not in found.units[0].text


def test_a_record_for_machines_is_hidden_though_it_is_shown() -> None:
    record = "<pre>@article{okafor2021,\n title = {Forty mornings at the gate},\n year = {2021}\n}</pre>"
    found = listing(f"<ul>{ENTRY.replace('</li>', record + '</li>')}{OTHER}{THIRD}</ul>")
    assert [unit.text[:4] for unit in found.units] == ["Okaf", "Roe,", "Lee,"]
    assert found.units[0].hidden[0].text.startswith("@article")


def test_units_follow_the_page_and_share_no_line() -> None:
    document = read(f"<ul>{ENTRY}{OTHER}</ul><p>Some words</p><ul>{THIRD}</ul>")
    places = {line.place: number for number, line in enumerate(document.lines)}
    for found in propose(document):
        told = [places[line.place] for unit in found.units for line in unit.lines]
        assert told == sorted(set(told)), found.name


def test_the_best_comes_first_and_says_how_it_was_found() -> None:
    found = propose(read(f"<ul>{ENTRY}{OTHER}{THIRD}</ul>"))
    assert [listing.score.total for listing in found] == sorted(
        (listing.score.total for listing in found), reverse=True
    )
    assert best(found) is found[0]
    assert found[0].name == "each li"
    assert (found[0].score.count, found[0].score.years, found[0].score.gaps) == (3, 1.0, 0.0)


def test_plain_text_has_entries_between_blank_lines() -> None:
    text = (
        "PAPERS\n\nOkafor, N. and Roe, J. (2021). Forty mornings\nat the gate. Probation Journal, 68(2), 186-205.\n\n"
        "Roe, J. (2019). What volunteers count.\nHoward Journal, 58(3), 305-325.\n\n"
        "Lee, A. (2017). Three towns, one hub.\nBristol: Policy Press, 210 pp.\n"
    )
    found = best(propose(read_text(text)))
    assert found
    assert [unit.text[:6] for unit in found.units] == ["Okafor", "Roe, J", "Lee, A"]


@pytest.mark.parametrize(
    "body",
    ["", "<p>Hello</p>", "<ul><li><a href='/'>Home</a><li><a href='/a'>About</a><li><a href='/b'>Staff</a></ul>"],
)
def test_a_page_without_publications_has_no_listing(body: str) -> None:
    assert propose(read(body)) == ()
    assert best(()) is None
