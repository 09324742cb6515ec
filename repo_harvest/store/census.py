"""A database in, what an operator watches of it out: one snapshot, so that the figures belong together.

Figures that only grow are sums over the ledger of runs, and therefore the same whichever process tells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, func, select

from repo_harvest.model import Outcome
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import feed_clock, items, quarantine, runs, slots, sources

__all__ = ["CHANGES", "Census", "SourceCensus", "take_census"]

CHANGES = ("new", "changed", "same", "merged", "gone", "refused")
"""What is counted of the entries of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCensus:
    """What happened to one source; times are UTC seconds since 1970, `None` for never.

    `runs` counts those that ended, by outcome; `changes` entries, by what was done to them in all runs. `last_started` is
    of any run, `last_done` the end of the last good one, `last_slot` when the last claimed run was due.
    """

    runs: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0
    last_started: int | None = None
    last_done: int | None = None
    last_slot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """One state of the database: `sealed` is the watermark of the feed, in UTC seconds since 1970."""

    sealed: int
    live: int
    deleted: int
    sources: Mapping[str, SourceCensus]


def take_census(engine: Engine) -> Census:
    """Count everything; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        statement = select(items.c.deleted, func.count()).group_by(items.c.deleted)
        states = {bool(deleted): int(count) for deleted, count in connection.execute(statement)}
        return Census(
            sealed=connection.execute(select(feed_clock.c.sealed)).scalar_one(),
            live=states.get(False, 0),
            deleted=states.get(True, 0),
            sources=_sources(connection),
        )


def _sources(connection: Connection) -> dict[str, SourceCensus]:
    sums = [func.sum(runs.c[name]).label(name) for name in CHANGES]
    statement = select(
        runs.c.source_id, runs.c.outcome, func.count(), func.max(runs.c.started), func.max(runs.c.ended), *sums
    ).group_by(runs.c.source_id, runs.c.outcome)
    counted: dict[int, dict[str, int]] = {}
    changes: dict[int, dict[str, int]] = {}
    started: dict[int, int] = {}
    done: dict[int, int] = {}
    for source, outcome, count, began, ended, *added in connection.execute(statement):
        started[source] = max(began, started.get(source, began))
        if outcome == Outcome.RUNNING:
            continue
        counted.setdefault(source, {})[outcome] = count
        so_far = changes.setdefault(source, dict.fromkeys(CHANGES, 0))
        changes[source] = {name: so_far[name] + int(more) for name, more in zip(CHANGES, added, strict=True)}
        if outcome == Outcome.DONE:
            done[source] = ended
    held = select(quarantine.c.source_id, func.count()).group_by(quarantine.c.source_id)
    due = select(slots.c.source_id, func.max(slots.c.due)).group_by(slots.c.source_id)
    quarantined = {source: int(count) for source, count in connection.execute(held)}
    claimed = {source: int(last) for source, last in connection.execute(due)}
    return {
        name: SourceCensus(
            runs=counted.get(source, {}),
            changes=changes.get(source, {}),
            quarantined=quarantined.get(source, 0),
            last_started=started.get(source),
            last_done=done.get(source),
            last_slot=claimed.get(source),
        )
        for source, name in connection.execute(select(sources.c.id, sources.c.name))
    }
