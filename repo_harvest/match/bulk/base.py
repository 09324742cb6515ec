"""What every engine takes and gives, and the two steps that each of them spreads out: describing a record, judging a pair."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from repo_harvest.match.blocking import blocking_keys, place
from repo_harvest.match.compare import Verdict, compare
from repo_harvest.match.features import Features, features
from repo_harvest.model import Record

__all__ = ["Engine", "Entries", "Judged", "Work", "describe", "judge"]

Entries = Iterable[tuple[int, str]]
"""Ids, each once and in any order, and the record of each as the store keeps it (JSON)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair that was compared, smaller id first, and that is the same or uncertain."""

    one: int
    other: int
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


class Work(Protocol):
    """What an engine made of the entries it was given."""

    @property
    def hot(self) -> frozenset[int]:
        """The keys that are hot: those it was told and those that have become so."""

    def judged(self) -> Iterator[Judged]:
        """Every candidate pair that is the same or uncertain, each once, in no particular order."""

    def features(self, ids: Collection[int]) -> Mapping[int, Features]:
        """What comparing looks at, of the entries of these ids."""


class Engine(Protocol):
    """A way to find and compare the candidate pairs of a great many entries."""

    def over(self, entries: Entries, *, hot: Collection[int] = ()) -> AbstractContextManager[Work]:
        """Take in the entries; what it made of them is there until the context is left. `hot` keys stay hot."""


def describe(text: str) -> tuple[Features, frozenset[int], int]:
    """The features of a record, its blocking keys, and its place among their holders."""
    found = features(Record.from_dict(json.loads(text)))
    return found, blocking_keys(found), place(found)


def judge(one: int, other: int, left: Features, right: Features) -> Judged | None:
    """What is said of a pair, the smaller id first; nothing when the two are different."""
    found = compare(left, right)
    if found.verdict is Verdict.DIFFERENT:
        return None
    return Judged(one=one, other=other, verdict=found.verdict, score=found.score, reasons=found.reasons)
