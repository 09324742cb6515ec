"""How the sources are, for those who look after them: how much each lists, now and over time, and what it is kept out of the feed for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from repo_harvest.model import Outcome, Record
from repo_harvest.store.engine import reading
from repo_harvest.store.known import load_record
from repo_harvest.store.tables import entries, items, quarantine, runs, sources

__all__ = ["Held", "entries_over_time", "held_of", "live_entries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record in quarantine: where it stands on the page, why, since which run; `item` is the identifier that stays as it was."""

    place: str
    reason: str
    record: Record
    run: int
    item: str | None


def live_entries(engine: Engine) -> dict[str, int]:
    """Source name -> how many entries it lists now; raises `StoreUnavailable`."""
    counted = select(sources.c.name, func.count()).join(entries, entries.c.source_id == sources.c.id)
    with reading(engine) as connection:
        found = connection.execute(counted.where(~entries.c.gone).group_by(sources.c.name))
        return {row[0]: row[1] for row in found}


def entries_over_time(engine: Engine, *, most: int = 60) -> dict[str, list[tuple[int, int]]]:
    """Source name -> when its last good runs started (UTC seconds) and how many entries each read, the oldest first."""
    newest = func.row_number().over(partition_by=runs.c.source_id, order_by=runs.c.id.desc())
    seen = runs.c.new + runs.c.changed + runs.c.same + runs.c.merged + runs.c.refused
    good = select(runs.c.source_id, runs.c.id, runs.c.started, seen.label("seen"), newest.label("rank"))
    numbered = good.where(runs.c.outcome == Outcome.DONE).subquery()
    last = select(sources.c.name, numbered).join(numbered, numbered.c.source_id == sources.c.id)
    told: dict[str, list[tuple[int, int]]] = {}
    with reading(engine) as connection:
        for row in connection.execute(last.where(numbered.c.rank <= most).order_by(numbered.c.id)):
            told.setdefault(row.name, []).append((row.started, row.seen))
    return told


def held_of(engine: Engine, source: str, *, limit: int = 100) -> list[Held]:
    """What of a source is in quarantine, in the order of its page; raises `StoreUnavailable`."""
    columns = (quarantine.c.place, quarantine.c.reason, quarantine.c.record, quarantine.c.run_id, items.c.identifier)
    wanted = select(*columns).join(sources, sources.c.id == quarantine.c.source_id)
    wanted = wanted.outerjoin(items, items.c.id == quarantine.c.item_id).where(sources.c.name == source)
    with reading(engine) as connection:
        return [
            Held(
                place=row.place,
                reason=row.reason,
                record=load_record(row.record),
                run=row.run_id,
                item=row.identifier,
            )
            for row in connection.execute(wanted.order_by(quarantine.c.id).limit(limit))
        ]
