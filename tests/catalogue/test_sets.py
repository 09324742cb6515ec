"""Rules for sets: who belongs where, and that whatever a record says, the set is one that a feed can have."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.catalogue import DIVISIONS, SetRule, rule_sets
from repo_harvest.model import Record
from tests.strategies import clean_text, records, unhurried

ARTICLE = Record(
    title=("Learning from a past",),
    creators=("Buck, Gillian", "Łukasiewicz, Zbigniew"),
    date=("2017-03-21", "2016"),
    type=("Book  Chapter",),
)


def given_by(record: Record, **asked: object) -> list[str]:
    rule = SetRule(spec="s", name="S", **asked)  # type: ignore[arg-type]  # a table of all of its fields
    return sorted(rule_sets(record, ["page", "list"], [rule]))


@pytest.mark.parametrize(
    ("asked", "sets"),
    [
        ({"years": ((2017, 2017),)}, ["s"]),
        ({"years": ((2018, 9999), (0, 2017))}, ["s"]),
        ({"years": ((2016, 2016),)}, []),
        ({"types": ("book chapter",)}, ["s"]),
        ({"types": ("book", "chapter")}, []),
        ({"creators": ("buck, gillian",)}, ["s"]),
        ({"creators": ("ŁUKASIEWICZ",)}, ["s"]),
        ({"creators": ("Gillian", "Buck, G.")}, []),
        ({"sources": ("list", "other")}, ["s"]),
        ({"sources": ("other",)}, []),
        ({"sources": ("page",), "years": ((2017, 2017),), "types": ("Book Chapter",)}, ["s"]),
        ({"sources": ("page",), "years": ((2018, 2018),)}, []),
        ({}, []),
        ({"by": "year"}, ["s:2017"]),
        ({"by": "type"}, ["s:book-chapter"]),
        ({"by": "creator"}, ["s:buck-gillian", "s:ukasiewicz-zbigniew-1433000b"]),
        ({"by": "source"}, ["s:list", "s:page"]),
        ({"by": "year", "types": ("Book chapter",)}, ["s:2017"]),
        ({"by": "year", "types": ("article",)}, []),
    ],
)
def test_who_belongs_to_a_set(asked: dict[str, object], sets: list[str]) -> None:
    assert given_by(ARTICLE, **asked) == sets


def test_what_cannot_be_divided_stays_in_the_set_that_chose_it() -> None:
    undated = Record(title=("No date",), type=("article",))
    assert given_by(undated, by="year") == []
    assert given_by(undated, by="year", types=("article",)) == ["s"]
    assert given_by(undated, years=((0, 9999),)) == []


def test_several_rules_add_up_and_each_set_has_a_name() -> None:
    rules = [SetRule(spec="a", name="All", by="year"), SetRule(spec="b", name="Books", types=("Book chapter",))]
    assert rule_sets(ARTICLE, [], rules) == {"a:2017": "All: 2017", "b": "Books"}


@unhurried
@given(records, st.lists(clean_text, max_size=3), st.sampled_from(sorted(DIVISIONS)))
def test_every_set_is_one_that_the_protocol_allows(record: Record, sources: list[str], by: str) -> None:
    found = rule_sets(record, sources, [SetRule(spec="s", name="S", by=by)])
    assert all(re.fullmatch(r"s:[a-z0-9]+(-[a-z0-9]+)*", spec) for spec in found)
    assert all(name.startswith("S: ") for name in found.values())
    assert bool(found) == bool(list(DIVISIONS[by](record, sources)))


@unhurried
@given(clean_text, clean_text)
def test_names_in_other_scripts_share_a_set_only_if_they_are_the_same(left: str, right: str) -> None:
    names = [f"李{name}" for name in (left, right)]
    one, other = ({" ".join(unicodedata.normalize("NFKC", name).casefold().split())} for name in names)
    sets = [given_by(Record(creators=(name,)), by="creator") for name in names]
    assert (sets[0] == sets[1]) == (one == other)
