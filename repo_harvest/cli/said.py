"""What was said of the entries of a record as duplicates, and which of them gave each field, for a person or a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from repo_harvest.cli.output import print_table
from repo_harvest.match import survive
from repo_harvest.store.browse import Detail
from repo_harvest.store.review import Said

__all__ = ["givers", "print_said", "said_json"]


def print_said(said: Sequence[Said]) -> None:
    """A table of verdicts on stdout; nothing when there are none."""
    rows = [
        [
            s.verdict,
            "" if s.score is None else f"{s.score:.2f}",
            f"{s.one}\n{s.other}",
            "\n".join(s.reasons),
            s.by if s.ruling is None else f"{s.by} (decision {s.ruling})",
        ]
        for s in said
    ]
    if rows:
        print_table("\nSaid of duplicates", ["", "score", "entries", "why", "by"], rows)


def said_json(said: Sequence[Said]) -> list[dict[str, Any]]:
    """The verdicts as plain values."""
    return [
        {
            "one": s.one,
            "other": s.other,
            "verdict": s.verdict,
            "score": s.score,
            "reasons": s.reasons,
            "by": s.by,
            "decision": s.ruling,
        }
        for s in said
    ]


def givers(found: Detail) -> dict[str, str]:
    """Field -> the entry that gave it (of those that several gave, the first); nothing for an item that is deleted."""
    live = [origin for origin in found.origins if not origin.gone]
    _, given = survive(origin.record for origin in live)
    return {field: f"{live[index].source}, {live[index].place}" for field, index in given.items()}
