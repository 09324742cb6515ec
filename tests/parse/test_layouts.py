"""One list of publications, laid out in many ways, reads the same."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.model import Severity
from repo_harvest.parse import Reading, read
from repo_harvest.parse.layouts import LAYOUTS
from tests.parse.strategies import ABSTRACTS, entries

Entries = list[tuple[str, str, str]]
FOOT = "<footer><h3>Contact</h3><p>© 2022 Partnership. All rights are reserved by the members of the partnership.</p></footer>"


def each(form: str, around: str = "<main><h1>Our research</h1>{}</main>") -> Callable[[Entries], str]:
    """A page of these entries in this form."""

    def page(listed: Entries) -> str:
        return around.format("".join(form.format(*map(escape, entry)) for entry in listed)) + FOOT

    return page


LOOKS = {
    **{f"h{level}": each(f"<h{level}>{{}}</h{level}><p>{{}}</p><p>{{}}</p><p>&nbsp;</p>") for level in range(2, 7)},
    "strong": each("<p><strong>{}</strong></p><p><em>{}</em></p><p>{}</p>"),
    "breaks": each("<b>{}</b><br>{}<br />\n{}<br><br>", "<h1>Our research</h1><p>{}</p>"),
    "builder": each("<div><div><div><p><b>{}</b></p></div><div><p>{}</p><p>{}</p></div></div></div><div></div>"),
    "bare": each("<p>{}</p>\n<p>{}</p>\n<p>{}</p>"),
    "articles": each("<article><header><h2>{}</h2><p>{}</p></header><section><p>{}</p></section></article>"),
    "items": each("<li>{}<br>{}<p>{}</p></li>", "<ul>{}</ul>"),
    "table": each("<tr><td><b>{}</b><td>{}<td>{}</tr>", "<table>{}</table>"),
    "definitions": each("<dt>{}</dt><dd>{}</dd><dd>{}</dd>", "<dl>{}</dl>"),
    "preformatted": each("{}\n{}\n{}\n\n", "<pre>{}</pre>"),
}


def html(text: str) -> Reading:
    return read(text, location="https://example.org/", content_type="text/html; charset=utf-8")


def plain(text: str) -> Reading:
    return read(text, location="https://example.org/", content_type="text/plain")


def listed(reading: Reading) -> Entries:
    return [(entry.title, entry.byline, entry.abstract or "") for entry in reading.entries]


@pytest.mark.parametrize("look", LOOKS)
@settings(max_examples=25)
@given(stated=entries())
def test_a_list_reads_the_same_however_it_looks(look: str, stated: Entries) -> None:
    assert listed(html(LOOKS[look](stated))) == stated


@settings(max_examples=40)
@given(stated=entries(), between=st.sampled_from(["\n", "\n\n"]))
def test_a_list_in_plain_text_reads_the_same(stated: Entries, between: str) -> None:
    text = "\n\n".join(between.join(entry) for entry in stated)
    assert listed(plain(f"Our research\n\nHome / Our research\n\n{text}\n\nContact us\nPrivacy\n")) == stated


@settings(max_examples=25)
@given(
    stated=entries(),
    bad=st.integers(1, 5),
    byline=st.sampled_from(["no. 7, no date", "Lee, Ann (2O20)", "(see below)"]),
)
@pytest.mark.parametrize("look", ["h3", "strong", "bare", "breaks", "builder"])
def test_an_entry_among_others_is_kept_when_its_byline_cannot_be_read(
    look: str, stated: Entries, bad: int, byline: str
) -> None:
    if bad >= len(stated) - 1:
        return
    stated[bad] = (stated[bad][0], byline, stated[bad][2])
    reading = html(LOOKS[look](stated))
    assert listed(reading) == stated
    assert any(problem.where.startswith(f"entries[{bad}].") for problem in reading.problems)


TAILS = [
    "<p>© 2022 Partnership</p>",
    "<p>Contact us | Privacy</p>",
    "<h3>Get in touch</h3><p>Write to us at the address below and we will answer within a week or so.</p>",
    "<hr><p>The partnership is a company limited by guarantee, and it is registered in England.</p>",
    "<p>The partnership is a company limited by guarantee, and it is registered in England.</p>",
    "<div><p>The partnership is a company limited by guarantee, and it is registered in England.</p></div>",
    "<ul><li>The partnership is a company that is limited by guarantee, in England.</li></ul>",
    "<p><a href='/more'>More about the partnership and about all of its many members</a></p>",
]


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize(
    "form", ["<h3>{}</h3><p>{}</p><p>{}</p>", "<p>{}</p><p>{}</p><p>{}</p>", "<p><b>{}</b></p><p>{}</p><p>{}</p>"]
)
def test_the_last_abstract_does_not_swallow_what_follows_the_list(form: str, tail: str) -> None:
    stated = [(f"Listening {number}", "Buck, Gillian (2020)", text) for number, text in enumerate(ABSTRACTS, 1)]
    page = each(form, "<div>{}" + tail + "</div>")
    assert listed(html(page(stated))) == stated


def test_an_abstract_of_several_paragraphs_is_whole() -> None:
    stated = [("One", "Buck, Gillian (2020)"), ("Two", "Lee, Ann (2019)"), ("Three", "Roe, Jane (2018)")]
    body = "".join(f"<p>{text}</p>" for text in ABSTRACTS[:3])
    reading = html("".join(f"<h4>{title}</h4><p>{byline}</p>{body}" for title, byline in stated))
    assert [entry.abstract for entry in reading.entries] == [" ".join(ABSTRACTS[:3])] * 3


def test_a_title_may_have_two_lines_and_its_byline_the_same_mark() -> None:
    pages = [
        f"<h3>One<br>and only</h3><p>Buck, Gillian (2020)</p><p>{ABSTRACTS[0]}</p>",
        f"<h3>One<br>and only<br>Buck, Gillian (2020)</h3><p>{ABSTRACTS[0]}</p>",
        f"<p><b>One<br>and only<br>Buck, Gillian (2020)</b><br>{ABSTRACTS[0]}</p>",
    ]
    assert [listed(html(page)) for page in pages] == [[("One and only", "Buck, Gillian (2020)", ABSTRACTS[0])]] * 3


def test_titles_of_which_only_some_are_marked_are_all_found() -> None:
    forms = [
        "<h2>{}<br>again</h2><p>{}</p><p>{}</p>",
        "<h3>{}<br>again</h3><p>{}</p><p>{}</p>",
        "<p>{}<br>{}</p><p>{}</p>",
    ]
    stated = [(title, "Buck, Gillian (2020)", text) for title, text in zip("ABC", ABSTRACTS, strict=False)]
    page = "".join(form.format(*entry) for form, entry in zip(forms, stated, strict=True))
    assert [entry.title for entry in html(page).entries] == ["A again", "B again", "C"]


def test_a_title_that_ends_like_a_sentence_is_a_title() -> None:
    title = "On being expected somewhere by somebody who is not paid for it."
    stated = [(title, "Buck, Gillian (2020)", ABSTRACTS[0]), (title[:-1], "Lee, Ann (2019)", ABSTRACTS[1])]
    assert listed(html(LOOKS["bare"](stated))) == stated


def test_the_last_abstract_ends_where_a_label_parts_it_from_the_rest() -> None:
    page = f"<div><h3>One</h3><p>Buck, Gillian (2020)</p><p>{ABSTRACTS[0]}</p><p>Summary</p><p>{ABSTRACTS[1]}</p></div>"
    assert [entry.abstract for entry in html(page).entries] == [ABSTRACTS[0]]


def test_a_byline_without_a_title_is_said_and_is_no_entry() -> None:
    long = "".join(f"<p>{text * 4}</p>" for text in ABSTRACTS)
    reading = html(f"<p>Buck, Gillian (2020)</p><p>x</p>{long}<p>Lee, Ann (2019)</p>")
    assert reading.entries == ()
    found = html(f"<h3>One</h3><p>Buck, Gillian (2020)</p>{long}<p>Lee, Ann (2019)</p><p>{ABSTRACTS[0]}</p>")
    assert [entry.title for entry in found.entries] == ["One"]
    assert any("no title stands before it" in problem.what for problem in found.problems)


@pytest.mark.parametrize(
    "text",
    [
        "<h1>News</h1><h2>Annual conference (2021)</h2><p>It was held in Chester, and sixty people came by bus.</p>",
        "<h1>404</h1><p>Not found (2021)</p>",
        "<p>Prison Reform Trust (2021)</p><p>It was held in Chester, and sixty people came by bus.</p>",
        "<ul><li>Newsletter (2020)</li><li>Newsletter (2019)</li></ul>",
        f"<p>{ABSTRACTS[0]}</p>" * 5,
    ],
)
def test_a_page_without_publications_is_an_empty_list(text: str) -> None:
    assert html(text).entries == ()


def test_bodies_of_people_are_bylines_where_the_page_is_a_list() -> None:
    stated = [
        ("Prisons in numbers", "Ministry of Justice (2014)", ABSTRACTS[0]),
        ("Out", "Prison Reform Trust (2021)", ABSTRACTS[1]),
    ]
    assert listed(html(LOOKS["bare"](stated))) == stated
    assert listed(html(LOOKS["h3"](stated[:1]))) == stated[:1]


def test_a_reading_names_its_layout_and_the_table_has_each_layout_once() -> None:
    stated = [("One", "Buck, Gillian (2020)", ABSTRACTS[0])]
    assert html(LOOKS["h3"](stated)).layout == "marked h3"
    assert html(LOOKS["bare"](stated)).layout == "bare"
    assert len({layout.name for layout in LAYOUTS}) == len({layout.propose for layout in LAYOUTS}) == len(LAYOUTS)


@pytest.mark.parametrize(
    ("content_type", "count"), [("text/plain", 1), ("text/html", 0), ("application/xhtml+xml", 0), ("", 0)]
)
def test_the_media_type_says_what_a_line_break_is(content_type: str, count: int) -> None:
    text = f"Our research\nOne\nBuck, Gillian (2020)\n{ABSTRACTS[0]}\n"
    assert len(read(text, location="", content_type=content_type).entries) == count


def test_html_that_says_it_is_plain_text_is_read_as_html() -> None:
    text = f"\ufeff\n<!DOCTYPE html><h3>One</h3><p>Buck, Gillian (2020)</p><p>{ABSTRACTS[0]}</p>"
    assert len(plain(text).entries) == 1


def test_nothing_is_lost_without_an_error_when_all_went_well() -> None:
    stated = [("One", "Buck, Gillian (2020)", ABSTRACTS[0]), ("Two", "Lee, Ann (2019)", ABSTRACTS[1])]
    assert not [problem for problem in html(LOOKS["h3"](stated)).problems if problem.severity is not Severity.NOTE]
