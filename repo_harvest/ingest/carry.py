"""A listing in, published: read what is known, decide, plan, publish; and again if another run came between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from repo_harvest import formats
from repo_harvest.errors import Busy, Stale
from repo_harvest.ingest.making import Policy
from repo_harvest.ingest.planning import Draft, Naming, Stated, draft_plan
from repo_harvest.match import Decision, Incoming, decide, keys
from repo_harvest.model import Known, SetInfo
from repo_harvest.store.known import read_known, taken_identifiers
from repo_harvest.store.publish import publish

__all__ = ["Press", "carry_out"]

_MOST_PLANS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What publishing works with: the database, the clock (UTC seconds since 1970), and what the configuration says.

    `repository` is the middle of identifiers; `sets` are the configured ones, by setSpec. `advance` is told how many entries were planned, for a progress bar.
    """

    engine: Engine
    clock: Callable[[], float]
    repository: str
    sets: Mapping[str, SetInfo] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    advance: Callable[[int], None] = lambda _: None


def carry_out(
    press: Press,
    source_id: int,
    listed: Sequence[Stated],
    *,
    judge: Callable[[Decision, Known], None],
    leaves: Collection[str | None] | None = None,
    patience: int = 1,
    dry_run: bool = False,
    complete: Callable[[Sequence[Stated]], Sequence[Stated]] = lambda listed: listed,
) -> tuple[Draft, int | None]:
    """Publish what a source lists now; returns what was done, and the datestamp that moved items got.

    `judge` may raise `Refused` on seeing what the listing would do; `complete` then fills the gaps of what is listed, which
    neither judge nor matching ever see. The listing is all that the source
    has, and what it no longer lists is gone, once `patience` good runs in a row have missed it; unless `leaves` names by
    `local_id` what is gone. Raises `Busy` when other runs keep publishing meanwhile, and `StoreError`.
    """
    naming = Naming(repository=press.repository, taken=lambda names: taken_identifiers(press.engine, names))
    incoming = [Incoming(record=e.record, position=i, local_id=e.local_id) for i, e in enumerate(listed)]
    wanted = {key for entry in listed for key in keys(entry.record)}
    for _ in range(_MOST_PLANS):
        known = read_known(press.engine, source_id, wanted)
        decision = decide(incoming, known, leaves=leaves, patience=patience)
        judge(decision, known)
        draft = draft_plan(
            complete(listed),
            known,
            decision,
            naming,
            press.policy,
            source_id=source_id,
            patience=patience,
            advance=press.advance,
        )
        if dry_run:
            return draft, None
        plan = draft.plan(source_id, known, decision, press.sets)
        try:
            return draft, publish(press.engine, plan, clock=press.clock, header_xml=formats.header)
        except Stale:
            continue
    raise Busy("other runs kept publishing while this one was planned; nothing was published: run it again")
