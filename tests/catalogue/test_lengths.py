"""Values that are too long are told, and cut at a word: never within a character, and no address."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.catalogue.lengths import LONGEST, overlong, shortened
from repo_harvest.model import Record, Severity
from tests.strategies import records


@given(records, st.integers(10, 60))
def test_no_value_is_longer_than_the_limit_and_what_is_short_stays(record: Record, most: int) -> None:
    cut = shortened(record, most).as_dict()
    for field, value in record.as_dict().items():
        for before, after in zip(value, cut[field], strict=True):
            if field in {"identifiers", "relation"} or len(before.encode()) <= most:
                assert after == before
            else:
                assert len(after.encode()) <= most
                assert after.endswith("…")
                assert before.startswith(after[:-1])


def test_without_a_limit_nothing_is_cut() -> None:
    record = Record(description=("Trust " * 10_000,))
    assert shortened(record, None) is record


def test_a_cut_falls_between_words_where_there_are_any() -> None:
    assert shortened(Record(title=("one two three",)), 11).title == ("one two…",)
    assert shortened(Record(title=("onetwothree",)), 9).title == ("onetwo…",)
    assert shortened(Record(title=("犯罪犯罪",)), 11).title == ("犯罪…",)


def test_each_value_over_the_limit_is_told_with_its_record_field_and_length() -> None:
    record = Record(title=("On Trust",), description=("short", "é" * 20_000), identifiers=("x" * LONGEST,))
    (problem,) = overlong(record)
    assert (problem.where, problem.severity) == ("description[1]", Severity.WARNING)
    assert problem.what == "it has 40,000 bytes, and some library systems take 32,766: 'On Trust'"
