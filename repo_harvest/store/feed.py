"""The feed as a harvester reads it: one snapshot in, headers and records in list order out, as stored bytes.

The READ steps of sealed-second publication: try once to seal the past second, then answer everything from one read
transaction, whose watermark is the responseDate. Lists run over an index of (datestamp, item id): the cost of a page
does not depend on how deep it lies. A set-scoped list runs over memberships, which keep those who left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    bindparam,
    case,
    exc,
    func,
    literal_column,
    null,
    select,
    tuple_,
    update,
)

from repo_harvest.errors import StoreUnavailable
from repo_harvest.model import Listed, Position, SetInfo, Window
from repo_harvest.store.engine import reading
from repo_harvest.store.prepared import Prepared
from repo_harvest.store.tables import feed_clock, items, memberships, renditions, sets

__all__ = ["SqlFeed", "SqlSnapshot"]

_NEVER = 2**62  # later than any datestamp


class SqlFeed:
    """The `Feed` of one database; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known_sealed = 0
        self._counts = _Counts()

    @contextmanager
    def snapshot(self, now: float, reach: int | None = None) -> Iterator[SqlSnapshot]:  # noqa: ARG002 -- of one database, every snapshot is the latest
        """One read transaction, after trying once to seal the second before `now` (UTC seconds since 1970).

        Raises `StoreUnavailable` when the database does not answer; a seal that cannot be had is no fault.
        """
        self.seal(now)
        with self.unsealed() as snapshot:
            yield snapshot

    @contextmanager
    def unsealed(self) -> Iterator[SqlSnapshot]:
        """One read transaction, with the watermark as it is. Raises `StoreUnavailable`."""
        with reading(self._engine) as connection:
            snapshot = SqlSnapshot(connection, self._counts)
            self._known_sealed = max(self._known_sealed, snapshot.sealed)
            yield snapshot

    def seal(self, now: float) -> bool:
        """Raise the watermark to the second before `now` if nobody holds the clock; an older watermark is still true.

        Returns whether the database answered.
        """
        past = int(now) - 1
        if self._known_sealed >= past:
            return True
        try:
            if self._engine.dialect.name == "sqlite":
                self._seal_sqlite(past)
            else:
                self._seal_postgresql(past)
        except (
            exc.SQLAlchemyError
        ):  # locked, full, read-only or away: the answer is from the older watermark, or says so
            return False
        return True

    def _seal_sqlite(self, second: int) -> None:
        options = {"repo_harvest_begin": "BEGIN IMMEDIATE"}
        with self._engine.execution_options(**options).connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout=0")
            try:
                with connection.begin():
                    connection.execute(_RAISE_CLOCK, {"second": second})
            finally:
                driver.execute(f"PRAGMA busy_timeout={waits}")

    def _seal_postgresql(self, second: int) -> None:
        with self._engine.connect() as connection, connection.begin():
            free = connection.scalar(select(feed_clock.c.id).with_for_update(skip_locked=True))
            if free is not None:
                connection.execute(_RAISE_CLOCK, {"second": second})


class _Counts:
    """What windows hold, as counted at some newest datestamp: while that one is the newest, nothing was published.

    Any publication has a datestamp later than every one before it, so the count is exact for as long as it is found.
    """

    _MOST = 256  # windows; harvesters ask for few

    def __init__(self) -> None:
        self._state: tuple[int | None, dict[Window, int]] = (None, {})  # one value: threads swap it whole

    def get(self, newest: int | None, window: Window) -> int | None:
        at, found = self._state
        return found.get(window) if at == newest else None

    def put(self, newest: int | None, window: Window, count: int) -> None:
        at, found = self._state
        if at != newest or len(found) >= self._MOST:
            self._state = (newest, {window: count})
        else:
            found[window] = count


