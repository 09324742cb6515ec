"""Lines in, the boxes around them: which stretch of lines each box holds, and which boxes are of one kind.

Boxes of one kind have the same way of elements from the top (`body/div/ul/li`), so that a list that is split over several
parents is still one; or the same way with the same classes; or the same element and classes wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence

from repo_harvest.parse.document import Block, Line

__all__ = ["Tree"]

_STILL_OPEN = -1
_DIGITS = re.compile(r"[0-9]+")


class Tree:
    """The boxes of a document."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.span: dict[Block, tuple[int, int]] = {}
        self.blanks = {line.block for line in lines if line.after_blank}
        self._ways: dict[Block, int] = {}
        self._numbers: dict[Hashable, int] = {}
        self._open: list[Block] = []
        self.shared: list[int] = []  # for each line the depth of the innermost box that it shares with the one before
        for at, line in enumerate(lines):
            self.shared.append(self._move(line.block, at))
        self._move(Block(name="end"), len(lines))

    def _move(self, block: Block, at: int) -> int:
        """Close the boxes that end before a line, and open those that begin with it; how deep those are that stay."""
        new: list[Block] = []
        for above in block.ancestors():
            if above in self.span and self.span[above][1] == _STILL_OPEN:
                break
            new.append(above)
        else:
            above = None
        while self._open and self._open[-1] is not above:
            closed = self._open.pop()
            self.span[closed] = (self.span[closed][0], at)
        for below in reversed(new):
            self.span[below] = (self.span.get(below, (at, at))[0], _STILL_OPEN)
            self._open.append(below)
        return above.depth if above is not None else -1

    def way(self, block: Block) -> int:
        """The number of the way of elements to a box: the same for boxes of the same kind."""
        missing: list[Block] = []
        above: Block | None = block
        while above is not None and above not in self._ways:
            missing.append(above)
            above = above.parent
        number = self._ways[above] if above is not None else 0
        for below in reversed(missing):
            number = self._numbers.setdefault((number, below.tag), len(self._numbers) + 1)
            self._ways[below] = number
        return number

    def kinds(self, block: Block) -> Iterator[tuple[str, Hashable]]:
        """What kinds a box is of, each with words for people."""
        way, labels = self.way(block), _told(block)
        yield f"each {block.tag or 'part'}", way
        yield f"each {block.tag or 'part'} anywhere", block.tag
        if labels:
            yield f"each {block.tag} with its class", (way, labels)
            yield f"each {block.tag} of a class", (block.tag, labels)


def _told(block: Block) -> frozenset[str]:
    """The classes of a box; a name with a number in it is an entry's own, or counts odd and even."""
    own = block.name[1:].lower() if block.name.startswith("#") else ""
    return frozenset(label for label in block.labels if label != own and not _DIGITS.search(label))
