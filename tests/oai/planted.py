"""Faults for the laws to find: each is one part of the way, from what is published to what is answered, gone wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Engine, delete, select, update

from repo_harvest import formats
from repo_harvest.model import Feed, Listed, Position, Snapshot, Window
from repo_harvest.oai.token import RowsToken, seal, unseal
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.publish import publish
from repo_harvest.store.tables import feed_clock, items, memberships, renditions, versions
from tests.oai.desk import Clocked, Fault
from tests.oai.library import REPOSITORY
from tests.store.kit import Wanted, plan_for, publish_state

__all__ = ["HARVESTED", "MOVING", "RESTING"]

Fetch = Callable[[Window, Position | None, int], Sequence[Listed]]
Rows = Sequence[Listed]


# --- the feed is misread ---


class Warped:
    """A snapshot that hands everything on but what a fault changes."""

    def __init__(self, honest: Snapshot, now: float) -> None:
        self.honest, self.now = honest, now

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the honest one has
        return getattr(self.honest, name)

    def headers(self, window: Window, after: Position | None, limit: int) -> Rows:
        return self.rows(self.honest.headers, window, after, limit)

    def records(self, window: Window, after: Position | None, limit: int) -> Rows:
        return self.rows(self.honest.records, window, after, limit)

    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        return fetch(window, after, limit)


def feed_of(warp: Callable[[Snapshot, float], Warped]) -> Callable[[Engine], Feed]:
    class WarpedFeed:
        def __init__(self, engine: Engine) -> None:
            self._honest = SqlFeed(engine)

        @contextmanager
        def snapshot(self, now: float, reach: int | None = None) -> Iterator[Snapshot]:
            with self._honest.snapshot(now, reach) as honest:
                yield cast("Snapshot", warp(honest, now))

    return WarpedFeed


class WindowMisread(Warped):
    """Counts and lists another window than the one that was asked for, as `read` says."""

    def read(self, window: Window) -> Window:
        return window

    def count(self, window: Window) -> int:
        return self.honest.count(self.read(window))

    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        return fetch(self.read(window), after, limit)


class ExclusiveUntil(WindowMisread):
    def read(self, window: Window) -> Window:
        return window if window.until is None else replace(window, until=window.until - 1)


class ExclusiveFrom(WindowMisread):
    def read(self, window: Window) -> Window:
        return window if window.since is None else replace(window, since=window.since + 1)


class SkippedRow(Warped):
    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        return fetch(window, after, limit) if after is None else fetch(window, after, limit + 1)[1:]


class RepeatedRow(Warped):
    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        return fetch(window, None if after is None else Position(after.datestamp, after.id - 1), limit)


class Offset(Warped):
    """Goes on behind as many rows as were delivered, wherever these are now."""

    delivered: dict[tuple[Window, Position | None], int] = {}  # noqa: RUF012 -- every snapshot's

    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        start = 0 if after is None else self.delivered.get((window, after), 0)
        found = fetch(window, None, start + limit)[start:]
        if len(found) == limit:
            self.delivered[window, Position(*found[-2][:2])] = start + limit - 1
        return found


class FlatSets(Warped):
    def rows(self, fetch: Fetch, window: Window, after: Position | None, limit: int) -> Rows:
        named = f"<setSpec>{window.set_spec}</setSpec>".encode()
        found = fetch(window, after, 1000)
        return [row for row in found if window.set_spec is None or named in row[2]][:limit]


class WallClock(Warped):
    @property
    def sealed(self) -> int:
        return int(self.now)


# --- what is published is stored wrongly ---


def stamped(stamp: Callable[[float, int], int]) -> Callable[[Engine, Mapping[str, Wanted], Clocked], int | None]:
    """Publishes with a datestamp made of the time and the watermark that was."""

    def publishing(engine: Engine, wanted: Mapping[str, Wanted], clock: Clocked) -> int | None:
        with reading(engine) as connection:
            new = stamp(clock(), connection.execute(select(feed_clock.c.sealed)).scalar_one())
        plan = plan_for(engine, wanted)
        right = publish(
            engine, plan, clock=clock, header_xml=lambda header: formats.header(replace(header, datestamp=new))
        )
        if right is None:
            return None
        with writing(engine) as connection:
            connection.execute(delete(versions))  # two of one item in one second would be refused
            for table in (items, renditions, memberships):
                connection.execute(update(table).where(table.c.datestamp == right).values(datestamp=new))
        return new

    return publishing


def forget_who_left(engine: Engine, wanted: Mapping[str, Wanted], clock: Clocked) -> int | None:
    datestamp = publish_state(engine, wanted, clock)
    with writing(engine) as connection:
        connection.execute(delete(memberships).where(memberships.c.header.is_not(None)))
    return datestamp


def forget_who_was_deleted(engine: Engine, wanted: Mapping[str, Wanted], clock: Clocked) -> int | None:
    datestamp = publish_state(engine, wanted, clock)
    with writing(engine) as connection:
        connection.execute(delete(renditions).where(renditions.c.metadata.is_(None)))
    return datestamp


# --- requests are misread, and answers misspelt ---


def reopened(change: Callable[[RowsToken], RowsToken]) -> Callable[[dict[str, str]], dict[str, str]]:
    """Goes on with a list from a token that says something else."""

    def read(arguments: dict[str, str]) -> dict[str, str]:
        if "resumptionToken" not in arguments:
            return arguments
        token = unseal(arguments["resumptionToken"], REPOSITORY.token_key)
        assert isinstance(token, RowsToken)
        return {"resumptionToken": seal(change(token), REPOSITORY.token_key)}

    return read


def last_day_left_out(arguments: dict[str, str]) -> dict[str, str]:
    """A day is read as its first second."""
    days = {name: f"{arguments[name]}T00:00:00Z" for name in ("from", "until") if len(arguments.get(name, "")) == 10}
    return arguments | days


def closed(token: RowsToken) -> RowsToken:
    return replace(token, window=replace(token.window, until=token.started))


def unbounded(token: RowsToken) -> RowsToken:
    return replace(token, window=replace(token.window, since=None, until=None, set_spec=None))


def body(pattern: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda answer: re.sub(pattern, new, answer)


# Which law finds it, and the words that it finds it with.
RESTING: Mapping[Fault, str] = {
    Fault(name="exclusive until", feed=feed_of(ExclusiveUntil)): "the list",
    Fault(name="exclusive from", feed=feed_of(ExclusiveFrom)): "the list",
    Fault(name="the last day left out", arguments=last_day_left_out): "the list",
    Fault(name="a row skipped behind each page", feed=feed_of(SkippedRow)): "not the list",
    Fault(name="a row repeated on each page", feed=feed_of(RepeatedRow)): "not the list",
    Fault(name="flat sets", feed=feed_of(FlatSets)): "the list",
    Fault(name="bounds forgotten on the second page", arguments=reopened(unbounded)): "not the list",
    Fault(name="who left a set is not shown", publish=forget_who_left): "the list",
    Fault(name="tombstones vanish", publish=forget_who_was_deleted): "the list",
    Fault(name="cursor of the row behind", body=body(rb'cursor="\d*(\d)"', rb'cursor="1\1"')): "sizes, cursors",
    Fault(name="no empty token at the end", body=body(rb"<resumptionToken [^>]*></resumptionToken>", b"")): "tokens",
}
MOVING: Mapping[Fault, str] = {
    Fault(name="a row skipped behind each page", feed=feed_of(SkippedRow)): "(missed|met once|an empty list)",
    Fault(name="a row repeated on each page", feed=feed_of(RepeatedRow)): "met twice",
    Fault(name="paging by offset", feed=feed_of(Offset)): "(missed|met once|met twice|an empty list)",
    Fault(name="a count on each page", arguments=reopened(lambda token: replace(token, size=0))): "size and cursor",
    Fault(name="a list closed by its first page", arguments=reopened(closed)): "(missed|an empty list)",
    Fault(name="responseDate by the clock", feed=feed_of(WallClock)): "already answered",
    Fault(name="datestamp by the clock", publish=stamped(lambda now, _: int(now))): "already answered",
    Fault(
        name="datestamp of the watermark", publish=stamped(lambda now, sealed: max(int(now), sealed))
    ): "already answered",
}
HARVESTED: Sequence[Fault] = (
    Fault(name="exclusive from", feed=feed_of(ExclusiveFrom)),
    Fault(name="a row skipped behind each page", feed=feed_of(SkippedRow)),
    Fault(name="paging by offset", feed=feed_of(Offset)),
    Fault(name="a list closed by its first page", arguments=reopened(closed)),
    Fault(name="flat sets", feed=feed_of(FlatSets)),
    Fault(name="who left a set is not shown", publish=forget_who_left),
    Fault(name="tombstones vanish", publish=forget_who_was_deleted),
    Fault(name="responseDate by the clock", feed=feed_of(WallClock)),
    Fault(name="datestamp by the clock", publish=stamped(lambda now, _: int(now))),
    Fault(name="datestamp of the watermark", publish=stamped(lambda now, sealed: max(int(now), sealed))),
)
