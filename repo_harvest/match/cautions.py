"""The features of two records in, what forbids to merge them, or to do so without a person, whatever the weights say, out."""

from __future__ import annotations

import re

from repo_harvest.match import evidence
from repo_harvest.match.alike import containers_alike, titles_alike, word_replaced
from repo_harvest.match.features import Features
from repo_harvest.match.identities import in_common, is_preprint
from repo_harvest.match.weights import WEIGHTS

__all__ = ["caution_of", "never_one", "other_number"]

_PROTOCOL = re.compile(r"\b(?:study|trial|review|research) protocol\b|^(?:a )?protocol (?:for|of)\b")
_SERIAL = re.compile(r"(?:the )?(?:[a-z0-9]+ ){0,3}(?:proceedings|annual report|annual review|yearbook|year book|newsletter|minutes|accounts|directory|catalogue)\b")  # fmt: skip
_APART = frozenset(
    {
        frozenset({"book", "chapter"}),
        frozenset({"dataset", "article"}),
        frozenset({"dataset", "book"}),
        frozenset({"dataset", "thesis"}),
        frozenset({"review", "book"}),
    }
)
"""Kinds of document of which one is never the other under another name."""


def never_one(one: Features, other: Features) -> str:
    """Why the two can never be one work, or nothing."""
    if one.form != other.form and frozenset((one.form, other.form)) in _APART:
        low, high = sorted((one.form, other.form))
        return f"one is a {low}, the other one a {high}"
    if one.kind != other.kind and not _reviewer(one, other):
        return (
            f"one is {one.kind or other.kind}, the other is not" if not (one.kind and other.kind) else "different kinds"
        )
    if in_common(one.dois, other.dois) or in_common(one.addresses, other.addresses):
        return ""  # dates, volumes and pages are mistyped more often than an identifier is shared
    return _again(one, other) or _elsewhere(one, other)


def other_number(one: Features, other: Features, alike: float) -> str:
    """Why titles that are alike but for their numbers are of two works, or nothing."""
    if one.numbers == other.numbers or alike < 0.5 or one.title.replace(" ", "") == other.title.replace(" ", ""):  # noqa: PLR2004 -- else the titles differ anyway
        return ""
    here = [n for n in one.numbers if n not in other.numbers]
    there = [n for n in other.numbers if n not in one.numbers]
    if not here or not there or "".join(here) == "".join(there):
        return ""
    low, high = sorted((", ".join(here), ", ".join(there)))
    return f"titles differ in a number: {low}; {high}"


def _reviewer(one: Features, other: Features) -> bool:
    """Whether one title only lacks the remark that it is a review: the author of a book does not review it."""
    return (
        {one.kind, other.kind} == {"", "a review"}
        and evidence.people(one, other)[0] >= WEIGHTS.first_creator
        and not evidence.years_differ(one, other)
    )


def _again(one: Features, other: Features) -> str:
    """Why one title is that of two works, years apart: a column, a report, proceedings; or nothing."""
    if not evidence.years_differ(one, other) or one.recurring or other.recurring:
        return ""
    if _SERIAL.match(one.title) and _SERIAL.match(other.title):
        return "another year of what appears again and again"
    years = min(abs(a - b) for a in one.years for b in other.years)
    short = max(evidence.says(one.title), evidence.says(other.title)) < 1
    return "a short title, and years apart" if short and years > 1 else ""


def _elsewhere(one: Features, other: Features) -> str:
    """Why the two appeared in two places (an abstract and its paper, one text in two journals), or nothing."""
    if evidence.preprint(one, other) or one.first == other.first != 0 or (one.volume and one.volume == other.volume):
        return ""
    apart = evidence.pages(one, other)[0] < 0
    other_place = bool(one.container and other.container) and containers_alike(one.container, other.container) < 0
    if other_place and apart:
        return "another container and other pages"
    if other_place and one.dois and other.dois and not in_common(one.dois, other.dois):
        return "another container and another DOI"
    if one.volume and other.volume and (apart or other_place or evidence.years_differ(one, other)):
        low, high = sorted((one.volume, other.volume))
        also = "other pages" if apart else "another container" if other_place else "another year"
        return f"volume {low}, other {high}, and {also}"
    return ""


