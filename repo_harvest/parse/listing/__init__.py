"""A page in, the list of publications on it: which lines belong together as one entry.

    document | tree, signs | boxes, starts, triples | weighing | sifting | scoring | joining | headings, beside | listings

Every way to cut the page into units is a candidate, none is tried first: boxes of one kind (`boxes`), lines of one kind
from which a unit goes on to the next (`starts`), titles with bylines and abstracts (`triples`). Candidates are compared by
what their units hold (`weighing`): a year, names, a title, details, as publications have them in any language and on any
site, and as menus, news and teaching do not. Classes and ids tell boxes of one kind apart; what they say is not read, but
for `author`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from repo_harvest.parse import byline
from repo_harvest.parse.byline import Byline
from repo_harvest.parse.document import Document, Line
from repo_harvest.parse.listing import boxes, starts, triples
from repo_harvest.parse.listing.beside import beside
from repo_harvest.parse.listing.candidates import Candidate
from repo_harvest.parse.listing.headings import headings
from repo_harvest.parse.listing.joining import joined
from repo_harvest.parse.listing.scoring import Score, judge
from repo_harvest.parse.listing.signs import Signs
from repo_harvest.parse.listing.tree import Tree
from repo_harvest.parse.unit import Unit

__all__ = ["Listing", "Score", "best", "propose"]

_Read = Callable[[str], Byline | None]

MOST = 8  # listings that are worth showing
_HIDDEN_IS_LIST = 2.0  # how many times better a list is with what is hidden, if the page hides entries and not details


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One way to read a page as a list. `name` tells people how it was found, `score` how well it explains the page."""

    name: str
    units: tuple[Unit, ...]
    score: Score


def propose(document: Document, *, most: int = MOST, read: _Read | None = None) -> tuple[Listing, ...]:
    """The `most` best ways to read a page as a list of publications, the best first; none if nothing on it looks like one.

    Entries that a page hides until somebody clicks (in a tab, under a year) are looked for, too, if what it shows has far
    fewer. `read` is `byline.read`; a caller who reads the same lines, too, may pass one that remembers.

    >>> from repo_harvest.parse.markup import read_html
    >>> text = "<h2>2015</h2><ul><li>Buck, G. Mentoring at the gate<li>Roe, J. What volunteers count</ul>"
    >>> [unit.text for unit in propose(read_html(text, location=""))[0].units]
    ['Buck, G. Mentoring at the gate', 'Roe, J. What volunteers count']
    """
    read = read or cache(byline.read)
    tree = Tree(document.lines)
    hidden = ["hidden" in line.marks for line in document.lines]
    listings = _listings(document.lines, tree, [not hides for hides in hidden], most, read)
    first = best(listings)
    belonging = sum(len(unit.hidden) for unit in first.units) if first else 0
    if sum(hidden) > 2 * belonging:
        everything = _listings(document.lines, tree, [True] * len(hidden), most, read)
        if everything and _HIDDEN_IS_LIST * _worth(listings) < _worth(everything):
            return everything
    return listings


def best(listings: Iterable[Listing]) -> Listing | None:
    """The listing that explains its page best; `None` if there is none."""
    return max(listings, key=lambda listing: listing.score.total, default=None)


def _worth(listings: Iterable[Listing]) -> float:
    found = best(listings)
    return found.score.total if found else 0.0


def _listings(lines: Sequence[Line], tree: Tree, counts: Sequence[bool], most: int, read: _Read) -> tuple[Listing, ...]:
    """The listings that are made of those lines that count, the best first."""
    signs = Signs(lines, tree, counts)
    judged = sorted(_judged(tree, signs, read), key=lambda found: -found[1].total)
    if judged:
        judged[0] = joined(signs, judged)
    return tuple(
        Listing(name=candidate.name, units=_units(signs, candidate), score=score) for candidate, score in judged[:most]
    )


def _judged(tree: Tree, signs: Signs, read: _Read) -> Iterator[tuple[Candidate, Score]]:
    """Every candidate that has units, once."""
    cuts, listings = set(), set()
    for proposed in (boxes.propose(tree, signs), starts.propose(tree, signs), triples.propose(tree, signs, read)):
        for candidate in proposed:
            if candidate.spans in cuts:
                continue
            cuts.add(candidate.spans)
            found = judge(signs, candidate)
            if found and found[0].spans not in listings:
                listings.add(found[0].spans)
                yield found


def _units(signs: Signs, candidate: Candidate) -> tuple[Unit, ...]:
    """The units of a candidate, with what is hidden in them or right behind them, and the links beside them."""
    nexts = [start for start, _ in candidate.spans[1:]] + [len(signs.lines)]
    over = headings(signs, candidate.spans)
    rows = beside(signs, candidate.spans)
    return tuple(
        _unit(signs, range(start, max(end, min(signs.counted_from[end], following))), row, told)
        for (start, end), following, row, told in zip(candidate.spans, nexts, rows, over, strict=True)
    )


def _unit(signs: Signs, inside: range, row: range, over: tuple[str, ...]) -> Unit:
    """The unit of these lines; what is hidden is the entry where nothing of it is shown."""
    told = [at for at in inside if signs.counts[at]]
    shown = [at for at in told if "hidden" not in signs.lines[at].marks] or told
    rest = {*inside, *row} - set(shown)
    return Unit(
        lines=tuple(signs.lines[at] for at in shown),
        hidden=tuple(signs.lines[at] for at in sorted(rest)),
        headings=over,
    )
