"""Citations are read back as they were written, in every style, with and without markup, at least 97 of 100 in each field."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.parse.citation import Citation, read
from tests.parse.citation.strategies import STYLES, Work, creators, unit, work

LISTS, LONG = 12, 21  # 252 citations, with and without markup: 504 a style; `bench/citations.py` reads any number
RIGHT = 0.97


def fields(citation: Citation) -> dict[str, object]:
    return {
        "title": citation.title,
        "creators": citation.creators,
        "date": str(citation.date),
        "container": citation.container,
        "volume": citation.volume,
        "issue": citation.issue,
        "pages": citation.pages,
        "publisher": citation.publisher,
        "doi": [value.removeprefix("https://doi.org/").removeprefix("doi:") for value in citation.identifiers],
    }


def expected(style: str, stated: Work) -> dict[str, object]:
    return {
        "title": stated.title,
        "creators": creators(style, stated),
        "date": str(stated.year),
        "container": stated.container or None,
        "volume": str(stated.volume) if stated.volume else None,
        "issue": str(stated.issue) if stated.issue else None,
        "pages": stated.range if stated.pages[0] else None,
        "publisher": stated.publisher or None,
        "doi": [stated.doi] if stated.doi else [],
    }


@pytest.mark.parametrize("marked", [True, False], ids=["italics", "plain"])
@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=1, deadline=None)
@given(random=st.randoms(use_true_random=True))
def test_each_field_is_read_back(style: str, marked: bool, random: Random) -> None:
    wrong: Counter[str] = Counter()
    for _ in range(LISTS):
        stated = [work(random) for _ in range(LONG)]
        units = [unit(STYLES[style](each), marked=marked, number=at) for at, each in enumerate(stated, 1)]
        for each, found in zip(stated, read(units), strict=True):
            told = fields(found)
            wrong.update(name for name, value in expected(style, each).items() if told[name] != value)
    assert {name: count for name, count in wrong.items() if count > (1 - RIGHT) * LISTS * LONG} == {}


@given(random=st.randoms(use_true_random=True), style=st.sampled_from(sorted(STYLES)))
@settings(max_examples=10, deadline=None)
def test_a_field_stands_where_its_origin_says(random: Random, style: str) -> None:
    units = [unit(STYLES[style](work(random)), marked=True, number=at) for at in range(1, 6)]
    for each, found in zip(units, read(units), strict=True):
        for origin in found.origins:
            value = getattr(found, origin.field)
            if isinstance(value, str):
                assert value in " ".join(each.lines[origin.line].text[origin.start : origin.end].split())
