"""Reading costs time that grows with the page, whatever is on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from repo_harvest.parse import byline, read
from tests.parse.timing import seconds

ABSTRACT = (
    "Little is known about how trust grows between people. This article asks both sides about it, and at length. "
)
ENTRY = f"<h4><a href='/1'>A title of the list</a></h4><p>Buck, Gillian; Lee, Ann (Wiley, 2019-09-04)</p><p>{ABSTRACT * 4}</p>"


def page(unit: str, size: int, content_type: str) -> Callable[[], object]:
    text = (unit * (size // len(unit) + 1))[:size]
    return lambda: read(text, location="https://example.org/a", content_type=content_type)


ONE_LINE = [
    "a, ", "Abc, ", "(", ")", "()", "(2020)", " and ", ";", " ", ".", "A.", "-", "- ", "a.", "\u200b", "Buck, Gillian; ",
    "In text (Buck, 2020) we see. ", "<", "<a ", "<p a=1 ", "&amp", "<!--", "<table>", "<div>x", "<b>x", "<br>", "&#x10ffff;",
]  # fmt: skip  # a list of lines


@pytest.mark.parametrize("content_type", ["text/plain", "text/html"])
@pytest.mark.parametrize("unit", ONE_LINE)
def test_a_hostile_line_costs_twice_what_half_of_it_does(unit: str, content_type: str) -> None:
    size = 1_000_000 if content_type == "text/plain" else 100_000
    usual = seconds(page(ENTRY, 25_000, "text/html"))
    half = seconds(page(unit, size // 2, content_type))
    assert seconds(page(unit, size, content_type)) < 4 * max(half, usual)


MANY_LINES = [
    "a\n", "Buck, Gillian (2020)\n", "Title\nBuck, Gillian (2020)\n", "x (1)\n", f"Title\nBuck, Gillian (2020)\n{ABSTRACT}\n",
    "<p>x", "<br>x", "<h4>t</h4>", "<h4><a href=x>t</a></h4><p>Buck, Gillian (2020)</p>", "<li><b>Buck, Gillian (2020)</b>", ENTRY,
]  # fmt: skip  # a list of lines


@pytest.mark.parametrize("unit", MANY_LINES)
def test_many_lines_cost_twice_what_half_of_them_do(unit: str) -> None:
    content_type = "text/html" if unit.startswith("<") else "text/plain"
    assert seconds(page(unit, 20_000, content_type)) < 4 * seconds(page(unit, 10_000, content_type))


@pytest.mark.parametrize(
    "unit", ["<h2>t</h2>", "<div>x</div>", "<p><a href=x>t</a></p>", "<p>x (1)</p>", "<h2>t</h2><p>x</p>"]
)
def test_what_stands_between_two_entries_costs_twice_what_half_of_it_does(unit: str) -> None:
    def between(times: int) -> Callable[[], object]:
        text = f"<div>{ENTRY}</div>{unit * times}<div>{ENTRY}</div>"
        return lambda: read(text, location="https://example.org/a", content_type="text/html")

    assert seconds(between(4_000)) < 4 * seconds(between(2_000))


@pytest.mark.parametrize("unit", [*ONE_LINE[:17], "Abc and ", "Abc & Abc, Abc; ", "(Ed.)", "Ministry of ", "et al. "])
def test_the_longest_line_that_may_be_a_byline_costs_twice_what_half_of_it_does(unit: str) -> None:
    def line(size: int) -> Callable[[], object]:
        text = (unit * size)[: size - 6] + "(2020)"
        return lambda: byline.read(text)

    usual = seconds(lambda: [byline.read(ABSTRACT) for _ in range(200)])
    assert seconds(line(byline.LONGEST)) < 4 * max(seconds(line(byline.LONGEST // 2)), usual)
