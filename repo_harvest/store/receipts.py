"""What harvesters were given, in; what each of them has and has not got yet, out. Nothing kept here is ever served.

A list is known again, page after page and whichever process answers, by what it is of and the watermark of its first
page. How much of it was delivered is where its furthest page ends, so that a page that is asked for again counts once.
A list whose last page was delivered completes everything up to that page's watermark (or the list's `until`): from the
beginning, or from what the harvester was complete to before. What `add` does to the rows does not depend on the order in
which processes come to it.

What was delivered is what left this program: whether it arrived, and was kept, only the other side knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, Select, and_, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import harvesters, memberships, receipts, renditions, sets

__all__ = ["Harvester", "ListKey", "Progress", "State", "Visit", "add", "read_harvesters"]

_MOST_HARVESTERS = 10_000
_MOST_LISTS = 100  # of one harvester
_STEP = 500  # values in one statement
_WHO = ("address", "agent", "verb", "prefix", "set_spec")


class Harvester(NamedTuple):
    """Who asks for what: an address and agent, a verb, and the format and set (empty for none) that it asks for."""

    address: str
    agent: str
    verb: str
    prefix: str
    set_spec: str


class ListKey(NamedTuple):
    """One list of one harvester: its bounds, and the watermark of its first page, in UTC seconds since 1970."""

    since: int | None
    until: int | None
    started: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a list got. `records` counts to the end of its furthest page, `size` is the completeListSize told last.

    `began` and `last` are when its first and its latest page were asked for; `upto` is the watermark of its last page,
    `None` while that was not asked for. All in UTC seconds since 1970.
    """

    began: int
    last: int
    pages: int
    records: int
    size: int
    upto: int | None = None

    def joined(self, other: Progress) -> Progress:
        """The same list, as two lots of its pages show it."""
        ends = [end for end in (self.upto, other.upto) if end is not None]
        return Progress(
            began=min(self.began, other.began),
            last=max(self.last, other.last),
            pages=self.pages + other.pages,
            records=max(self.records, other.records),
            size=max(self.size, other.size),
            upto=max(ends, default=None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one harvester did in a while: from `first` to `last`; `singles` are the records it asked for one by one."""

    first: int
    last: int
    requests: int
    singles: int = 0
    lists: Mapping[ListKey, Progress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A harvester, what it was given, its lists (the newest first), and how many records it has not got yet.

    `complete_to` is the datestamp up to which it was given everything; `None` before its first finished whole list.
    What is missing is counted only of lists, not of records that are asked for one by one.
    """

    harvester: Harvester
    first_seen: int
    last_seen: int
    requests: int
    records: int
    complete_to: int | None
    lists: tuple[tuple[ListKey, Progress], ...]
    missing_live: int
    missing_deleted: int


# --- what they were given, in ---


def add(
    engine: Engine,
    visits: Mapping[Harvester, Visit],
    *,
    most_harvesters: int = _MOST_HARVESTERS,
    most_lists: int = _MOST_LISTS,
) -> None:
    """Add visits to what is known, in one transaction; the oldest beyond the bounds is forgotten.

    Raises `StoreUnavailable`; nothing is written then.
    """
    with writing(engine) as connection:
        for harvester in sorted(visits):  # in one order, so that no two processes wait for each other
            _add_visit(connection, harvester, visits[harvester], most_lists)
        count = connection.execute(select(func.count()).select_from(harvesters)).scalar_one()
        if count > most_harvesters:
            _forget_harvesters(connection, count - most_harvesters)


def _add_visit(connection: Connection, harvester: Harvester, visit: Visit, most_lists: int) -> None:
    """The first statement locks the harvester's row, so that what is read after it is read by one process at a time."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    given = dialect.insert(harvesters).values(
        **harvester._asdict(),
        first_seen=visit.first,
        last_seen=visit.last,
        requests=visit.requests,
        records=visit.singles,
    )
    kept, new = harvesters.c, given.excluded
    statement = given.on_conflict_do_update(
        index_elements=_WHO,
        set_={
            "first_seen": case((new.first_seen < kept.first_seen, new.first_seen), else_=kept.first_seen),
            "last_seen": case((new.last_seen > kept.last_seen, new.last_seen), else_=kept.last_seen),
            "requests": kept.requests + new.requests,
            "records": kept.records + new.records,
        },
    ).returning(kept.id, kept.complete_to)
    harvester_id, complete_to = connection.execute(statement).one()
    if not visit.lists:
        return
    known = {_key(row): row for row in connection.execute(_lists_of(harvester_id))}
    delivered = 0
    for key, progress in visit.lists.items():
        delivered += _add_list(connection, harvester_id, key, progress, known.get(key))
    finished = [(key, p) for key, p in visit.lists.items() if p.upto is not None]
    finished += [(key, _progress(row)) for key, row in known.items() if row.upto is not None]
    values = {"records": kept.records + delivered, "complete_to": _complete_to(complete_to, finished)}
    connection.execute(update(harvesters).where(kept.id == harvester_id).values(values))
    if len(known.keys() | visit.lists.keys()) > most_lists:
        _forget_lists(connection, harvester_id, most_lists)


def _add_list(connection: Connection, harvester_id: int, key: ListKey, progress: Progress, row: Row[Any] | None) -> int:
    """Add pages to a list; how many records more were delivered."""
    if row is None:
        connection.execute(insert(receipts).values(harvester_id=harvester_id, **key._asdict(), **_values(progress)))
        return progress.records
    joined = _progress(row).joined(progress)
    connection.execute(update(receipts).where(receipts.c.id == row.id).values(_values(joined)))
    return joined.records - int(row.records)


def _complete_to(known: int | None, finished: Iterable[tuple[ListKey, Progress]]) -> int | None:
    """Up to which datestamp a harvester was given everything, by what it had and the lists that it finished."""
    for key, progress in sorted(finished, key=lambda one: -1 if one[0].since is None else one[0].since):
        assert progress.upto is not None
        if key.since is None or (known is not None and key.since <= known + 1):
            end = progress.upto if key.until is None else min(key.until, progress.upto)
            known = end if known is None else max(known, end)
    return known


def _forget_lists(connection: Connection, harvester_id: int, most: int) -> None:
    rows = select(receipts.c.id).where(receipts.c.harvester_id == harvester_id)
    old = rows.order_by(receipts.c.last.desc(), receipts.c.id.desc()).offset(most)
    connection.execute(delete(receipts).where(receipts.c.id.in_(connection.scalars(old).all())))


def _forget_harvesters(connection: Connection, number: int) -> None:
    old = select(harvesters.c.id).order_by(harvesters.c.last_seen, harvesters.c.id).limit(number)
    ids = connection.scalars(old).all()
    for start in range(0, len(ids), _STEP):
        some = ids[start : start + _STEP]
        connection.execute(delete(receipts).where(receipts.c.harvester_id.in_(some)))
        connection.execute(delete(harvesters).where(harvesters.c.id.in_(some)))


# --- what they have, out ---


def read_harvesters(engine: Engine) -> list[State]:
    """Every harvester that is remembered, the one that came last first; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        found = connection.execute(
            select(harvesters).order_by(harvesters.c.last_seen.desc(), harvesters.c.id.desc())
        ).all()
        counted: dict[tuple[str, str, int | None], tuple[int, int]] = {}
        states = []
        for row in found:
            lists = connection.execute(_lists_of(row.id)).all()
            wanted = (row.prefix, row.set_spec, row.complete_to)
            if row.verb == "GetRecord":
                missing = (0, 0)
            elif wanted in counted:
                missing = counted[wanted]
            else:
                missing = counted[wanted] = _count_missing(connection, *wanted)
            states.append(_state(row, lists, missing))
    return states


def _state(row: Row[Any], lists: Sequence[Row[Any]], missing: tuple[int, int]) -> State:
    return State(
        harvester=Harvester(row.address, row.agent, row.verb, row.prefix, row.set_spec),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        requests=row.requests,
        records=row.records,
        complete_to=row.complete_to,
        lists=tuple((_key(one), _progress(one)) for one in lists),
        missing_live=missing[0],
        missing_deleted=missing[1],
    )


def _count_missing(connection: Connection, prefix: str, set_spec: str, complete_to: int | None) -> tuple[int, int]:
    """How many live and deleted records a list from just after `complete_to` would have."""
    listed = memberships if set_spec else renditions
    present = renditions.c.metadata.is_not(None)
    live = and_(present, memberships.c.header.is_(None)) if set_spec else present
    statement = select(func.count(), func.count(case((live, 1)))).where(renditions.c.prefix == prefix)
    if set_spec:
        set_id = select(sets.c.id).where(sets.c.spec == set_spec).scalar_subquery()
        statement = statement.where(memberships.c.set_id == set_id, renditions.c.item_id == memberships.c.item_id)
    if complete_to is not None:
        statement = statement.where(listed.c.datestamp > complete_to)
    total, alive = connection.execute(statement).one()
    return alive, total - alive


def _lists_of(harvester_id: int) -> Select[Any]:
    of_this_one = select(receipts).where(receipts.c.harvester_id == harvester_id)
    return of_this_one.order_by(receipts.c.last.desc(), receipts.c.id.desc())


def _key(row: Row[Any]) -> ListKey:
    return ListKey(row.since, row.until, row.started)


def _progress(row: Row[Any]) -> Progress:
    return Progress(began=row.began, last=row.last, pages=row.pages, records=row.records, size=row.size, upto=row.upto)


def _values(progress: Progress) -> dict[str, int | None]:
    return {
        "began": progress.began,
        "last": progress.last,
        "pages": progress.pages,
        "records": progress.records,
        "size": progress.size,
        "upto": progress.upto,
    }
