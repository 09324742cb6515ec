"""A candidate in, the units of it that look like publications and how well they explain the page.

A listing is worth the sum of a power of its units' weights. So a cut through entries loses (a title here and a year there
are worth less than both together), and so does one that leaves two entries in one unit. What lies between units, units
that differ in what they have or in how they begin, edges in the midst of units and text that is not covered take some of
it away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from repo_harvest.parse.listing.candidates import Candidate, Span
from repo_harvest.parse.listing.sifting import sifted
from repo_harvest.parse.listing.signs import Evidence, Signs, is_dated_alone
from repo_harvest.parse.listing.weighing import Weighed, weighed

__all__ = ["Score", "judge"]

_POWER = 2.5
_ALONE = 0.8  # what a listing of one unit is worth
_SAMENESS, _BEGINNINGS, _GAPS, _BADLY_CUT = 0.5, 0.3, 0.6, 0.6  # what is lost if all of it is amiss
_SURE, _LEAST_OF_FEW = 3, 0.58  # fewer units than that prove nothing with a title and a year alone
_OTHER = 0.5  # what units under a heading such as Talks lose
_COVERAGE = 0.15  # a power
_GAP_OF_HEADINGS = 0.5
_MANY_LINES = 8

_ALIKE = tuple(map(Evidence._fields.index, ("year", "names", "title", "stands_out", "headings")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a listing explains its page. Shares are between 0 and 1.

    `titles`, `years` and `names` are the shares of units that have them, `fill` the mean weight of what units have,
    `sameness` how alike they are in it, `beginnings` the share that begin alike, `gaps` the share with lines between them
    and the next that belong to neither, `badly_cut` the share that begin where no entry does, `covered` the share of the
    page's text that is in units. `total` is what listings are compared by.
    """

    count: int
    titles: float
    years: float
    names: float
    fill: float
    sameness: float
    beginnings: float
    gaps: float
    badly_cut: float
    covered: float
    total: float


def judge(signs: Signs, candidate: Candidate) -> tuple[Candidate, Score] | None:
    """The candidate without what is no publication, and its score; `None` if nothing is left."""
    units = sifted(signs, weighed(signs, candidate))
    if not units or (len(units) < _SURE and sum(unit.weight for unit in units) < _LEAST_OF_FEW * len(units)):
        return None
    chosen = candidate._replace(spans=tuple(unit.span for unit in units), homes=tuple(unit.home for unit in units))
    return chosen, _score(signs, candidate.weight, units)


def _score(signs: Signs, factor: float, units: Sequence[Weighed]) -> Score:
    count = len(units)
    spans = [unit.span for unit in units]
    sameness, gaps, badly_cut = _sameness(units), _gaps(signs, spans), _badly_cut(signs, spans)
    beginnings = Counter(signs.looks[start] for start, _ in spans).most_common(1)[0][1] / count
    covered = sum(unit.found.size for unit in units) / max(signs.size, 1)
    total = factor * sum(unit.weight**_POWER for unit in units) * covered**_COVERAGE * (_ALONE if count == 1 else 1.0)
    total *= (1 - _SAMENESS * (1 - sameness)) * (1 - _BEGINNINGS * (1 - beginnings))
    total *= 1 - _OTHER * sum(signs.under_other[start] for start, _ in spans) / count
    total *= (1 - _GAPS * gaps) * (1 - _BADLY_CUT * badly_cut)
    return Score(
        count=count,
        titles=sum(unit.found.title > 0 for unit in units) / count,
        years=sum(unit.found.year > 0 or signs.under_year[unit.span[1] - 1] for unit in units) / count,
        names=sum(unit.found.maybe_names > 0 for unit in units) / count,
        fill=sum(unit.weight for unit in units) / count,
        sameness=sameness,
        beginnings=beginnings,
        gaps=gaps,
        badly_cut=badly_cut,
        covered=covered,
        total=total,
    )


def _gaps(signs: Signs, spans: Sequence[Span]) -> float:
    """The share of units that have other lines between them and the next, but for years, which are headings."""
    found = 0.0
    for (_, end), (start, _) in pairwise(spans):
        if signs.counted_from[end] == start:
            continue
        between = signs.over(end, start)
        lines = between.lines - between.menu
        if not lines or (lines == 1 and is_dated_alone(signs.lines[signs.counted_from[end]].text)):
            continue
        found += _GAP_OF_HEADINGS if between.headings == lines else 1.0
    return found / max(len(spans) - 1, 1)


def _badly_cut(signs: Signs, spans: Sequence[Span]) -> float:
    """The share of units that start where no entry does: with running text or a menu, or not at their strongest edge."""
    found = 0
    for start, end in spans:
        first, edge = signs.of[start], signs.edges[start]
        starts_ill = first.menu or (first.prose and end > start + 1 and not first.names)
        found += bool(starts_ill) or min(signs.edges[start + 1 : end], default=edge) < edge
    return found / len(spans)


def _sameness(units: Sequence[Weighed]) -> float:
    """How alike units are: for each thing to have, how far most agree; the same for how many lines they take."""
    count = len(units)
    shares = [sum(unit.found[field] > 0 for unit in units) / count for field in _ALIKE]
    lengths = Counter(min(unit.found.lines, _MANY_LINES).bit_length() for unit in units)
    agreed = [2 * max(share, 1 - share) - 1 for share in shares] + [lengths.most_common(1)[0][1] / count]
    return sum(agreed) / len(agreed)