def caution_of(one: Features, other: Features, *, named: bool, paged: bool, text: float) -> str:
    """Why a person should look although the evidence suffices, or nothing.

    `named`: they share a DOI or another identifier; `paged`: their pages are the same; `text`: what their abstracts say.
    """
    if named or paged:
        return ""
    return (
        _uncertain_title(one, other)
        or _uncertain_doi(one, other)
        or _uncertain_kind(one, other)
        or _uncertain_place(one, other, text)
    )


def _uncertain_title(one: Features, other: Features) -> str:
    """Why the title may be that of several works, or nothing."""
    if one.part != other.part and not (one.part and other.part):
        return f"{max(one.part, other.part)} in one title only"
    if one.recurring or other.recurring:
        return "a title that recurs"
    if evidence.years_differ(one, other) and min(evidence.says(one.title), evidence.says(other.title)) < 1:
        return "a short title, and another year"
    return ""


def _uncertain_doi(one: Features, other: Features) -> str:
    """Why two DOIs, of which none is the same, need a look."""
    if not one.dois or not other.dois:
        return ""
    if any(map(is_preprint, one.dois)) != any(map(is_preprint, other.dois)):
        return "one has the DOI of a preprint"
    return "DOIs differ"


def _uncertain_kind(one: Features, other: Features) -> str:
    """Why the two may be versions of one work, or nothing."""
    if evidence.preprint(one, other):
        return "one is a preprint"
    if (_PROTOCOL.search(one.title) is None) != (_PROTOCOL.search(other.title) is None):
        return "one is a protocol"
    if one.form and other.form and one.form != other.form and "thesis" in {one.form, other.form}:
        return "one is a thesis"
    return ""


def _uncertain_place(one: Features, other: Features, text: float) -> str:
    """Why the two may have appeared apart, or nothing."""
    if one.container and other.container:
        return _container(one, other)
    if text > 0:
        return ""
    if {one.form, other.form} in ({"conference", "article"}, {"report", "article"}, {"article", "book"}):
        low, high = sorted((one.form, other.form))
        return f"one is said to be {low}, the other one {high}"
    bare = not (one.names and other.names) and not (one.years and other.years)
    if bare and not evidence.long_title(one.title, other.title):
        return "nothing but the title agrees"
    if not one.others and not other.others and word_replaced(one.title, other.title):
        return "each title has a word for another word of the other"
    return "" if one.container or other.container else _alone(one, other)


def _container(one: Features, other: Features) -> str:
    if evidence.pages(one, other)[0] < 0 and word_replaced(one.title, other.title):
        return "other pages, and each title has a word for another word of the other"
    placed = one.volume or other.volume or one.first or other.first
    if not placed or containers_alike(one.container, other.container) >= 0:
        return ""
    apart = one.volume == other.volume != 0 or titles_alike(one.title, other.title) < WEIGHTS.same_title
    return "another container, and no page in common" if apart else ""


def _alone(one: Features, other: Features) -> str:
    """Why two that appeared in nothing else may be two, or nothing."""
    if evidence.pages(one, other)[0] < 0:
        return "other numbers of pages"
    return _book(one, other)


def _book(one: Features, other: Features) -> str:
    """Why two that stand alone may be two books: creator, title and year are those of a book and its workbook too."""
    if one.isbns and other.isbns:
        return "" if in_common(one.isbns, other.isbns) else "ISBNs differ"
    if one.publisher and other.publisher:
        return "publishers differ" if evidence.publishers(one, other)[0] < 0 else ""
    if (one if one.publisher else other).form not in {"", "book"}:
        return ""  # an article or a report, deposited by its author
    if one.publisher or other.publisher:
        return "only one names its publisher, and nothing but title, creators and year agrees"
    if one.isbns or other.isbns or (one.form == "book") != (other.form == "book"):
        return "only one is said to be a book, and nothing but title, creators and year agrees"
    return ""
