"""What happened: sources, runs, due slots and quarantine; and what the sets are called, which is all of it that is served.

A run of a source holds a lock that dies with its process (a file lock beside a SQLite database, an advisory lock on
PostgreSQL), so that a run that was killed never blocks the next one. The alternative that lost: a lease in a row, which a
killed run leaves behind for as long as the lease is.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from repo_harvest.errors import Busy, StoreUnavailable
from repo_harvest.model import Outcome, Problem, Record, Run, SetInfo, Severity, Shape, Validators
from repo_harvest.store.engine import advised, reading, translated, writing
from repo_harvest.store.publish import Fence, dump_record, ensure_sets, find_ids, lock_clock, unfenced
from repo_harvest.store.slots import Errand, answer_request, give, require_running
from repo_harvest.store.tables import applied, entries, quarantine, runs, sets, sources

__all__ = [
    "ITEMS",
    "KEYS",
    "PAIRS",
    "Quarantined",
    "SourceState",
    "declare_sets",
    "find_applied",
    "find_run",
    "find_source",
    "finish_run",
    "history",
    "last_runs",
    "note_applied",
    "note_stage",
    "remember_page",
    "run_lock",
    "source_state",
    "start_run",
]

ITEMS, KEYS, PAIRS = "items", "keys", "pairs"  # what of a store follows the program and its configuration
_RUN_LOCKS = 7_263_002  # one number of ours for PostgreSQL's advisory locks: runs of a source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is kept of a source between runs: its id, what to ask "has it changed?" with, and what it last listed.

    `live_entries` is how many entries it has, `shape` that of the last good page. `due` is when (UTC seconds) something is
    to be looked up again for its entries, even if the page has not changed. The `validators` hold only for a reading
    made under the same `fingerprint` of settings and program.
    """

    id: int
    validators: Validators = field(default_factory=Validators)
    fingerprint: str | None = None
    live_entries: int = 0
    shape: Shape | None = None
    due: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record kept out of the feed, and why; `item` is the identifier of the item whose last good version stays."""

    place: str
    reason: str
    record: Record
    item: str | None = None


def source_state(engine: Engine, name: str, url: str) -> SourceState:
    """The state of a source, which is made on first sight; raises `StoreUnavailable`."""
    state = find_source(engine, name)
    if state is not None:
        return state
    try:
        with writing(engine) as connection:
            connection.execute(insert(sources).values(name=name, url=url))
    except IntegrityError:
        pass  # another process met it first, and made the row we need
    return source_state(engine, name, url)


def find_source(engine: Engine, name: str) -> SourceState | None:
    """The state of a source, or `None` before it was ever run; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        row = connection.execute(select(sources).where(sources.c.name == name)).one_or_none()
        if row is None:
            return None
        live = select(func.count()).where(entries.c.source_id == row.id, entries.c.gone.is_(False))
        good = (runs.c.source_id == row.id) & runs.c.shape.is_not(None)
        shape = connection.execute(select(runs.c.shape).where(good).order_by(runs.c.id.desc()).limit(1)).scalar()
        return SourceState(
            id=row.id,
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
            fingerprint=row.fingerprint,
            live_entries=connection.execute(live).scalar_one(),
            shape=_shape(shape),
            due=row.due,
        )


def remember_page(
    engine: Engine,
    source_id: int,
    *,
    url: str,
    validators: Validators,
    fingerprint: str,
    due: int | None = None,
    fence: Fence = unfenced,
) -> None:
    """Keep what the last good page was read with; writes only what differs. `fence` may raise, and then nothing is written."""
    values = {
        "url": url,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "fingerprint": fingerprint,
        "due": due,
    }
    with reading(engine) as connection:
        row = connection.execute(select(sources).where(sources.c.id == source_id)).one()
    if any(getattr(row, name) != value for name, value in values.items()):
        with writing(engine) as connection:
            fence(connection)
            connection.execute(update(sources).where(sources.c.id == source_id).values(values))


# --- runs ---


@contextmanager
def run_lock(engine: Engine, source_id: int) -> Iterator[None]:
    """Hold the right to run a source; raises `Busy` when another process or thread has it, `StoreUnavailable` when nobody can."""
    held = _lock_file if engine.dialect.name == "sqlite" else _lock_advisory
    with held(engine, source_id):
        yield


@contextmanager
def _lock_file(engine: Engine, source_id: int) -> Iterator[None]:
    path = Path(f"{engine.url.database}.run-{source_id}.lock")
    try:
        file = path.open("w")
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {advised(error.strerror or str(error))}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("another run of this source is going on") from None
        yield


@contextmanager
def _lock_advisory(engine: Engine, source_id: int) -> Iterator[None]:
    with translated(), engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        key = (_RUN_LOCKS, source_id % 2**31)
        if not connection.execute(select(func.pg_try_advisory_lock(*key))).scalar_one():
            raise Busy("another run of this source is going on")
        try:
            yield
        finally:
            with suppress(DBAPIError):  # of a connection that broke, nothing is locked any more
                connection.execute(select(func.pg_advisory_unlock(*key)))


def start_run(engine: Engine, source_id: int, *, started: int, errand: Errand | None = None) -> int:
    """Open a run and return its id; runs that never said how they ended are marked as died.

    `errand` is what a scheduler starts it for; raises `Busy`, with nothing written, when that was done meanwhile.
    Call with the source's `run_lock` held: whatever is still open then belongs to a process that is gone.
    """
    still_open = (runs.c.source_id == source_id) & (runs.c.outcome == Outcome.RUNNING)
    with writing(engine) as connection:
        died = {"outcome": Outcome.DIED, "message": "the process stopped before the run ended"}
        connection.execute(update(runs).where(still_open).values(died))
        values = {"source_id": source_id, "started": started, "outcome": Outcome.RUNNING}
        run_id = int(connection.execute(insert(runs).values(values).returning(runs.c.id)).scalar_one())
        give(connection, source_id, run_id, errand=errand, at=started)
        return run_id


