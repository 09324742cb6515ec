"""The features of two records in, whether they are of one work out: a verdict with its score and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from repo_harvest.match.features import Features

__all__ = ["RULES", "Comparison", "Verdict", "compare"]

RULES = "1"
"""The version of the rules: it differs whenever some pair of records may get another verdict, key or place."""


class Verdict(StrEnum):
    """What is said of two records: of one work, of two, or that a person should look."""

    SAME = "same"
    DIFFERENT = "different"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A verdict, its score (0: nothing in common, 1: nothing speaks against it), and its reasons in words.

    `conflict`: they can never be one work, whatever else says so (different parts, an erratum and what it corrects);
    `different` without it says no more than that they are not alike.
    """

    verdict: Verdict
    score: float
    reasons: tuple[str, ...] = ()
    conflict: bool = False


def compare(one: Features, other: Features) -> Comparison:
    """Compare two records; the order of the two does not matter."""
    if one.dois and other.dois and not one.dois & other.dois:
        return Comparison(verdict=Verdict.DIFFERENT, score=0.0, reasons=("different DOIs",), conflict=True)
    if one.dois & other.dois:
        return Comparison(verdict=Verdict.SAME, score=1.0, reasons=("the same DOI",))
    likeness = fuzz.ratio(one.title, other.title) / 100
    if likeness >= 0.9 and one.surnames & other.surnames and one.year == other.year:  # noqa: PLR2004 -- replaced soon
        return Comparison(
            verdict=Verdict.SAME, score=likeness, reasons=("like titles, a shared surname, the same year",)
        )
    return Comparison(verdict=Verdict.DIFFERENT, score=likeness)
