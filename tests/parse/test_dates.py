"""Dates: what is stated comes out at the precision stated, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import PartialDate
from repo_harvest.parse.dates import MONTHS, read
from tests.parse.strategies import dates

ENGLISH = "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better


@given(dates())
def test_a_date_reads_back_from_iso_8601(date: PartialDate) -> None:
    stated = read(str(date))
    assert stated is not None
    assert (stated.date, stated.remark) == (date, "")


@given(dates(), st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{y}, {m} {d}", "{y} {d} {m}", "{d}th of {m} {y}"]))
def test_a_date_reads_back_from_words(date: PartialDate, form: str) -> None:
    if date.month is None:
        text = str(date.year)
    elif date.day is None:
        text = f"{ENGLISH[date.month - 1]} {date.year}"
    else:
        text = form.format(d=date.day, m=ENGLISH[date.month - 1], y=date.year)
    stated = read(text)
    assert stated is not None
    assert stated.date == date


@given(st.sampled_from(sorted(MONTHS)), st.integers(1000, 2999))
def test_every_month_word_is_a_month_and_invents_no_day(word: str, year: int) -> None:
    stated = read(f"{word} {year}")
    assert stated is not None
    assert stated.date == PartialDate(year=year, month=MONTHS[word])


@given(st.text() | st.from_regex(r"[0-9A-Za-z ,./-]{0,20}", fullmatch=True))
def test_no_text_is_read_as_more_than_it_says(text: str) -> None:
    stated = read(text)
    if stated is not None and stated.date is not None:
        assert str(stated.date.year) in text
        if stated.date.day is not None:
            assert str(stated.date.day) in text


@pytest.mark.parametrize(
    "text",
    [
        "2021-13",
        "2021-02-30",
        "31 June 2020",
        "0000",
        "0207",
        "2021-00-01",
        "2021-01-00",
        "29 February 2021",
        "3021-01-01",
    ],
)
def test_an_impossible_date_is_no_date_and_does_not_pass_for_one(text: str) -> None:
    stated = read(text)
    assert stated is None or (stated.date is None and stated.remark.endswith("is no date that exists"))


@pytest.mark.parametrize("text", ["in press", "IN PRESS", "n.d.", "forthcoming", "Early View", "accepted"])
def test_what_is_still_to_come_has_no_date_and_says_so(text: str) -> None:
    stated = read(text)
    assert stated is not None
    assert stated.date is None
    assert stated.remark == f"it says '{text}': no date"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("04/03/2021", "2021"),
        ("25/03/2021", "2021-03-25"),
        ("03/25/2021", "2021-03-25"),
        ("04.03.2021", "2021-03-04"),
        ("03/03/2021", "2021-03-03"),
        ("Spring 2021", "2021"),
        ("2021a", "2021"),
        ("2021/03/04", "2021-03-04"),
        ("2019-09-04T10:00:00Z", "2019-09-04"),
    ],
)
def test_only_what_is_certain_of_a_date_is_kept(text: str, date: str) -> None:
    stated = read(text)
    assert stated is not None
    assert str(stated.date) == date


@pytest.mark.parametrize(
    "text", ["٢٠٢١", "２０２１", "2021\n2022", "20 21", "2021-3-4-5", "March", "4 March", "1 2 2021", "x" * 10_000]
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert read(text) is None
