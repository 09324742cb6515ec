"""Which run a due slot was given to, and whether that run ended: every slot gets one run that ends, whoever dies meanwhile.

A slot is given to a run in the transaction that opens the run, under the source's run lock; it is over when the run is.
So there is no moment at which a slot is claimed and nobody works on it: a process that stands still keeps the lock, and
one that died has let go of it, whereupon the next to hold the lock gives the slot to a run of its own, `TRIES` in all, so
that a page which brings the program down is not read for ever. Should a lock be lost that a process believes it holds (a
cut line to PostgreSQL, a removed lock file), the run that was opened since has marked the older one as died, and that
one can neither publish nor end: `require_running` is asked in each of these transactions.
The alternative that lost: a claim in a row of its own before the run; a kill in between lost the slot.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, insert, select, update

from repo_harvest.errors import Busy, Superseded
from repo_harvest.model import Outcome
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import runs, slots, steering

__all__ = ["TRIES", "Errand", "answer_request", "give", "is_open", "require_running"]

TRIES = 3
"""How many runs a slot or a request is given to, as long as each dies."""

_UNENDED = (Outcome.RUNNING, Outcome.DIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a scheduler starts a run for: the slot that was due at `due` (UTC seconds), or without it a person's request.

    `owner` names the process; with `accepts`, the request is to believe the page, however it looks.
    """

    due: int | None
    owner: str
    accepts: bool = False


def is_open(engine: Engine, source_id: int, due: int) -> bool:
    """Whether the slot due at `due` (UTC seconds) is to be run still: none as late was run. Raises `StoreUnavailable`."""
    with reading(engine) as connection:
        return _is_open(_latest(connection, source_id), due)


def give(connection: Connection, source_id: int, run_id: int, *, errand: Errand | None, at: int) -> None:
    """Give a new run what it is for, and any request of a person's; raises `Busy` when that was done by another.

    Call in the transaction that opens the run, with the source's run lock held.
    """
    steered = connection.execute(select(steering).where(steering.c.source_id == source_id)).one_or_none()
    asked = steered is not None and steered.asked_at is not None
    believing = errand is not None and errand.accepts
    if errand is not None and errand.due is None and steered is not None and steered.accepts != believing:
        raise Busy("the request was changed meanwhile")
    if errand is not None and errand.due is None and not asked:
        raise Busy("a run has answered the request already")
    if errand is not None and errand.due is not None:
        if steered is not None and steered.paused_at is not None:
            raise Busy("the source is paused")
        _take_slot(connection, source_id, run_id, errand.due, errand.owner, at)
    if steered is not None and asked and steered.accepts == believing:
        last = {"asked_at": None, "asked_by": None, "accepts": False} if steered.tries + 1 >= TRIES else {}
        mine = steering.c.source_id == source_id
        connection.execute(update(steering).where(mine).values(run_id=run_id, tries=steered.tries + 1, **last))


def answer_request(connection: Connection, run_id: int) -> None:
    """A run has ended: the request that it was given is answered."""
    mine = steering.c.run_id == run_id
    values = {"asked_at": None, "asked_by": None, "run_id": None, "tries": 0, "accepts": False}
    connection.execute(update(steering).where(mine).values(values))


def require_running(connection: Connection, run_id: int) -> None:
    """Raise `Superseded` unless the run is going on; it stays so until this transaction is over."""
    asked = select(runs.c.outcome).where(runs.c.id == run_id).with_for_update(read=True)
    if connection.execute(asked).scalar() != Outcome.RUNNING:
        raise Superseded("this run stood still, and another took its place; it published nothing")


def _latest(connection: Connection, source_id: int) -> Row[int, int, str] | None:
    """The last slot of a source that was given away: due, tries, and how its run ended."""
    columns = select(slots.c.due, slots.c.tries, runs.c.outcome).outerjoin(runs, runs.c.id == slots.c.run_id)
    of_source = columns.where(slots.c.source_id == source_id)
    return connection.execute(of_source.order_by(slots.c.due.desc()).limit(1)).one_or_none()


def _is_open(latest: Row[int, int, str] | None, due: int) -> bool:
    if latest is None or latest.due < due:
        return True
    return latest.due == due and latest.outcome in _UNENDED and latest.tries < TRIES


def _take_slot(connection: Connection, source_id: int, run_id: int, due: int, owner: str, at: int) -> None:
    latest = _latest(connection, source_id)
    if not _is_open(latest, due):
        raise Busy("this was run elsewhere")
    values = {"claimed": at, "owner": owner, "run_id": run_id}
    if latest is not None and latest.due == due:
        mine = (slots.c.source_id == source_id) & (slots.c.due == due)
        connection.execute(update(slots).where(mine).values(**values, tries=slots.c.tries + 1))
    else:
        connection.execute(insert(slots).values(source_id=source_id, due=due, **values))
