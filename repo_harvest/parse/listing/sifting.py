"""The units of a candidate in, those that are publications out: without headings, menus, and lists of other things.

What is weak is judged by its neighbours: by what is usual on the page, by the best section of it, and by the box it is in.
So a list of works without names or years stays where all are so, and a list of talks goes where there are better ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from repo_harvest.parse.document import Block
from repo_harvest.parse.listing.signs import Signs
from repo_harvest.parse.listing.weighing import Weighed

__all__ = ["sifted"]

_LEAST = 0.3  # weight without which nothing is an entry
_LEAST_OF_USUAL = 0.5
_LEAST_OF_SECTION, _LEAST_OF_OTHER = 0.6, 0.9  # of the best section's weight; under a heading such as Talks
_SURE = 3  # units that make a section as good as its mean
_PER_UNIT_MISSING = 0.1
_LARGE = 4  # units in a box that make it a section of its own
_FEW = 0.34  # of the units
_WEAK = 0.2
_MOST = 0.7  # of the units
_LEAST_OF_STRAY = 0.75  # of the usual weight, in a box of another kind than most


class _Section(NamedTuple):
    """What stands under one heading, or in one box of several units; `other` if the heading announces something else."""

    heading: int
    box: Block | None
    other: bool


def sifted(signs: Signs, units: Sequence[Weighed]) -> list[Weighed]:
    """Those units that look like publications, in their order."""
    kept = _without_headings(units, [at for at, unit in enumerate(units) if unit.weight >= _LEAST])
    usual = median(units[at].weight for at in kept) if kept else 0.0
    kept = [at for at in kept if units[at].weight >= _LEAST_OF_USUAL * usual]
    kept = _without_sections(signs, units, kept)
    kept = _without_strays(signs, units, _in_good_sections(signs, units, kept))
    return [units[at] for at in _with_weak_ones(units, kept)]


def _without_headings(units: Sequence[Weighed], kept: list[int]) -> list[int]:
    """Those units that are more than a heading, unless most are headings."""
    headings = {at for at in kept if units[at].found.headings == units[at].found.lines}
    return kept if 2 * len(headings) > len(kept) else [at for at in kept if at not in headings]


def _without_sections(signs: Signs, units: Sequence[Weighed], kept: list[int]) -> list[int]:
    """Those units that hold no heading of a section, which is one that few units have; where many do, it is their title."""
    few = _FEW * len(kept)
    firsts = {at: units[at].span[0] for at in kept}
    strange = _higher({at: level for at, first in firsts.items() if (level := signs.lines[first].level)}, len(kept))
    levels = [at for at in kept if units[at].found.levels]
    if len(levels) <= few:
        strange.update(levels)
    bold = [at for at, first in firsts.items() if "bold" in signs.lines[first].marks]
    if len(bold) <= few:
        strange.update(at for at in bold if signs.is_heading(firsts[at]))
    return [at for at in kept if at not in strange]


def _higher(levels: dict[int, int], count: int) -> set[int]:
    """Those that start with a heading of a higher level than most of the units do."""
    if not levels:
        return set()
    usual, how_many = Counter(levels.values()).most_common(1)[0]
    return {at for at, level in levels.items() if level < usual} if 2 * how_many > count else set()


def _without_strays(signs: Signs, units: Sequence[Weighed], kept: list[int]) -> list[int]:
    """Those units that are in boxes like those of most others, or that weigh about as much."""
    if not kept:
        return []
    ways = {at: signs.looks[units[at].span[0]][0] for at in kept}
    usual, count = Counter(ways.values()).most_common(1)[0]
    if count < _MOST * len(kept):
        return kept
    least = _LEAST_OF_STRAY * median(units[at].weight for at in kept)
    return [at for at in kept if ways[at] == usual or units[at].weight >= least]


def _in_good_sections(signs: Signs, units: Sequence[Weighed], kept: list[int]) -> list[int]:
    """The units of those sections that hold nothing much weaker than the best one, and not mostly what is no unit."""
    if not kept:
        return []
    names = _sections(signs, units)
    sizes = Counter(names)
    sections: dict[_Section, list[float]] = {}
    for at in kept:
        sections.setdefault(names[at], []).append(units[at].weight)
    means = {
        name: sum(weights) / len(weights) * (1 + len(weights) / sizes[name]) / 2 for name, weights in sections.items()
    }
    sure = {name: mean * (1 - _PER_UNIT_MISSING * max(0, _SURE - len(sections[name]))) for name, mean in means.items()}
    least = _LEAST_OF_SECTION * max(sure.values())
    least_of_other = max(least, _LEAST_OF_OTHER * max((means[name] for name in means if not name.other), default=0.0))
    good = {name for name, mean in means.items() if mean >= (least_of_other if name.other else least)}
    return [at for at in kept if names[at] in good]


def _sections(signs: Signs, units: Sequence[Weighed]) -> list[_Section]:
    """For each unit its section: the last heading that stands between units, and the box if that holds several."""
    sizes = Counter(unit.home for unit in units)
    names: list[_Section] = []
    heading, end = -1, 0
    for unit in units:
        start = unit.span[0]
        last = signs.section[start - 1] if start else -1
        if last >= end:
            heading = last
        end = unit.span[1]
        box = unit.home if sizes[unit.home] >= _LARGE else None
        names.append(_Section(heading, box, signs.under_other[start]))
    return names


def _with_weak_ones(units: Sequence[Weighed], kept: list[int]) -> list[int]:
    """The units with those between two of them in one box that have little to tell, if most in that box have more."""
    sizes, good = Counter(unit.home for unit in units), Counter(units[at].home for at in kept)
    found: list[int] = []
    for before, after in pairwise(kept):
        found.append(before)
        home = units[before].home
        if units[after].home is home and good[home] >= _MOST * sizes[home]:
            found += [at for at in range(before + 1, after) if _is_weak(units[at])]
    return found + kept[-1:]


def _is_weak(unit: Weighed) -> bool:
    return unit.weight >= _WEAK and unit.found.menu < unit.found.lines and not unit.found.headings
