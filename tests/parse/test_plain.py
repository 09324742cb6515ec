"""Plain text becomes lines; what was wrapped to a width is unwrapped, and nothing else."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.parse.plain import read_text
from tests.parse.strategies import ABSTRACTS


def lines(text: str) -> list[str]:
    return [line.text for line in read_text(text).lines]


@given(st.permutations(ABSTRACTS), st.integers(50, 90))
def test_wrapping_and_unwrapping_is_nothing(paragraphs: list[str], width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)
    assert lines(wrapped) == paragraphs


@given(
    st.lists(st.sampled_from([*ABSTRACTS, "Title", "Buck, Gillian (2020)"]), min_size=1),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_text_that_nobody_wrapped_keeps_its_lines(paragraphs: list[str], between: str) -> None:
    assert lines(between.join([*paragraphs, "x" * 200])) == [*paragraphs, "x" * 200]


def test_a_word_that_was_broken_at_its_hyphen_is_whole_again() -> None:
    text = "The partnership works with people who were sentenced and with re-\nsettlement officers in three towns of the north, and has done so\nfor years."
    assert lines(text) == [text.replace("-\n", "-").replace("\n", " ")]


def test_a_rule_is_no_line_but_is_known_to_the_next() -> None:
    found = read_text("one\n\n* * *\n----------\ntwo\n").lines
    assert [(line.text, line.after_rule, line.place) for line in found] == [
        ("one", False, "line 1"),
        ("two", True, "line 5"),
    ]


def test_nothing_is_no_lines() -> None:
    assert lines("") == lines("\n\u00a0\n\u200b\n") == []
