"""The units of one list in, what each of them cites out.

A page is mostly one style: every look that a title may have is tried on every unit, the look that fits best over all of
them is taken, and a unit is read otherwise only where that fits it much better. In the same way the page decides how
names are written where one text would leave it open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from repo_harvest.parse.citation import extras, habits, parts
from repo_harvest.parse.citation.abstracts import abstracts
from repo_harvest.parse.citation.fields import Citation
from repo_harvest.parse.citation.parts import Parts
from repo_harvest.parse.citation.people import Way
from repo_harvest.parse.citation.tape import Tape
from repo_harvest.parse.citation.titles import candidates
from repo_harvest.parse.unit import Unit

__all__ = ["read"]

_ABSENT = -1.0  # a unit in which a look is not found
_MARGIN, _MARGIN_OF_HABIT = 2.0, 3.5  # how much better another look must fit one unit; if nearly all have the look
_SAMPLE = 100  # units that show the style of a longer list
_LIKELY = 3  # looks that are tried on the rest
_HABIT = 0.8  # of the units
_RAREST = 0.1  # of the units that have a look which may be the page's
_FEWEST_FOR_HABIT = 5  # units
_WORTH_OF_SHARE = 2.0


def read(units: Sequence[Unit]) -> tuple[Citation, ...]:
    """What each unit cites, in their order.

    The time it takes grows with the length of the units.
    """
    tapes = [Tape.of(unit, lines) for unit, lines in zip(*abstracts(units), strict=True)]
    sample = tapes[:: max(1, len(tapes) // _SAMPLE)]
    tried = [_tried(tape, None) for tape in sample]
    way = _way(tried, _style(tried))
    if way is not None:
        tried = [
            _tried(tape, way) if any(_is_open(found, way) for found in each.values()) else each
            for tape, each in zip(sample, tried, strict=True)
        ]
    style, usual = _style(tried), _habits(tried)
    known = {id(tape): each for tape, each in zip(sample, tried, strict=True)}
    likely = frozenset(sorted(style, key=lambda look: style[look], reverse=True)[:_LIKELY])
    chosen = [_chosen(known.get(id(tape)) or _tried(tape, way, likely), style, usual) for tape in tapes]
    return extras.completed(tapes, habits.settled(tapes, chosen))


def _tried(tape: Tape, way: Way | None, likely: frozenset[str] = frozenset()) -> dict[str, Parts]:
    """The unit, read with each look that it has; looks that offer the same stretch are read once.

    With `likely` looks, only with those, unless it has none of them.
    """
    found: dict[str, Parts] = {}
    known: dict[tuple[int, int], Parts] = {}
    for look, span in candidates(tape, way, likely).items():
        if span not in known or look == "label":
            known[span] = parts.read(tape, look, span, way=way)
        found[look] = known[span]
    return found


def _style(tried: Sequence[dict[str, Parts]]) -> dict[str, float]:
    """What each look is worth on this page: its mean score, and a bonus for being everywhere."""
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for each in tried:
        for look, found in each.items():
            scores[look].append(found.score)
    count = max(len(tried), 1)
    return {
        look: (sum(told) + _ABSENT * (count - len(told))) / count + _WORTH_OF_SHARE * len(told) / count
        for look, told in scores.items()
        if len(told) >= _RAREST * count
    }


def _habits(tried: Sequence[dict[str, Parts]]) -> frozenset[str]:
    """The looks that nearly all units have."""
    counts = Counter(look for each in tried for look in each)
    return frozenset(
        look for look, count in counts.items() if count >= _HABIT * len(tried) and count >= _FEWEST_FOR_HABIT
    )


def _chosen(each: dict[str, Parts], style: dict[str, float], habits: frozenset[str]) -> Parts | None:
    """The reading of a unit: that of the page's look, or one that fits much better."""
    if not each:
        return None
    order = sorted(each, key=lambda look: style.get(look, _ABSENT), reverse=True)
    best = each[order[0]]
    margin = _MARGIN_OF_HABIT if order[0] in habits else _MARGIN
    for look in order[1:]:
        if each[look].score > best.score + margin + max(0.0, style.get(order[0], 0) - style.get(look, _ABSENT)) * 0.25:
            best = each[look]
    return best


def _way(tried: Sequence[dict[str, Parts]], style: dict[str, float]) -> Way | None:
    """How the page writes people: what most of its units prove."""
    votes: Counter[Way] = Counter()
    habits = _habits(tried)
    for each in tried:
        found = _chosen(each, style, habits)
        if found and found.people and found.people.proves:
            votes[found.people.way] += 1
    return votes.most_common(1)[0][0] if votes else None


def _is_open(found: Parts, way: Way) -> bool:
    return found.people is None or (not found.people.proves and found.people.way is not way)
