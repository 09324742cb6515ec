"""What a run does, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from repo_harvest.model.page import Problem
from repo_harvest.model.shape import Shape

__all__ = ["Change", "Kind", "Outcome", "Run"]


class Kind(StrEnum):
    """What a run does to one entry or item. `MISSING` is left as it is: more runs must agree before it is `GONE`."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MERGED = "merged"
    MISSING = "missing"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a run does: the kind, the item's OAI identifier and title, and the reason in words."""

    kind: Kind
    identifier: str
    title: str
    reason: str


class Outcome(StrEnum):
    """How a run ended. `DIED` is given by a later run to one that never said."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    DIED = "died"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a source: `seen` = new + changed + same + merged + refused; `missing` and `gone` count beside it.

    `id` is its number in the ledger, once it has one; `started` and `ended` are UTC seconds since 1970; `message` is the reason when it did not end as `DONE`; `shape` is
    that of the page, when one was read and ended so; `datestamp` is the one that moved items got, `None` when none moved.
    """

    source: str
    started: int
    id: int | None = None
    ended: int | None = None
    outcome: Outcome = Outcome.RUNNING
    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    refused: int = 0
    missing: int = 0
    gone: int = 0
    message: str = ""
    problems: tuple[Problem, ...] = ()
    shape: Shape | None = None
    datestamp: int | None = None

    @property
    def seen(self) -> int:
        """How many entries the page listed."""
        return self.new + self.changed + self.same + self.merged + self.refused

    @property
    def came_of(self) -> str:
        """In words: the outcome, what became of the entries read, then what is missing and gone; and the reason.

        >>> Run(source="page", started=0, outcome=Outcome.DONE, new=2, same=8, gone=1).came_of
        'done; 10 entries: 2 new, 8 same; 1 gone'
        """
        read, lost = self._counts("new", "changed", "same", "merged", "refused"), self._counts("missing", "gone")
        told = f"{self.seen} entries: {read}" if read else ""
        return "; ".join(part for part in (str(self.outcome), told, lost, self.message) if part)

    def _counts(self, *names: str) -> str:
        return ", ".join(f"{getattr(self, name)} {name}" for name in names if getattr(self, name))
