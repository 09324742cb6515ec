"""A page that lost most of what it listed is not believed; one that grew, or lost a few, is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.source import Shape, judge

KEYS = st.frozensets(st.text(min_size=1, max_size=3), max_size=30)


def shape(known: frozenset[str]) -> Shape:
    return Shape(count=len(known), known=known)


@given(KEYS)
def test_a_first_run_is_believed(now: frozenset[str]) -> None:
    assert judge(None, shape(now)) is None
    assert judge(shape(frozenset()), shape(now)) is None


@given(KEYS, KEYS)
def test_a_page_may_grow_by_anything(last: frozenset[str], more: frozenset[str]) -> None:
    assert judge(shape(last), shape(last | more)) is None


@given(KEYS, KEYS)
def test_half_of_what_was_known_must_still_be_there(last: frozenset[str], now: frozenset[str]) -> None:
    reason = judge(shape(last), shape(now))
    assert (reason is None) == (sum(key in now for key in last) >= len(last) / 2)
    assert reason is None or f"of the {len(last)} entries" in reason


def test_the_reason_is_a_sentence_for_a_person() -> None:
    last = shape(frozenset("abcdef"))
    assert judge(last, Shape(count=9, known=frozenset("ab"))) == (
        "of the 6 entries of the last good run only 2 are still on the page, which now lists 9"
    )
    assert judge(last, Shape(count=1, known=frozenset("x"))) == (
        "of the 6 entries of the last good run none is still on the page, which now lists 1"
    )
