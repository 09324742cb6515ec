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
from repo_harvest.match.alike import containers_alike, journal_and_meeting
from repo_harvest.match.features import Features
from repo_harvest.match.identities import is_preprint
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
_WORDS = 0.7


def compare(one: Features, other: Features) -> Comparison:
    """Compare two records; the order of the two does not matter."""
    if (one.title, one.names, one.dois) != (other.title, other.names, other.dois) and _unlike(one, other):
        return _UNLIKE
    alike, subtitle = evidence.likeness(one, other)
    if never := _never(one, other, alike):
        return Comparison(verdict=Verdict.DIFFERENT, score=0.0, reasons=(never,), conflict=True)
    found = (
        evidence.names(one, other, alike),
        evidence.title(one, other, alike, subtitle),
        evidence.people(one, other),
        evidence.years(one, other),
        evidence.place(one, other),
        evidence.pages(one, other),
        evidence.texts(one, other),
        evidence.publishers(one, other),
        evidence.forms(one, other),
    )
    total = sum(weight for weight, _ in found)
    score = 1 / (1 + math.exp((W.same - total) / 2)) if total > -W.same else 0.0
    recurs = (one.recurring or other.recurring) and found[2][0] >= W.first_creator and found[3][0] > 0 and alike == 1
    if total < W.unsure and not (recurs and found[5][0] >= 0):
        return Comparison(verdict=Verdict.DIFFERENT, score=score)
    reasons = tuple(words for _, words in found if words)
    caution = _caution(one, other, alike, found[5][0])
    if total < W.same or caution:
        return Comparison(verdict=Verdict.UNCERTAIN, score=score, reasons=(caution, *reasons) if caution else reasons)
    return Comparison(verdict=Verdict.SAME, score=score, reasons=reasons)


def _unlike(one: Features, other: Features) -> bool:
    """Whether a few cheap looks say that nothing is alike."""
    if not (one.dois.isdisjoint(other.dois) and one.addresses.isdisjoint(other.addresses)):
        return False
    if one.first and one.first == other.first and one.volume == other.volume:
        return False
    if one.text and other.text and one.text[:30] == other.text[:30]:
        return False
    ratio = fuzz.ratio(one.title, other.title, score_cutoff=_LIKE)
    if ratio < _VERY_LIKE:
        if one.names and other.names and set(one.names).isdisjoint(other.names) and not ratio:
            return True
        small = min(one.bits.bit_count(), other.bits.bit_count())
        common = (one.bits & other.bits).bit_count()
        return common < _WORDS * small and not one.others and not other.others
    return False


def _never(one: Features, other: Features, alike: float) -> str:
    """Why the two can never be one work, or nothing."""
    if one.kind != other.kind and not _reviewer(one, other):
        return (
            f"one is {one.kind or other.kind}, the other is not" if not (one.kind and other.kind) else "different kinds"
        )
    if one.numbers != other.numbers and one.title.replace(" ", "") != other.title.replace(" ", ""):
        here = [n for n in one.numbers if n not in other.numbers]
        there = [n for n in other.numbers if n not in one.numbers]
        if here and there and alike >= 0.5 and "".join(here) != "".join(there):  # noqa: PLR2004 -- else the titles differ anyway
            low, high = sorted((", ".join(here), ", ".join(there)))
            return f"titles differ in a number: {low}; {high}"
    return _elsewhere(one, other)


def _reviewer(one: Features, other: Features) -> bool:
    """Whether one title only lacks the remark that it is a review: the author of a book does not review it."""
    return (
        {one.kind, other.kind} == {"", "a review"}
        and evidence.people(one, other)[0] >= W.first_creator
        and not evidence.years_differ(one, other)
    )


def _elsewhere(one: Features, other: Features) -> str:
    """Why the two appeared in two places (an abstract and its paper, one text in two journals), or nothing."""
    if one.recurring is other.recurring is False and evidence.years_differ(one, other) and _short_apart(one, other):
        return "a short title, and years apart"
    if one.first == other.first != 0 or (one.volume and one.volume == other.volume):
        return ""
    apart = bool(one.first and other.first and (one.first > other.last or other.first > one.last))
    other_place = bool(one.container and other.container) and containers_alike(one.container, other.container) < 0
    if other_place and journal_and_meeting(one.container, other.container):
        return "one is in a journal, the other one of a conference"
    if other_place and apart:
        return "another container and other pages"
    if other_place and one.dois and other.dois and one.dois.isdisjoint(other.dois):
        return "another container and another DOI"
    if one.volume and other.volume and (apart or other_place or evidence.years_differ(one, other)):
        low, high = sorted((one.volume, other.volume))
        also = "other pages" if apart else "another container" if other_place else "another year"
        return f"volume {low}, other {high}, and {also}"
    return ""


def _short_apart(one: Features, other: Features) -> bool:
    """Whether a title that says little, as that of a column, comes again years later."""
    return (
        min(abs(a - b) for a in one.years for b in other.years) > 1
        and max(evidence.says(one.title), evidence.says(other.title)) < 1
    )


def _caution(one: Features, other: Features, alike: float, paged: float) -> str:
    """Why a person should look although the evidence suffices, or nothing."""
    shared = not one.dois.isdisjoint(other.dois) or not one.addresses.isdisjoint(other.addresses)
    if (one.recurring or other.recurring) and not shared and paged <= 0:
        return "a title that recurs"
    if (
        one.volume == other.volume
        and one.volume
        and not shared
        and paged <= 0
        and one.container
        and other.container
        and containers_alike(one.container, other.container) < 0
    ):
        return "another container, and no page in common"
    if one.dois and other.dois and not shared and paged <= 0:
        if any(map(is_preprint, one.dois)) != any(map(is_preprint, other.dois)):
            return "one has the DOI of a preprint"
        return "DOIs differ"
    return ""
