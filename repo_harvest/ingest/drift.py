"""What a page listed last time and lists now in; a refusal out, if a person should look before it is published."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from repo_harvest.errors import ShapeChanged
from repo_harvest.ingest.planning import Stated
from repo_harvest.match import Decision
from repo_harvest.match.keys import title_of
from repo_harvest.model import Known, Record, Shape
from repo_harvest.source.guard import Overlap, judge

__all__ = ["hold"]


def hold(
    listed: Sequence[Stated],
    decision: Decision,
    known: Known,
    *,
    source: str,
    last: Shape | None,
    now: Shape,
    most: int,
) -> None:
    """Hold the page against the last good one; raises `ShapeChanged` with what was measured, then and now, and what to do.

    `last` and `now` are the shapes of the two pages, `most` the percentage of entries that may go at once.
    """
    reasons = judge(last, now, _overlap(listed, decision, known), most=most)
    if reasons:
        raise ShapeChanged(
            f"{'; '.join(reasons)}. Nothing was changed; look at the page, and if it is right: "
            f"repo-harvest ingest {shlex.quote(source)} --accept-drift"
        )


def _overlap(listed: Sequence[Stated], decision: Decision, known: Known) -> Overlap:
    live = {entry.id: entry.record for entry in known.own if not entry.gone}
    before = {entry.id: entry.record for entry in known.own if not entry.gone and not entry.missing}
    pairs = [
        (before[assignment.entry_id], stated.record)
        for stated, assignment in zip(listed, decision.assigned, strict=True)
        if assignment.entry_id in before
    ]
    return Overlap(
        known=len(before),
        live=len(live),
        deleted=len(decision.vanished),
        titles=tuple((title_of(old), title_of(new)) for old, new in pairs),
        abstracts=tuple((_abstract(old), _abstract(new)) for old, new in pairs),
    )


def _abstract(record: Record) -> str:
    return record.description[0] if record.description else ""
