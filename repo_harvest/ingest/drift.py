"""What a page listed last time and lists now in; a refusal out, if a person should look before it is published."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from repo_harvest.errors import ShapeChanged
from repo_harvest.ingest.stated import Stated
from repo_harvest.match import Continuation
from repo_harvest.model import KnownEntry, Shape
from repo_harvest.source.guard import Overlap, judge

__all__ = ["hold"]

# What reasons call it -> the field of a record. Identifiers are not compared: entries are known again by them.
_COMPARED = {
    "titles": "title",
    "creators": "creators",
    "dates": "date",
    "publishers": "publisher",
    "containers": "container",
    "abstracts": "description",
}


def hold(
    listed: Sequence[Stated],
    continued: Continuation,
    own: Sequence[KnownEntry],
    *,
    source: str,
    last: Shape | None,
    now: Shape,
    most: int,
    whole: bool = True,
) -> None:
    """Hold the page against the last good one; raises `ShapeChanged` with what was measured, then and now, and what to do.

    `last` and `now` are the shapes of the two pages, `most` the percentage of entries that may go at once.
    A list that was not read `whole` has entries that no run sees: no more can be missed than the last good one listed.
    """
    overlap = _overlap(listed, continued, own)
    if not whole and last is not None:
        overlap = replace(overlap, known=max(overlap.kept, min(overlap.known, last.entries)))
    reasons = judge(last, now, overlap, most=most)
    if reasons:
        raise ShapeChanged(
            f"{'; '.join(reasons)}. Nothing was changed; look at the page, and if it is right, accept it at the desk "
            f"or with: repo-harvest ingest {shlex.quote(source)} --accept-drift"
        )


def _overlap(listed: Sequence[Stated], continued: Continuation, own: Sequence[KnownEntry]) -> Overlap:
    before = {entry.id: entry.record for entry in own if not entry.gone and not entry.missing}
    pairs = [
        (before[node], stated.record) for stated, node in zip(listed, continued.nodes, strict=True) if node in before
    ]
    return Overlap(
        known=len(before),
        kept=len(pairs),
        live=sum(not entry.gone for entry in own),
        deleted=len(continued.vanished),
        said={
            what: [("; ".join(getattr(old, name)), "; ".join(getattr(new, name))) for old, new in pairs]
            for what, name in _COMPARED.items()
        },
    )
