"""The layouts of pages, as a table: each proposes a whole list of entries, and the one that explains most is taken.

To add a layout, write a function from a `View` to the readings it proposes, in a module here, and add a row. Layouts do
not know each other, and none is tried first: all are, and `drafts.score` decides; the earlier row wins a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from repo_harvest.parse.layouts import bare, marked
from repo_harvest.parse.layouts.drafts import Draft, Head, Proposal, View, score

__all__ = ["LAYOUTS", "Draft", "Head", "Layout", "Proposal", "View", "best"]


class Layout(NamedTuple):
    """A row of the table: what reads like this, and how it is found."""

    name: str
    propose: Callable[[View], Iterable[Proposal]]


LAYOUTS = (
    Layout("titles that look alike, each followed by a byline and an abstract", marked.propose),
    Layout("titles that nothing marks, each followed by a byline and an abstract", bare.propose),
)


def best(view: View) -> Proposal | None:
    """The reading that explains most of the page; `None` if no layout finds an entry."""
    proposals = [proposal for layout in LAYOUTS for proposal in layout.propose(view)]
    return max(proposals, key=lambda proposal: score(view, proposal), default=None)
