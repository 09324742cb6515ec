"""What can be seen before anything is published: how a page is understood, and what a run would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from repo_harvest.model.record import Record
from repo_harvest.model.run import Kind

__all__ = ["Foreseen", "Found", "Understood"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One entry as it was read: its title, and its other fields as (name, value, where it stood)."""

    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would become of one item: what it says now, `None` for a new one, and what it would say, `None` once deleted."""

    kind: Kind
    identifier: str
    reason: str
    was: Record | None = None
    now: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a preview found: in words, and of `entries` and `changes` the first ones of so many."""

    summary: str
    entries: tuple[Understood, ...] = ()
    count_entries: int = 0
    changes: tuple[Foreseen, ...] = ()
    count_changes: int = 0
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "summary": self.summary,
            "entries": [{"title": one.title, "fields": one.fields} for one in self.entries],
            "count_entries": self.count_entries,
            "changes": [
                {
                    "kind": one.kind,
                    "identifier": one.identifier,
                    "reason": one.reason,
                    "was": None if one.was is None else one.was.as_dict(),
                    "now": None if one.now is None else one.now.as_dict(),
                }
                for one in self.changes
            ],
            "count_changes": self.count_changes,
            "problems": self.problems,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        return cls(
            summary=values["summary"],
            entries=tuple(
                Understood(
                    title=one["title"], fields=tuple((name, value, where) for name, value, where in one["fields"])
                )
                for one in values["entries"]
            ),
            count_entries=values["count_entries"],
            changes=tuple(
                Foreseen(
                    kind=Kind(one["kind"]),
                    identifier=one["identifier"],
                    reason=one["reason"],
                    was=None if one["was"] is None else Record.from_dict(one["was"]),
                    now=None if one["now"] is None else Record.from_dict(one["now"]),
                )
                for one in values["changes"]
            ),
            count_changes=values["count_changes"],
            problems=tuple(values["problems"]),
        )
