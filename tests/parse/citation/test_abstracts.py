"""What stands under the entries of a page is their abstracts, if most have sentences there."""

from __future__ import annotations

import pytest

from repo_harvest.parse.citation import read
from repo_harvest.parse.document import Block, Line
from repo_harvest.parse.unit import Unit

SENTENCES = [
    "We stood at one gate for forty mornings. Those who came out said what they needed.",
    "Volunteers keep records of many things. This article asks what they count.",
    "Housing is the first question after prison. Three towns are compared.",
]
HEADS = [("Forty mornings at the gate", "Nneka Okafor and Jane Roe, 2021"), ("What volunteers count", "Jane Roe, 2019"), ("A room after prison", "Ann Lee, 2018")]  # fmt: skip


def unit(*texts: str) -> Unit:
    block = Block(name="li")
    return Unit(lines=tuple(Line(text=text, block=block, place="li") for text in texts))


def told(units: list[Unit]) -> list[str | None]:
    return [citation.abstract for citation in read(units)]


def test_sentences_under_most_entries_are_their_abstracts() -> None:
    units = [unit(*head, sentences) for head, sentences in zip(HEADS, SENTENCES, strict=True)]
    assert told(units) == SENTENCES
    assert told([*units, unit("On being believed", "Ann Lee, 2017")]) == [*SENTENCES, None]
    assert [citation.title for citation in read(units)] == [title for title, _ in HEADS]
    assert [str(citation.date) for citation in read(units)] == ["2021", "2019", "2018"]


@pytest.mark.parametrize("button", ["Read more", "Download as PDF", "Share this"])
def test_what_one_may_press_below_an_abstract_is_no_part_of_it(button: str) -> None:
    assert told([unit(*head, text, button) for head, text in zip(HEADS, SENTENCES, strict=True)]) == SENTENCES


def test_text_after_the_last_entry_belongs_to_none() -> None:
    units = [unit(*head, text) for head, text in zip(HEADS, SENTENCES, strict=True)]
    rest = "This list is kept by the library of the partnership. Write to us about what is missing."
    units[-1] = unit(*HEADS[-1], SENTENCES[-1], rest)
    assert told(units) == SENTENCES


def test_titles_that_end_like_a_sentence_are_no_abstracts() -> None:
    units = [
        unit("Nneka Okafor and Jane Roe, 2021", "Forty mornings at the gate: what people need when they leave prison."),
        unit("Jane Roe, 2019", "What volunteers count and why nobody had asked them about it for so long."),
        unit("Ann Lee, 2018", "A room after prison, and how three towns in the north find one for everybody."),
    ]
    assert told(units) == [None, None, None]
    assert [citation.title for citation in read(units)] == [each.lines[1].text.rstrip(".") for each in units]


def test_sentences_under_one_entry_of_many_are_no_habit() -> None:
    units = [unit(*head) for head in HEADS]
    assert told([*units[:2], unit(*HEADS[2], SENTENCES[2])]) == [None, None, None]
