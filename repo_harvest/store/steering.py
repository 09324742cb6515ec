"""What people ask of the schedulers, kept where all of them see it: leave a source alone, go on with it, run it now.

A request to run is answered by the first run that starts after it and ends, whatever it was started for: `ledger.start_run`
puts its id beside the request, `ledger.finish_run` clears the request. One whose process died leaves it open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import sources, steering

__all__ = ["Steered", "ask_run", "pause", "resume", "steered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What holds for a source: since when (UTC seconds) and by whom it is paused, and the same of a run that is asked for.

    With `accepts`, that run is to believe the page, however it looks beside the last good one.
    """

    paused_at: int | None = None
    paused_by: str | None = None
    asked_at: int | None = None
    asked_by: str | None = None
    accepts: bool = False


def pause(engine: Engine, source_id: int, *, at: int, by: str) -> bool:
    """No scheduler runs the source until `resume`; whether that is new. Raises `StoreUnavailable`.

    `at` is in UTC seconds, `by` is who says so. A run that is going on goes on, and one that a person asks for is run.
    """
    return _write(engine, source_id, steering.c.paused_at.is_(None), {"paused_at": at, "paused_by": by})


def resume(engine: Engine, source_id: int) -> bool:
    """Schedulers run the source again; whether it was paused. Of what came due meanwhile, the last is run. Raises `StoreUnavailable`."""
    with writing(engine) as connection:
        paused = (steering.c.source_id == source_id) & steering.c.paused_at.is_not(None)
        changed = connection.execute(update(steering).where(paused).values(paused_at=None, paused_by=None))
        return changed.rowcount > 0


def ask_run(engine: Engine, source_id: int, *, at: int, by: str, accepts: bool = False) -> None:
    """Ask the schedulers to run the source now, paused or not: one of them does. Raises `StoreUnavailable`.

    Asking again before the run starts changes nothing but what is asked for: with `accepts`, a run that believes the page.
    While one goes on, it asks for another.
    """
    values = {"asked_at": at, "asked_by": by, "run_id": None, "tries": 0, "accepts": accepts}
    _write(engine, source_id, None, values)


def steered(engine: Engine) -> Mapping[str, Steered]:
    """Source name -> what people asked of it, for every source of which something was. Raises `StoreUnavailable`."""
    columns = (
        sources.c.name,
        steering.c.paused_at,
        steering.c.paused_by,
        steering.c.asked_at,
        steering.c.asked_by,
        steering.c.accepts,
    )
    given = steering.c.paused_at.is_not(None) | steering.c.asked_at.is_not(None)
    with reading(engine) as connection:
        return {
            row.name: Steered(
                paused_at=row.paused_at,
                paused_by=row.paused_by,
                asked_at=row.asked_at,
                asked_by=row.asked_by,
                accepts=row.accepts,
            )
            for row in connection.execute(select(*columns).join(sources).where(given))
        }


def _write(engine: Engine, source_id: int, condition: Any, values: dict[str, Any]) -> bool:  # noqa: ANN401 -- an SQL expression or None
    """Set columns of the source's row, which is made on first sight, where the condition holds; whether it did."""
    try:
        with writing(engine) as connection:
            here = steering.c.source_id == source_id
            if connection.execute(select(steering.c.source_id).where(here)).scalar() is None:
                connection.execute(insert(steering).values(source_id=source_id, **values))
                return True
            wanted = here if condition is None else here & condition
            return connection.execute(update(steering).where(wanted).values(values)).rowcount > 0
    except IntegrityError:
        return _write(engine, source_id, condition, values)  # another process made the row meanwhile
