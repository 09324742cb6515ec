"""Reading citations costs time that grows with their length, whatever they say."""

from __future__ import annotations

import pytest

from repo_harvest.parse.citation import read
from tests.parse.citation.strategies import unit
from tests.parse.timing import seconds

HOSTILE = [
    "a, ",
    "Abc, ",
    "(",
    "(2020) ",
    " and ",
    "A.",
    "Buck, Gillian; ",
    "“a",
    "12(3), ",
    "In: ",
    "1.",
    "Ab. ",
    "Title. ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_long_unit_costs_twice_what_half_of_it_does(text: str) -> None:
    half, whole = (unit(" ".join((text * (size // len(text))).split()), marked=False) for size in (10_000, 20_000))
    assert seconds(lambda: read([whole])) < 3 * seconds(lambda: read([half])) + 0.02
