"""A page as a sequence of lines: what HTML and plain text both become before anybody looks for entries.

A `Line` is what a reader sees as one: a paragraph, a heading, a list item, or what stands between two line breaks.
It knows how it looks, as a whole (`marks`) and run by run, where its links go, and which block of the page it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from repo_harvest.model import Link, Problem
from repo_harvest.parse.orcid import NameLink

__all__ = ["HEADINGS", "Block", "Document", "Line", "Run", "common"]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_DEEPEST_PLACE = 8  # steps of a place; a person finds the spot by the last ones


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """A box of the page that holds lines or other boxes. `name` is such as `p[4]`, or `#publications` for an id.

    `tag` is its element, `labels` what its author calls it: classes, id and itemprop, in lower case.
    """

    name: str
    parent: Block | None = None
    depth: int = 0
    tag: str = ""
    labels: frozenset[str] = frozenset()

    def ancestors(self) -> Iterator[Block]:
        """The block itself, its parent, and so on to the page."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def at(self, depth: int) -> Block:
        """The block itself or its ancestor at that depth."""
        return next(block for block in self.ancestors() if block.depth <= depth)

    def within(self, other: Block) -> bool:
        """Whether this block is the other one or inside it."""
        return self.depth >= other.depth and self.at(other.depth) is other

    def is_like(self, other: Block) -> bool:
        """Whether both stand in the same box and are of the same kind."""
        return self.parent is other.parent and self.name.partition("[")[0] == other.name.partition("[")[0]

    @property
    def place(self) -> str:
        """The way to it for people: from the nearest id or the top, at most eight steps."""
        steps: list[str] = []
        for block in self.ancestors():
            if len(steps) == _DEEPEST_PLACE:
                steps.append("…")
                break
            steps.append(block.name)
            if block.name.startswith("#"):
                break
        return "/".join(reversed(steps))


def common(one: Block, other: Block) -> Block:
    """The innermost block that both stand in."""
    depth = min(one.depth, other.depth)
    one, other = one.at(depth), other.at(depth)
    while one is not other:
        assert one.parent is not None
        assert other.parent is not None
        one, other = one.parent, other.parent
    return one


class Run(NamedTuple):
    """A stretch of a line that looks one way. `href` is where it links to; `labels` are those of inline elements around it."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as a reader sees it, never blank.

    `marks` hold what is true of all its words: `h1`…`h6`, `bold`, `italic`, `link`, `item` (of a list), `hidden` (a
    browser shows it only after a click, if at all). `name_links` are its links to ORCID iDs. `after_rule` says that a horizontal rule stands before it,
    `after_blank` a blank line. `runs` are its parts; together they are its text.
    """

    text: str
    block: Block
    place: str
    marks: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    name_links: tuple[NameLink, ...] = ()
    after_rule: bool = False
    after_blank: bool = False
    runs: tuple[Run, ...] = ()

    @property
    def level(self) -> int | None:
        """Which heading it is, from 1 to 6."""
        if self.marks.isdisjoint(HEADINGS):
            return None
        return next(number for number, name in enumerate(HEADINGS, 1) if name in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The lines of a page's content in reading order, hidden ones too, and what went wrong on the way."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines that a reader sees."""
        return tuple(line for line in self.lines if "hidden" not in line.marks)
