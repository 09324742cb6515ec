"""What is said of the pairs that `pairs` lists, and what holds for any pair."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.match.compare import Comparison, Verdict, compare
from repo_harvest.match.features import features
from repo_harvest.model import Record
from tests.match.kit import paper
from tests.match.pairs import A_PERSON, MEET, NEVER_ONE, TWO
from tests.strategies import records, unhurried

SAME, DIFFERENT, UNCERTAIN = Verdict.SAME, Verdict.DIFFERENT, Verdict.UNCERTAIN


def said(one: Record, other: Record) -> Comparison:
    return compare(features(one), features(other))


@pytest.mark.parametrize("why", MEET)
def test_the_same_work(why: str) -> None:
    comparison = said(*MEET[why])
    assert comparison.verdict is SAME, comparison
    assert not comparison.conflict
    assert comparison.reasons


@pytest.mark.parametrize("why", NEVER_ONE)
def test_two_works_whatever_else_says_so(why: str) -> None:
    comparison = said(*NEVER_ONE[why])
    assert comparison.verdict is DIFFERENT, comparison
    assert comparison.conflict
    assert comparison.reasons


@pytest.mark.parametrize("why", TWO)
def test_two_works(why: str) -> None:
    assert said(*TWO[why]).verdict is DIFFERENT, said(*TWO[why])


@pytest.mark.parametrize("why", A_PERSON)
def test_a_person_looks(why: str) -> None:
    comparison = said(*A_PERSON[why])
    assert comparison.verdict is UNCERTAIN, comparison
    assert comparison.reasons


ALL_PAIRS = [pair for table in (MEET, NEVER_ONE, TWO, A_PERSON) for pair in table.values()]


@pytest.mark.parametrize("pair", ALL_PAIRS)
def test_the_order_of_the_two_does_not_matter(pair: tuple[Record, Record]) -> None:
    assert said(*pair) == said(*reversed(pair))


def test_there_are_many_pairs() -> None:
    assert len(ALL_PAIRS) >= 60


def test_reasons_are_for_a_library_manager() -> None:
    one = paper("Mentoring and care", "Buck, Gillian", "2020", identifiers="doi:10.5555/abc.1")
    assert said(one, one).reasons == (
        "the same DOI 10.5555/abc.1",
        "the same title",
        "shared first author Buck",
        "the year 2020",
    )
    parts = said(*NEVER_ONE["two parts"]).reasons
    assert parts == ("titles differ in a number: 1; 2",)


@given(records, records)
@unhurried
def test_any_two_records_compare_the_same_both_ways(one: Record, other: Record) -> None:
    here, there = features(one), features(other)
    comparison = compare(here, there)
    assert comparison == compare(there, here)
    assert 0 <= comparison.score <= 1
    assert not (comparison.conflict and comparison.verdict is not DIFFERENT)


_word = st.sampled_from(
    ["mentoring", "probation", "justice", "listening", "recovery", "education", "employment", "desistance", "narrative"]
)


@given(
    st.lists(_word, min_size=5, max_size=9, unique=True),
    st.sampled_from(["Buck, Gillian", "Hart, Jo"]),
    st.integers(1900, 2029),
)
@unhurried
def test_equal_records_of_substance_are_the_same(words: list[str], creator: str, year: int) -> None:
    record = paper(" ".join(words), creator, str(year))
    assert said(record, record).verdict is SAME


@given(records)
@unhurried
def test_equal_records_are_never_in_conflict_and_have_equal_features(record: Record) -> None:
    made = features(record)
    assert not compare(made, made).conflict
    assert features(record) == made
    assert pickle.loads(pickle.dumps(made)) == made