def note_stage(engine: Engine, run_id: int, stage: str) -> None:
    """Say how far a run is that is going on, for those who wait for it; raises `StoreUnavailable`."""
    with writing(engine) as connection:
        going = (runs.c.id == run_id) & (runs.c.outcome == Outcome.RUNNING)
        connection.execute(update(runs).where(going).values(message=stage))


def finish_run(engine: Engine, run_id: int, run: Run, quarantined: Sequence[Quarantined] | None = None) -> None:
    """Write how a run ended. `quarantined` replaces what the source had there; `None` leaves it.

    Raises `Superseded` when the run was taken for dead meanwhile.
    """
    problems = [{"where": p.where, "what": p.what, "severity": p.severity} for p in run.problems]
    values = {
        "ended": run.ended,
        "outcome": run.outcome,
        "new": run.new,
        "changed": run.changed,
        "same": run.same,
        "merged": run.merged,
        "refused": run.refused,
        "missing": run.missing,
        "gone": run.gone,
        "message": run.message,
        "problems": json.dumps(problems, ensure_ascii=False),
        "shape": None if run.shape is None else json.dumps(run.shape.as_dict(), ensure_ascii=False),
        "datestamp": run.datestamp,
    }
    with writing(engine) as connection:
        require_running(connection, run_id)
        answer_request(connection, run_id)
        statement = update(runs).where(runs.c.id == run_id).values(values).returning(runs.c.source_id)
        source_id = connection.execute(statement).scalar_one()
        if quarantined is not None:
            connection.execute(delete(quarantine).where(quarantine.c.source_id == source_id))
        if quarantined:
            ids = find_ids(connection, {row.item for row in quarantined if row.item})
            connection.execute(insert(quarantine), [_quarantine_row(q, source_id, run_id, ids) for q in quarantined])


def _quarantine_row(held: Quarantined, source_id: int, run_id: int, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "run_id": run_id,
        "item_id": ids.get(held.item or ""),
        "place": held.place,
        "reason": held.reason,
        "record": dump_record(held.record),
    }


def last_runs(engine: Engine) -> dict[str, Run]:
    """Source name -> its last run, for every source that ever ran."""
    newest = select(func.max(runs.c.id)).group_by(runs.c.source_id)
    statement = select(runs, sources.c.name).join(sources).where(runs.c.id.in_(newest))
    with reading(engine) as connection:
        return {row.name: _run(row) for row in connection.execute(statement)}


def history(engine: Engine, source: str | None = None, limit: int = 20) -> list[Run]:
    """The last runs of the source of this name, or of all, with their ids, newest first; raises `StoreUnavailable`."""
    statement = select(runs, sources.c.name).join(sources).order_by(runs.c.id.desc()).limit(limit)
    if source is not None:
        statement = statement.where(sources.c.name == source)
    with reading(engine) as connection:
        return [_run(row) for row in connection.execute(statement)]


def find_run(engine: Engine, number: int) -> Run | None:
    """The run of this number, `None` if there was none; raises `StoreUnavailable`."""
    statement = select(runs, sources.c.name).join(sources).where(runs.c.id == number)
    with reading(engine) as connection:
        row = connection.execute(statement).one_or_none()
        return None if row is None else _run(row)


def _run(row: Row[Any]) -> Run:
    problems = (
        Problem(where=p["where"], what=p["what"], severity=Severity(p["severity"])) for p in json.loads(row.problems)
    )
    return Run(
        id=row.id,
        source=row.name,
        started=row.started,
        ended=row.ended,
        outcome=Outcome(row.outcome),
        new=row.new,
        changed=row.changed,
        same=row.same,
        merged=row.merged,
        refused=row.refused,
        missing=row.missing,
        gone=row.gone,
        message=row.message,
        problems=tuple(problems),
        shape=_shape(row.shape),
        datestamp=row.datestamp,
    )


def _shape(text: str | None) -> Shape | None:
    return None if text is None else Shape.from_dict(json.loads(text))


# --- what the configuration says ---


def declare_sets(engine: Engine, told: Iterable[SetInfo]) -> None:
    """Make the configured sets and give them their names and descriptions; writes only what differs."""
    with reading(engine) as connection:
        columns = select(sets.c.spec, sets.c.name, sets.c.description)
        known = {
            row.spec: SetInfo(spec=row.spec, name=row.name, description=row.description)
            for row in connection.execute(columns)
        }
    different = {info.spec: info for info in told if known.get(info.spec) != info}
    if not different:
        return
    with writing(engine) as connection:
        ensure_sets(connection, different, different)
        for spec, info in different.items():
            said = {"name": info.name, "description": info.description}
            connection.execute(update(sets).where(sets.c.spec == spec).values(said))


def find_applied(engine: Engine, what: str = ITEMS) -> str | None:
    """The fingerprint of what the store was last brought in line with: its `ITEMS`, `KEYS` or `PAIRS`."""
    with reading(engine) as connection:
        return connection.execute(select(applied.c.value).where(applied.c.name == what)).scalar()


def note_applied(engine: Engine, fingerprint: str, what: str = ITEMS) -> None:
    """Remember that all of it is in line with the program and configuration of this fingerprint."""
    with writing(engine) as connection:
        lock_clock(connection)  # one at a time
        connection.execute(delete(applied).where(applied.c.name == what))
        connection.execute(insert(applied).values(name=what, value=fingerprint))
