"""The best candidate and those next to it in, one that covers a page whose list changes its form out.

Pages grow over years: the newest entries are list items, older ones paragraphs, books rows of a table. What another
candidate has where the best one has nothing joins it, if it is about as good and the whole is the better for it. What
stands under a heading such as Talks joins nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from repo_harvest.parse.listing.candidates import Candidate, Span
from repo_harvest.parse.listing.scoring import Score, judge
from repo_harvest.parse.listing.signs import Signs

__all__ = ["joined"]

_AS_GOOD = 0.8  # of the mean weight of the best candidate's units
_FEWEST = 2  # units that join
_BASES, _MOST_TRIED = 4, 12


def joined(signs: Signs, judged: Sequence[tuple[Candidate, Score]]) -> tuple[Candidate, Score]:
    """The best of the first candidates, each with the units of others where it has none."""
    wholes = [_joined(signs, base, judged[:_MOST_TRIED]) for base in judged[:_BASES]]
    return max(wholes, key=lambda whole: whole[1].total)


def _joined(
    signs: Signs, base: tuple[Candidate, Score], others: Sequence[tuple[Candidate, Score]]
) -> tuple[Candidate, Score]:
    """A candidate, with the units of others where it has none, as long as they make it better."""
    best, score = base
    for other, _ in others:
        apart = [
            at for at, span in enumerate(other.spans) if not signs.under_other[span[0]] and _is_free(best.spans, span)
        ]
        if len(apart) < _FEWEST:
            continue
        addition = other._replace(
            spans=tuple(other.spans[at] for at in apart), homes=tuple(other.homes[at] for at in apart)
        )
        added = judge(signs, addition)
        if added is None or added[1].count < _FEWEST or added[1].fill < _AS_GOOD * score.fill:
            continue
        whole = judge(signs, _together(best, added[0]))
        if whole and whole[1].count >= score.count + added[1].count and whole[1].total > score.total:
            best, score = whole
    return best, score


def _is_free(spans: Sequence[Span], span: Span) -> bool:
    """Whether a stretch of lines overlaps with none of these."""
    after = bisect_left(spans, span)
    return (after == len(spans) or spans[after][0] >= span[1]) and (not after or spans[after - 1][1] <= span[0])


def _together(one: Candidate, other: Candidate) -> Candidate:
    units = sorted(
        [*zip(one.spans, one.homes, strict=True), *zip(other.spans, other.homes, strict=True)], key=lambda unit: unit[0]
    )
    return Candidate(
        name=f"{one.name}, and {other.name}",
        spans=tuple(span for span, _ in units),
        homes=tuple(home for _, home in units),
        weight=min(one.weight, other.weight),
    )
