"""Words: white space, what cannot be seen, and what reads as running text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repo_harvest.parse.text import collapse, is_prose, visible
from tests.parse.strategies import ABSTRACTS, TITLES


@given(st.text())
@example("0\x1b\r\x08")
def test_collapsing_twice_changes_nothing_and_keeps_every_visible_letter(text: str) -> None:
    once = collapse(text)
    assert collapse(once) == once
    assert "".join(visible(once).split()) == "".join(visible(text).split())


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", " \u200b \u00ad", "\ufeff", "\n\t\u2003"])
def test_a_line_that_shows_nothing_is_empty(blank: str) -> None:
    assert collapse(blank) == ""


def test_soft_hyphens_ligatures_and_joiners_inside_are_the_pages_words() -> None:
    assert collapse("  con\u00adﬁ\u200cdence\u00a0 here ") == "con\u00adﬁ\u200cdence here"


@pytest.mark.parametrize("text", ABSTRACTS)
def test_abstracts_are_running_text(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize(
    "text", [*TITLES, "Buck, Gillian (2020)", "Contact us", "© 2022 Partnership", "Policy Press Ltd."]
)
def test_titles_and_labels_are_not(text: str) -> None:
    assert not is_prose(text)
