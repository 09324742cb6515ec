"""The features of two records in, whether they are of one work out: a verdict with its score and reasons.

What cannot be one work is refused first, by a few cheap looks. Then each kind of evidence is weighed (`weights`), and the
sum decides; a caution, such as a title that recurs, leaves to a person what the sum alone would merge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from repo_harvest.match import evidence
from repo_harvest.match.cautions import caution_of, never_one, other_number
from repo_harvest.match.features import Features
from repo_harvest.match.identities import in_common
from repo_harvest.match.weights import WEIGHTS as W

__all__ = ["RULES", "Comparison", "Verdict", "compare"]

RULES = "2"
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


_UNLIKE = Comparison(verdict=Verdict.DIFFERENT, score=0.0)
_LIKE, _VERY_LIKE = 55.0, 80.0
_WORDS, _MOST_WORDS = 0.7, 0.9


def compare(one: Features, other: Features) -> Comparison:
    """Compare two records; the order of the two does not matter."""
    if (one.title, one.names, one.dois) != (other.title, other.names, other.dois) and _unlike(one, other):
        return _UNLIKE
    if never := never_one(one, other):
        return Comparison(verdict=Verdict.DIFFERENT, score=0.0, reasons=(never,), conflict=True)
    return _weighed(one, other)


def _weighed(one: Features, other: Features) -> Comparison:
    """The verdict of the weights; the titles are looked at last, and only if they could still decide."""
    people, years, pages = evidence.people(one, other), evidence.years(one, other), evidence.pages(one, other)
    found = [people, years, evidence.place(one, other), pages, evidence.texts(one, other)]
    found += [evidence.publishers(one, other), evidence.forms(one, other)]
    around = sum(weight for weight, _ in found)
    named = bool(in_common(one.dois, other.dois) or in_common(one.addresses, other.addresses))
    if (
        around + W.equal_title < W.unsure
        and not named
        and not in_common(one.isbns, other.isbns)
        and one.numbers == other.numbers
    ):
        return _UNLIKE
    alike, subtitle = evidence.likeness(one, other)
    if number := other_number(one, other, alike):
        return Comparison(verdict=Verdict.DIFFERENT, score=0.0, reasons=(number,), conflict=True)
    found[:0] = [evidence.names(one, other, alike), evidence.title(one, other, alike, subtitle)]
    total = around + found[0][0] + found[1][0]
    score = round(1 / (1 + math.exp((W.same - total) / 2)), 4)
    nobody = not one.names and not other.names
    recurs = (
        (one.recurring or other.recurring) and years[0] > 0 and alike == 1 and (nobody or people[0] >= W.first_creator)
    )
    if total < W.unsure and not (recurs and pages[0] >= 0):
        return Comparison(verdict=Verdict.DIFFERENT, score=score)
    reasons = tuple(words for _, words in found if words)
    caution = caution_of(one, other, named=named, paged=pages[0] > 0, text=found[6][0])
    if total < W.same or caution:
        return Comparison(verdict=Verdict.UNCERTAIN, score=score, reasons=(caution, *reasons) if caution else reasons)
    return Comparison(verdict=Verdict.SAME, score=score, reasons=reasons)


def _unlike(one: Features, other: Features) -> bool:
    """Whether a few cheap looks say that nothing is alike."""
    if in_common(one.dois, other.dois) or in_common(one.addresses, other.addresses):
        return False
    if one.first and one.first == other.first and one.volume == other.volume:
        return False
    if one.text and other.text and one.text[:30] == other.text[:30]:
        return False
    ratio = fuzz.ratio(one.title, other.title, score_cutoff=_LIKE)
    if ratio < _VERY_LIKE:
        strangers = bool(not ratio and one.names and other.names) and set(one.names).isdisjoint(other.names)
        small = min(one.bits.bit_count(), other.bits.bit_count())
        common = (one.bits & other.bits).bit_count()
        return common < (_MOST_WORDS if strangers else _WORDS) * small and not one.others and not other.others
    return False
