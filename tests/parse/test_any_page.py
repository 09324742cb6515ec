"""Whatever a page has become on its way, something is read or nothing is, and what is read is an entry."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.parse import read
from tests.laws import tries

PAGES = [file.read_text(encoding="utf-8") for file in sorted((Path(__file__).parents[1] / "pages").glob("*.html"))]
BITS = [
    "<b>", "</b>", "<i>", "</i>", "<a href='https://doi.org/10.1/x'>", "</a>", "<br>", "<li>", "</li>", "(2019)", '"', "“", "”",
    "「", "」", "。", " In: ", " // ", "---. ", "Ed. ", "(Eds.)", " et al. ", "vol. 3", "pp. 3-", "3(2)", ", ", "; ", "|", "·", "№",
    "<pre>@article{a,title={", "}}", "<span class=title>", "<span class=author>", "</span>", "\n", "\u200b", "ß", "<td>", "<tr>",
    "<h3>2020</h3>", "[PDF]", "()", "[]", ".", "..", "…", "–", "https://", "doi:10.", "ISBN 978", "<p>", "</p>", "<div>", "</div>",
    "<button>2020</button>", "</body>", "</html>", "<body>", "&nbsp;", "&#0;", "1", "A", " ",
]  # fmt: skip  # a list of what pages are made of

edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(["", *BITS])), max_size=30)


def edited(page: str, start: float, size: int, changes: list[tuple[float, int, str]]) -> str:
    """A stretch of the page, with some characters here and there replaced."""
    begin = int(start * len(page))
    page = page[begin : begin + size]
    for place, length, bit in changes:
        at = int(place * len(page))
        page = page[:at] + bit + page[at + length :]
    return page


@settings(max_examples=tries(50))
@given(
    st.sampled_from(PAGES),
    st.floats(0, 1),
    st.integers(100, 4_000),
    edits,
    st.sampled_from(["text/html", "text/plain"]),
)
def test_what_is_left_of_a_page_is_read(
    page: str, start: float, size: int, changes: list[tuple[float, int, str]], content_type: str
) -> None:
    reading = read(edited(page, start, size, changes), location="https://example.org/l", content_type=content_type)
    assert all(entry.title.strip() and entry.place for entry in reading.entries)
    assert len({entry.place for entry in reading.entries}) == len(reading.entries)


@pytest.mark.parametrize(
    "page",
    [
        "<p>A</body/><p>B",  # a paragraph outside of the body
        "p。. 1<i>1 (2009}}s<br>rima, 2004",  # a sentence that is nothing but its full stop
        "<button>2020" * 200,
    ],
)
def test_what_was_once_not_read_is(page: str) -> None:
    for content_type in ("text/html", "text/plain"):
        assert all(entry.title.strip() for entry in read(page, location="", content_type=content_type).entries)
