"""A stretch of lines in, how much speaks for its being one publication out: between 0 and 1.

A year, names and a title weigh about the same; what else publications have (pages, identifiers, words that stand out)
weighs a little less, as styles differ most in it. A year of a heading, and a name that stands alone, weigh part of it.
"""

from __future__ import annotations

from typing import NamedTuple

from repo_harvest.parse.document import Block
from repo_harvest.parse.listing.candidates import Candidate, Span
from repo_harvest.parse.listing.signs import Evidence, Signs

__all__ = ["Weighed", "weighed"]

_YEAR, _NAMES, _TITLE, _DETAILS = 0.3, 0.25, 0.25, 0.2
_YEAR_OF_HEADING, _YEAR_OF_DAY, _MAYBE_NAMES = 0.6, 0.4, 0.6
_DETAIL = 0.5  # two kinds of details are as good as three
_LITTLE = 15  # characters; less is no entry in any script, unless it stands out
_MENU = 0.3  # of what a unit weighs that is nothing but short links
_SEVERAL = 0.75  # of what a unit weighs that may be several


class Weighed(NamedTuple):
    """One unit of a candidate: its lines, the box in which it has its like, what it has, and what that weighs."""

    span: Span
    home: Block
    found: Evidence
    weight: float


def weighed(signs: Signs, candidate: Candidate) -> list[Weighed]:
    """The units of a candidate, each weighed."""
    units = []
    for span, home in zip(candidate.spans, candidate.homes, strict=True):
        found = signs.over(*span)
        units.append(Weighed(span, home, found, _weight(found, under_year=signs.under_year[span[1] - 1])))
    return units


def _weight(found: Evidence, *, under_year: bool) -> float:
    if found.size < _LITTLE and not found.stands_out:
        return 0.0
    year = 1.0 if found.year else _YEAR_OF_HEADING * under_year
    if found.day and found.year == found.day and not found.names:
        year = _YEAR_OF_DAY
    names = 1.0 if found.names else _MAYBE_NAMES * (found.maybe_names > 0)
    details = _DETAIL * ((found.identifier > 0) + (found.pages > 0) + (found.stands_out > 0))
    weight = _YEAR * year + _NAMES * names + _TITLE * (found.title > 0) + _DETAILS * min(1.0, details)
    if found.lines == found.menu:
        weight *= _MENU
    if found.year > 1 and found.maybe_names > 1 and found.title - found.prose > 1:
        weight *= _SEVERAL
    return weight
