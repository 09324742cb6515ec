"""Each box of one kind is a unit: list items, rows, paragraphs, tables, whatever repeats, at any depth.

All kinds of boxes are proposed, and none is preferred: that list items are likelier to be publications than cells of a
table shows in what they hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from repo_harvest.parse.document import Block
from repo_harvest.parse.listing.candidates import Candidate, tightened
from repo_harvest.parse.listing.signs import Signs
from repo_harvest.parse.listing.tree import Tree

__all__ = ["propose"]


def propose(tree: Tree, signs: Signs) -> Iterator[Candidate]:
    """One candidate for each kind of box."""
    kinds: dict[Hashable, tuple[str, list[Block]]] = {}
    for block in tree.span:
        for name, kind in tree.kinds(block):
            kinds.setdefault(kind, (name, []))[1].append(block)
    for name, blocks in kinds.values():
        starts = [tree.span[block][0] for block in blocks]
        nexts = [*starts[1:], len(tree.lines)]
        spans = [
            (start, min(tree.span[block][1], following) if following > start else start)
            for block, start, following in zip(blocks, starts, nexts, strict=True)
        ]
        yield tightened(signs, spans, [block.parent or block for block in blocks], name)
