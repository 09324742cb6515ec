"""What layouts work on and what they propose.

A `View` is a document with each line judged by itself once; a `Head` is where an entry starts, its title and its byline;
a `Draft` is a head with its abstract; a `Proposal` is one reading of the whole page. Lines are named by their index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from repo_harvest.parse import byline
from repo_harvest.parse.byline import Byline, Strength
from repo_harvest.parse.document import Line
from repo_harvest.parse.text import is_prose

__all__ = ["Draft", "Head", "Proposal", "View", "score"]

_LONGEST_TITLE, _LONGEST_PROSE_TITLE = 600, 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The lines of a page, what each says if it is a byline, and which are running text."""

    lines: tuple[Line, ...]
    bylines: tuple[Byline | None, ...]
    prose: tuple[bool, ...]

    @classmethod
    def of(cls, lines: Iterable[Line], read: Callable[[str], Byline | None] = byline.read) -> View:
        """The view of these lines; `read` is `byline.read`, perhaps one that remembers."""
        lines = tuple(lines)
        return cls(
            lines=lines,
            bylines=tuple(read(line.text) for line in lines),
            prose=tuple(is_prose(line.text) for line in lines),
        )

    def strength(self, at: int) -> int:
        """How far the line at this index proves to be a byline; 0 if it is none or there is no such line."""
        found = self.bylines[at] if 0 <= at < len(self.lines) else None
        return found.strength if found else 0

    def is_title(self, at: int) -> bool:
        """Whether the line at this index can be a title."""
        if not 0 <= at < len(self.lines):
            return False
        return len(self.lines[at].text) <= (_LONGEST_PROSE_TITLE if self.prose[at] else _LONGEST_TITLE)

    def is_prose(self, at: int) -> bool:
        """Whether there is a line at this index and it is running text."""
        return 0 <= at < len(self.lines) and self.prose[at]

    def looks_like_byline(self, at: int) -> bool:
        """Whether a line between a title and an abstract may be a byline that cannot be read."""
        text = self.lines[at].text
        return not self.prose[at] and (self.bylines[at] is not None or "(" in text or any(map(str.isdigit, text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The lines of a title, and the line of the byline if there is one."""

    title: tuple[int, ...]
    byline: int | None

    @property
    def last(self) -> int:
        """The line after which the abstract may start."""
        return max(self.title[-1], -1 if self.byline is None else self.byline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One entry: its head, the lines of its abstract, lines that only link or identify, and those that were left out.

    `doubtful` lines follow the list's last abstract and read like it, but seem to be the page's own words.
    """

    head: Head
    body: tuple[int, ...]
    linking: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A reading of the whole page, and the name of the layout that it would be."""

    layout: str
    drafts: Sequence[Draft]


_WORTH = {0: 0.0, Strength.NAMED: 1.0, Strength.UNDATED: 2.0, Strength.LIKELY: 2.0, Strength.CERTAIN: 4.0}
_WORTH_OF_ABSTRACT = 1.0
_COST_OF_ODD_LINE, _MOST_ODD_LINES = 0.5, 4  # a short line inside an abstract
_COST_OF_PROSE_TITLE = 1.0


def score(view: View, proposal: Proposal) -> float:
    """How much of the page a reading explains: bylines read and abstracts found, less what is in the wrong place."""
    return sum(_worth(view, draft) for draft in proposal.drafts)


def _worth(view: View, draft: Draft) -> float:
    at = draft.head.byline
    worth = _WORTH[view.strength(at) if at is not None else 0]
    if any(view.prose[line] for line in draft.body):
        worth += _WORTH_OF_ABSTRACT
    odd = sum(not view.prose[line] and "item" not in view.lines[line].marks for line in draft.body)
    worth -= _COST_OF_ODD_LINE * min(odd, _MOST_ODD_LINES)
    worth -= sum(_WORTH[Strength.CERTAIN] for line in draft.body if view.strength(line) == Strength.CERTAIN)
    if any(view.prose[line] for line in draft.head.title):
        worth -= _COST_OF_PROSE_TITLE
    return worth