class SqlSnapshot:
    """The `Snapshot` that one read transaction sees."""

    def __init__(self, connection: Connection, counts: _Counts) -> None:
        self._connection = connection
        self._counts = counts
        clock = _CLOCK.first(connection, {})
        if clock is None:
            raise StoreUnavailable("the feed clock has no row: the database is damaged, restore it from a backup")
        self._sealed: int = clock[0]
        self._newest: int | None = clock[1]

    @property
    def sealed(self) -> int:
        """The watermark, in UTC seconds since 1970."""
        return self._sealed

    @property
    def newest(self) -> int | None:
        """The largest datestamp, or `None` while there is no item."""
        return self._newest

    def earliest(self) -> int | None:
        """The smallest datestamp, or `None` while there is no item."""
        row = _EARLIEST.first(self._connection, {})
        return None if row is None else int(row[0])

    def count(self, window: Window) -> int:
        """How many records the window holds."""
        count = self._counts.get(self._newest, window)
        if count is None:
            statement = _statement("count", scoped=window.set_spec is not None)
            ((count,),) = statement.rows(self._connection, _bounds(window, None))
            self._counts.put(self._newest, window, count)
        return count

    def headers(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        """At most `limit` headers of the window after a position, in list order."""
        return self._list("headers", window, after, limit)

    def records(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        """At most `limit` records of the window after a position, in list order."""
        return self._list("records", window, after, limit)

    def _list(self, kind: str, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        statement = _statement(kind, scoped=window.set_spec is not None)
        values = _bounds(window, after)
        values["limit"] = limit
        # The rows have the fields of Listed in its order; making 100 new tuples a page would be the dearest step here.
        return cast("Sequence[Listed]", statement.rows(self._connection, values))

    def record(self, identifier: str, prefix: str) -> Listed | None:
        """One record, or `None` if that item has none in this format."""
        row = _RECORD.first(self._connection, {"identifier": identifier, "prefix": prefix})
        return None if row is None else Listed._make(row)

    def prefixes(self, identifier: str) -> frozenset[str] | None:
        """The formats an item has or had; `None` if there is no such item."""
        rows = self._connection.execute(_PREFIXES, {"identifier": identifier}).fetchall()
        if not rows:
            return None
        return frozenset(row[0] for row in rows if row[0] is not None)

    def has_sets(self) -> bool:
        """Whether there is any set."""
        return self._connection.execute(select(sets.c.id).limit(1)).scalar() is not None

    def has_set(self, spec: str) -> bool:
        """Whether there is such a set."""
        return self._connection.execute(select(sets.c.id).where(sets.c.spec == spec)).scalar() is not None

    def sets(self, after: str | None, limit: int) -> Sequence[SetInfo]:
        """At most `limit` sets after a setSpec, in the order of their setSpecs."""
        statement = select(sets.c.spec, sets.c.name, sets.c.description).order_by(sets.c.spec).limit(limit)
        if after is not None:
            statement = statement.where(sets.c.spec > after)
        rows = self._connection.execute(statement)
        return [SetInfo(spec=row.spec, name=row.name, description=row.description) for row in rows]

    def count_sets(self) -> int:
        """How many sets there are."""
        return int(self._connection.execute(select(func.count()).select_from(sets)).scalar_one())


def _bodies(*, scoped: bool) -> tuple[ColumnElement[bytes | None], ColumnElement[bytes | None]]:
    """The metadata and what is about it; of an item that left the set neither."""
    metadata, about = renditions.c.metadata, renditions.c.about
    member = memberships.c.header.is_(None)
    return (case((member, metadata)), case((member, about))) if scoped else (metadata, about)


_NEWEST = select(items.c.datestamp).order_by(items.c.datestamp.desc()).limit(literal_column("1"))
_CLOCK = Prepared(select(feed_clock.c.sealed, _NEWEST.scalar_subquery()))
_EARLIEST = Prepared(select(items.c.datestamp).order_by(items.c.datestamp).limit(literal_column("1")))
_RAISE_CLOCK = update(feed_clock).where(feed_clock.c.sealed < bindparam("second")).values(sealed=bindparam("second"))
_RECORD = Prepared(
    select(renditions.c.datestamp, renditions.c.item_id, renditions.c.header, *_bodies(scoped=False))
    .join(items, items.c.id == renditions.c.item_id)
    .where(items.c.identifier == bindparam("identifier"), renditions.c.prefix == bindparam("prefix"))
)
_PREFIXES = (
    select(renditions.c.prefix)
    .select_from(items.outerjoin(renditions, items.c.id == renditions.c.item_id))
    .where(items.c.identifier == bindparam("identifier"))
)


def _bounds(window: Window, after: Position | None) -> dict[str, Any]:
    """The values of the statement's parameters: `since` is a position too, just before its first second begins."""
    start = Position(-1, -1) if window.since is None else Position(window.since - 1, _NEVER)
    if after is not None:
        start = max(start, after)
    values: dict[str, Any] = {
        "prefix": window.prefix,
        "after_datestamp": start.datestamp,
        "after_id": start.id,
        "until": _NEVER if window.until is None else window.until,
    }
    if window.set_spec is not None:
        values["spec"] = window.set_spec
    return values


@cache
def _statement(kind: str, *, scoped: bool) -> Prepared:
    """The statement for `headers`, `records` or the `count` of a window, of the whole feed or `scoped` to one set."""
    listed = memberships if scoped else renditions
    stamp, item = listed.c.datestamp, listed.c.item_id
    columns: dict[str, tuple[Any, ...]] = {
        "count": (func.count(),),
        "headers": (stamp, item, _header(scoped=scoped), null(), null()),
        "records": (stamp, item, _header(scoped=scoped), *_bodies(scoped=scoped)),
    }
    statement = select(*columns[kind]).where(
        renditions.c.prefix == bindparam("prefix"),
        tuple_(stamp, item) > tuple_(bindparam("after_datestamp"), bindparam("after_id")),
        stamp <= bindparam("until"),
    )
    if scoped:
        set_id = select(sets.c.id).where(sets.c.spec == bindparam("spec")).scalar_subquery()
        statement = statement.where(memberships.c.set_id == set_id, renditions.c.item_id == memberships.c.item_id)
    return Prepared(statement if kind == "count" else statement.order_by(stamp, item).limit(bindparam("limit")))


def _header(*, scoped: bool) -> ColumnElement[bytes]:
    """A set-scoped list shows the deleted header of an item that left the set."""
    return func.coalesce(memberships.c.header, renditions.c.header) if scoped else renditions.c.header
