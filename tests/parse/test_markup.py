"""HTML becomes lines, whatever is done to it: attacks on the parser, and what its limits drop."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.model import Severity
from repo_harvest.parse import read
from repo_harvest.parse.document import Document, Line
from repo_harvest.parse.markup import read_html
from tests.laws import tries

ENTRY = "<h3>Listening at the gate</h3><p>Buck, Gillian (2020)</p><p>Nobody meets most people who leave prison, we found.</p>"


def html(text: str) -> Document:
    return read_html(text, location="https://example.org/a/b")


def words(text: str) -> list[str]:
    return [line.text for line in html(text).shown]


def line(text: str) -> Line:
    (found,) = html(text).lines
    return found


def test_blocks_and_breaks_end_lines_and_inline_elements_do_not() -> None:
    assert words("<div>a<p>b <b>c</b><i>d</i>e<br>f<br/><br>g</p>h<ul><li>i<li>j</ul><table><tr><td>k<td>l</table>") == [
        "a", "b cde", "f", "g", "h", "i", "j", "k", "l",
    ]  # fmt: skip  # one letter a line


def test_preformatted_text_keeps_its_lines() -> None:
    assert words("<pre>a\n\n b  c\n</pre><p>d\ne</p>") == ["a", "b c", "d e"]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("<p><b>a</b><strong>b</strong>.</p>", {"bold"}),
        ("<p><b>a</b> b</p>", set()),
        ("<p style='font-weight: 700'>a <em>b</em></p>", {"bold"}),
        ("<h4><span><i>a</i></span></h4>", {"h4", "italic"}),
        ("<p><a href='/x'>a</a></p>", {"link"}),
        ("<p><a href='javascript:x'>a</a></p>", set()),
        ("<ul><li>a</ul>", {"item"}),
    ],
)
def test_a_mark_is_true_of_all_words(text: str, marks: set[str]) -> None:
    assert line(text).marks == marks


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>{}</script>", "<style>{}</style>", "<template><p>{}</p></template>", "<!-- {} -->", "<noscript>{}</noscript>",
        "<p hidden>{}</p>", "<p hidden=until-found>{}</p>", "<p aria-hidden=true>{}</p>", "<p style='DISPLAY : none'>{}</p>",
        "<div style='color:red;visibility:hidden'><p>{}</p></div>", "<select><option>{}</option></select>",
        "<textarea>{}</textarea>", "<button>{}</button>", "<dialog>{}</dialog>", "<nav>{}</nav>", "<aside><p>{}</p></aside>",
        "<footer>{}</footer>", "<div role=navigation>{}</div>", "<p class='x breadcrumbs'>{}</p>", "<?php {} ?>",
        "<span class=sr-only>{}</span>", "<svg><text>{}</text></svg>", "<title>{}</title>", "<iframe>{}</iframe>",
    ],
)  # fmt: skip  # a list of elements
def test_what_is_not_shown_or_stands_around_is_not_read_and_what_follows_is(unseen: str) -> None:
    assert words(f"<p>before</p>{unseen.format('needle')}<p>after</p>") == ["before", "after"]
    assert "needle" not in " ".join(words(f"<div>before {unseen.format('needle')} after</div>"))


def test_a_page_that_a_script_will_show_is_read() -> None:
    assert words("<html hidden><body style='visibility: hidden'><p>a</p></body></html>") == ["a"]


@pytest.mark.parametrize("depth", [300, 1_000, 2_000])
def test_deep_nesting_is_read(depth: int) -> None:
    document = html("<div>" * depth + ENTRY + "</div>" * depth + "<p>after</p>")
    assert [found.text for found in document.lines][-1] == "after"
    assert len(document.lines) == 4
    assert document.problems == ()


def test_what_is_nested_deeper_than_the_parser_goes_is_an_error_and_not_silence() -> None:
    reading = read(ENTRY + "<div>" * 3_000 + ENTRY, location="https://example.org/", content_type="text/html")
    assert [entry.title for entry in reading.entries] == ["Listening at the gate"]
    (problem,) = (found for found in reading.problems if found.severity is Severity.ERROR)
    assert "lost" in problem.what


def test_a_paragraph_of_more_than_ten_megabytes_is_read() -> None:
    document = html("<p>" + "word " * 2_200_000 + "</p><p>after</p>")
    assert [len(found.text) for found in document.lines] == [5 * 2_200_000 - 1, 5]
    assert document.problems == ()


def test_a_tag_of_a_million_attributes_costs_nothing_and_is_said() -> None:
    document = html("<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">a</p><p>b</p>")
    assert [found.text for found in document.lines] == ["a", "b"]
    assert len(document.problems) == 1


def test_a_picture_inside_a_tag_is_left_alone() -> None:
    document = html(f"<p><img src='data:image/png;base64,{'A' * 100_000}'>a</p>")
    assert [found.text for found in document.lines] == ["a"]
    assert document.problems == ()


def test_text_survives_characters_that_xml_forbids() -> None:
    assert words("<p>a\x00b\x01c\x0bd\ud800e\ufffef&#1;g&#0;h</p><p>after</p>")[-1] == "after"
    assert "".join(char for char in words("<p>a\x00b\x01c\x0bd\ud800e\ufffef</p>")[0] if char.isalpha()) == "abcdef"
    reading = read(ENTRY.replace("Gillian", "Gil\x01lian"), location="", content_type="text/html")
    assert reading.entries[0].creators == ("Buck, Gillian",)


def test_entities_are_the_pages_words_and_expand_nothing_else() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "needle"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = " ".join(words(f"{bomb}<p>x &amp; y&nbsp;&eacute;&#8217; &b; &f;</p>"))
    assert "x & y é’" in text
    assert "needle needle" not in text
    assert "root:" not in text


def test_a_declaration_does_not_decide_how_text_is_read() -> None:
    assert words('<?xml version="1.0" encoding="iso-8859-1"?><html><meta charset="latin-1"><p>é山</p></html>') == [
        "é山"
    ]


def test_links_are_absolute_and_the_first_base_counts() -> None:
    text = "<base target=_top><base href='/c/'><base href='/d/'><p><a href=1>a</a><a href='1'>b</a> <a href='mailto:x@y'>c</a></p>"
    assert [(link.url, link.text) for link in line(text).links] == [("https://example.org/c/1", "ab")]


def test_a_place_leads_to_the_line() -> None:
    document = html("<main><div id=list><p>a<p>b<br>c</div><div>" + "<div>" * 9 + "<p>d")
    assert [found.place for found in document.lines] == [
        "#list/p[1]",
        "#list/p[2]",
        "#list/p[2] line 2",
        "…/div[1]/div[1]/div[1]/div[1]/div[1]/div[1]/div[1]/p[1]",
    ]


@settings(max_examples=tries(30))
@given(st.text(alphabet="<>/=\"'&;!-apbrdivh34 \n\x00é"))
def test_no_tag_soup_breaks_it(soup: str) -> None:
    assert all(found.text and found.place for found in html(soup).lines)
    reading = read(soup + ENTRY, location="https://example.org/", content_type="text/html")
    assert read(soup + ENTRY, location="https://example.org/", content_type="text/html") == reading


@pytest.mark.parametrize("text", ["", " \n", "<!-- -->", "<html></html>", "\x00", "<", "&"])
def test_an_empty_page_is_an_empty_list(text: str) -> None:
    reading = read(text, location="https://example.org/", content_type="text/html")
    assert (reading.entries, reading.layout) == ((), "")


# --- runs ---


def test_a_line_is_made_of_runs_that_look_alike() -> None:
    found = line(
        '<p class="Ref"><b>Buck,\n G.</b> (2020) <i class="j x"> On <a href="/t">Trust</a></i>, <span itemprop=volume>3</span></p>'
    )
    assert [(*run[:4], set(run.labels)) for run in found.runs] == [
        ("Buck, G. ", True, False, None, set()),
        ("(2020) ", False, False, None, set()),
        ("On ", False, True, None, {"j", "x"}),
        ("Trust", False, True, "https://example.org/t", {"j", "x"}),
        (", ", False, False, None, set()),
        ("3", False, False, None, {"volume"}),
    ]
    assert (found.block.tag, sorted(found.block.labels)) == ("p", ["ref"])


def test_a_hidden_box_is_read_and_says_so() -> None:
    found = html("<div>a<div style='display:none'><p>b</p></div><p hidden>c</p><span hidden>d</span>e</div>").lines
    assert [(one.text, "hidden" in one.marks) for one in found] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("e", False),
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "B ",
                " ",
                "\n",
                "<b>",
                "</b>",
                "<i>",
                "</i>",
                "<a href=x>",
                "</a>",
                "<br>",
                "\u200b",
                "é&amp;",
                "<p>",
            ]
        )
    )
)
def test_the_runs_of_a_line_are_its_text(pieces: list[str]) -> None:
    for one in html("".join(pieces)).lines:
        assert "".join(run.text for run in one.runs) == one.text
        assert all(run.text for run in one.runs)


def test_the_main_part_is_read_though_a_navigation_before_it_was_never_closed() -> None:
    assert words("<nav><ul><li>Home</ul><main><p>a</p><nav><p>b</p></nav></main>") == ["a"]
    assert words("<nav><p>Home</p><div role=main><p>a</p></div>") == ["a"]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<button>2021</button><ul><li>A</ul>", ["2021", "A"]),
        ("<h3><button>Books</button></h3><p>A", ["Books", "A"]),
        ("<button>Send</button><p>A", ["A"]),
        ("<button>Cite <b>this</b></button><p>A", ["A"]),
    ],
)
def test_a_button_is_read_where_it_opens_what_belongs_to_a_year_or_a_heading(page: str, lines: list[str]) -> None:
    assert [line.text for line in read_html(page, location="").lines] == lines
