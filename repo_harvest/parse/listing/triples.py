"""The readings of `parse.layouts` (a title, a byline, an abstract) as candidates: each draft is a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from repo_harvest.parse.byline import Byline
from repo_harvest.parse.document import Block
from repo_harvest.parse.layouts import LAYOUTS, View
from repo_harvest.parse.listing.candidates import Candidate, tightened
from repo_harvest.parse.listing.signs import Signs
from repo_harvest.parse.listing.tree import Tree

__all__ = ["propose"]


_READ = 1.05  # what units are worth whose bylines were read and not only recognised


def propose(tree: Tree, signs: Signs, read: Callable[[str], Byline | None]) -> Iterator[Candidate]:
    """One candidate for each reading that a layout proposes; `read` reads a byline."""
    places = [at for at, counts in enumerate(signs.counts) if counts]
    view = View.of((tree.lines[at] for at in places), read)
    for layout in LAYOUTS:
        for proposal in layout.propose(view):
            spans = []
            homes: list[Block] = []
            for draft in proposal.drafts:
                head = draft.head
                told = [*head.title, head.last, *draft.body, *draft.linking, *draft.doubtful]
                spans.append((places[min(told)], places[max(told)] + 1))
                block = tree.lines[places[min(told)]].block
                homes.append(block.parent or block)
            yield tightened(signs, spans, homes, layout.name)._replace(weight=_READ)
