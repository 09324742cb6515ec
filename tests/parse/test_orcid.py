"""Links to ORCID iDs in lists for people: each becomes that of the name it is around or right after, or nobody's."""

from __future__ import annotations

import pytest

from repo_harvest.catalogue import Defaults, crosswalk
from repo_harvest.model import Entry
from repo_harvest.parse import read
from repo_harvest.parse.orcid import NameLink, name_identifiers

GILLIAN = "https://orcid.org/0000-0002-1825-0097"
JANE = "http://www.orcid.org/0000-0002-1694-233X"
ABSTRACT = (
    "What makes mentoring work when mentor and mentee share a past? Interviews in four projects point to patience."
)
ICON = '<img src="id.svg" alt="ORCID">'


def entries(*items: str) -> tuple[Entry, ...]:
    page = f"<html><body><main><h1>Publications</h1>{''.join(items)}</main></body></html>"
    return read(page, location="https://example.org/list", content_type="text/html").entries


def first_byline(names: str) -> Entry:
    return entries(
        f"<h4>The core conditions of mentoring</h4><p>{names} (SAGE, 2017-03-21)</p><p>{ABSTRACT}</p>",
        f"<h4>Crossing boundaries with care</h4><p>Gosling, Helena (2015)</p><p>{ABSTRACT} Again.</p>",
    )[0]


def first_citation(names: str) -> Entry:
    return entries(
        f"<ul><li>{names} (2017). The core conditions of mentoring. <i>Crime</i>, 12(3), 4-20.</li>",
        "<li>Gosling, H. (2015). Crossing boundaries with care. <i>Probation Journal</i>, 1(2), 3-4.</li>",
        "<li>Atherton, P. (2016). Employing with conviction. <i>Crime</i>, 3(2), 7-14.</li></ul>",
    )[0]


@pytest.mark.parametrize(
    "names",
    [
        f'<a href="{GILLIAN}">Buck, Gillian</a>, Doe, Jane <a href="{JANE}">{ICON}</a>',
        f'Buck, Gillian <a href="{GILLIAN}">ORCID iD</a>, Doe, Jane <a href="{JANE}">0000-0002-1694-233X</a>',
        f'Buck, Gillian <a href="{GILLIAN}">{GILLIAN}</a>; Doe, Jane <sup><a href="{JANE}"><i class="fa-orcid"></i></a></sup>',
        f'<a href="{GILLIAN}"><b>Buck</b>, Gillian</a>; <a href="{JANE}">Doe, <span>Jane</span> {ICON}</a>',
        f'Buck, Gillian <a href="{GILLIAN}"></a><a href="/g">{ICON}</a>, Doe, Jane (<a href="{JANE}">ORCID</a>)',
    ],
    ids=["around and icon", "words and number", "address and sign", "nested", "empty and parentheses"],
)
def test_a_link_at_a_name_of_a_byline_is_its_identifier(names: str) -> None:
    entry = first_byline(names)
    assert entry.creators == ("Buck, Gillian", "Doe, Jane")
    assert entry.name_identifiers == (f"Buck, Gillian | {GILLIAN}", f"Doe, Jane | {JANE}")
    assert ("name_identifiers", "links beside names") in entry.origins
    record, problems = crosswalk(entry, defaults=Defaults())
    assert not problems
    assert record.name_identifiers[1] == "Doe, Jane | https://orcid.org/0000-0002-1694-233X"


@pytest.mark.parametrize(
    "names",
    [
        f'<a href="{GILLIAN}">Buck, G.</a>, &amp; Doe, J. <a href="{JANE}">{ICON}</a>',
        f'Buck, G. <a href="{GILLIAN}">iD</a>, &amp; <a href="{JANE}">Doe, J.</a>',
    ],
)
def test_a_link_at_a_name_of_a_citation_is_its_identifier(names: str) -> None:
    entry = first_citation(names)
    assert entry.creators == ("Buck, G.", "Doe, J.")
    assert entry.name_identifiers == (f"Buck, G. | {GILLIAN}", f"Doe, J. | {JANE}")


@pytest.mark.parametrize(
    "names",
    [
        f'Buck, Gillian (see <a href="{GILLIAN}">our profile</a>)',
        f'Buck, Gillian, Doe, Jane, <a href="{JANE}">all</a>',
        'Buck, Gillian <a href="https://orcid.org/">ORCID</a>',
        f'Buck, Gillian <a href="https://example.org/?{GILLIAN}">ORCID</a>',
    ],
    ids=["other words", "all", "no number", "another site"],
)
def test_a_link_that_is_at_no_name_is_nobodys(names: str) -> None:
    assert first_byline(names).name_identifiers == ()


def test_a_wrong_check_digit_is_said_and_left_out() -> None:
    entry = first_byline('<a href="https://orcid.org/0000-0002-1825-0098">Buck, Gillian</a>')
    record, (problem,) = crosswalk(entry, defaults=Defaults())
    assert (record.creators, record.name_identifiers) == (("Buck, Gillian",), ())
    assert problem.where == "name_identifiers[0]"
    assert "check digit" in problem.what


@pytest.mark.parametrize(
    ("creators", "before", "owner"),
    [
        (["Buck, G. M.", "Doe, J."], "Buck GM, Doe J ", "Doe, J."),
        (["Buck, G. M.", "Doe, J."], "1. Buck GM", "Buck, G. M."),
        (["Buck", "Doe, Buck"], "Doe, Buck", "Doe, Buck"),
        (["Buck, Gillian", "Gillian, Buck"], "Gillian Buck", None),
        ([], "Buck", None),
    ],
)
def test_the_longest_name_right_before_a_link_has_it(creators: list[str], before: str, owner: str | None) -> None:
    found = name_identifiers(creators, [NameLink(GILLIAN, "", before)])
    assert found == (() if owner is None else (f"{owner} | {GILLIAN}",))
