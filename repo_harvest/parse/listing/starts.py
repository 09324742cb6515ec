"""A unit starts at each line of one kind and goes on to the next: entries of several boxes, or of lines in one box.

Lines are of one kind if they look alike and stand in boxes of one kind: the bold ones, the numbered ones, those after a
blank line, the terms of a definition list. A unit ends early at a heading, and where the box ends in which it has its
like; what follows the last of them in its box is cut to the length of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from repo_harvest.parse.document import HEADINGS, Block
from repo_harvest.parse.listing.candidates import Candidate, Span, tightened
from repo_harvest.parse.listing.signs import Signs, is_dated_alone, numbering
from repo_harvest.parse.listing.topics import announces
from repo_harvest.parse.listing.tree import Tree

__all__ = ["propose"]

_EARLIER, _COUNTED = 0.95, 0.9  # what units are worth that start before what marks them, or that nothing marks
_MOST_KINDS = 40  # of the most frequent; a page that needs more has no list
_USUAL_LENGTH = 0.95  # of the units are no longer
_STEPS = (2, 3, 4)  # lines of an entry that nothing marks
_OF_A_KIND = "each line of a kind"
_PAIR = 2  # lengths of which none is odd
_LOOKS = frozenset({"bold", "italic", "link"})


def propose(tree: Tree, signs: Signs) -> Iterator[Candidate]:
    """One candidate for each of the most frequent kinds of lines, and one in which units start a line earlier."""
    kinds: dict[Hashable, tuple[str, list[int]]] = {}
    for at in range(len(tree.lines)):
        if signs.counts[at]:
            for name, kind in _kinds(tree, at):
                kinds.setdefault(kind, (name, []))[1].append(at)
    several = [(name, alike) for name, alike in kinds.values() if len(alike) > 1]
    tried: set[tuple[int, ...]] = set()
    for name, alike in sorted(several, key=lambda kind: -len(kind[1]))[:_MOST_KINDS]:
        starts = _without_sections(signs, alike)
        if name != _OF_A_KIND and tuple(starts) in tried:
            continue
        tried.add(tuple(starts))
        yield _cut(tree, signs, starts, f"from {name} to the next")
        earlier = [before - 1 for start in starts if (before := signs.counted_before[start])]
        found = _cut(tree, signs, earlier, f"from the line before {name} to the next", titled=True)
        yield found._replace(weight=_EARLIER)
        if name == _OF_A_KIND:
            for step in _STEPS:
                found = _cut(tree, signs, _every(signs, starts, step), f"every {step} lines of a kind")
                yield found._replace(weight=_COUNTED)


def _kinds(tree: Tree, at: int) -> Iterator[tuple[str, Hashable]]:
    """What kinds of lines a line is of."""
    line = tree.lines[at]
    way = tree.way(line.block)
    first = tree.span[line.block][0] == at
    yield _OF_A_KIND, (way, "line")
    if first:
        for _, kind in tree.kinds(line.block):
            yield "each box of a kind", (kind, "first")
    for mark in sorted(line.marks - {"item", "hidden"}):
        yield f"each line in {mark}", (way, mark)
        yield f"each line in {mark} anywhere", mark
    if line.runs and not line.marks & _LOOKS:
        run = line.runs[0]
        look = "bold" if run.bold else "italic" if run.italic else "link" if run.href else ""
        if look:
            yield f"each line that starts in {look}", (way, "starts", look)
    if number := numbering(line.text):
        yield "each numbered line", (number, "number")
    if line.after_blank or (first and line.block in tree.blanks):
        yield "each line after a blank one", (way, "blank")
    if line.after_rule:
        yield "each line after a rule", "rule"


def _every(signs: Signs, starts: Sequence[int], step: int) -> list[int]:
    """The first of each so many lines, counted anew after each heading."""
    found: list[int] = []
    count, heading = 0, -1
    for start in starts:
        if signs.next_heading[start] != heading:
            count, heading = 0, signs.next_heading[start]
        if count % step == 0:
            found.append(start)
        count += 1
    return found


def _without_sections(signs: Signs, starts: Sequence[int]) -> list[int]:
    """The lines without those that are headings of sections: years, kinds, and headings among lines that mostly are none."""
    headings = {at for at in starts if signs.is_heading(at)}
    years = {at for at in headings if is_dated_alone(text := signs.lines[at].text) or announces(text)}
    marked = sum("bold" in signs.lines[at].marks or signs.lines[at].level is not None for at in starts)
    left_out = years if 2 * marked > len(starts) else headings
    return [at for at in starts if at not in left_out]


def _cut(tree: Tree, signs: Signs, starts: Sequence[int], name: str, *, titled: bool = False) -> Candidate:
    """The units that start at these lines; `titled` if what marks them is a title further down."""
    stop = _stops(signs, starts, titled=titled)
    spans: list[Span] = []
    open_ended: list[int] = []
    homes = _homes(tree, starts)
    for number, ((start, following), home) in enumerate(
        zip(pairwise([*starts, len(tree.lines)]), homes, strict=True),
    ):
        end = max(min(following, tree.span[home][1], stop[start + 1]), start + 1)
        if end != following or following == len(tree.lines):
            open_ended.append(number)
        spans.append((start, end))
    _shorten(spans, open_ended)
    return tightened(signs, spans, homes, name)


def _stops(signs: Signs, starts: Sequence[int], *, titled: bool) -> list[int]:
    """For each line the next at which a unit ends: any heading, or if units have headings as titles, one of a section."""
    if not titled and 2 * sum(map(signs.is_heading, starts)) <= len(starts):
        return signs.next_heading
    level = min((level for at in starts if (level := signs.lines[at].level)), default=len(HEADINGS) + 1)
    return signs.next_above(level)


def _homes(tree: Tree, starts: Sequence[int]) -> list[Block]:
    """For each start the smallest box that holds another one, too."""
    shared = [min(tree.shared[one + 1 : other + 1]) for one, other in pairwise(starts)]
    blocks = [tree.lines[start].block for start in starts]
    return [
        block.at(max(around)) if (around := shared[max(at - 1, 0) : at + 1]) else block
        for at, block in enumerate(blocks)
    ]


def _shorten(spans: list[Span], open_ended: Sequence[int]) -> None:
    """Cut the units that no other follows to what the longest of the others, but for odd ones, has."""
    ends = set(open_ended)
    lengths = sorted(end - start for number, (start, end) in enumerate(spans) if number not in ends)
    if lengths:
        most = lengths[int(_USUAL_LENGTH * (len(lengths) - 1))] if len(lengths) > _PAIR else lengths[-1]
    else:
        most = Counter(end - start for start, end in spans).most_common(1)[0][0] if spans else 0
    for number in open_ended:
        start, end = spans[number]
        spans[number] = (start, min(end, start + most))
