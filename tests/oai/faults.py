"""Feeds that are wrong in one way each: a law that passes one of them proves nothing."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Engine, text

from repo_harvest.model import Feed, Listed, Position, Snapshot, Window
from repo_harvest.store.engine import writing

__all__ = ["AFTER_PUBLISHING", "FEEDS", "Wrong"]

_Fetch = Callable[[Window, Position | None, int], Sequence[Listed]]


class _Delegate:
    """A snapshot that answers as the true one does, but for what a subclass says."""

    def __init__(self, true: Snapshot, now: float) -> None:
        self._true, self._now = true, now

    def __getattr__(self, name: str) -> object:
        return getattr(self._true, name)

    def headers(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        return self.fetch(self._true.headers, window, after, limit)

    def records(self, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        return self.fetch(self._true.records, window, after, limit)

    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        return true(window, after, limit)


class _ExclusiveUntil(_Delegate):
    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        until = None if window.until is None else window.until - 1
        return true(replace(window, until=until), after, limit)


class _ExclusiveFrom(_Delegate):
    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        since = None if window.since is None else window.since + 1
        return true(replace(window, since=since), after, limit)


class _SkipsOne(_Delegate):
    """Each page after the first begins one row too late."""

    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        if after is None:
            return true(window, after, limit)
        return list(true(window, after, limit + 1))[1:]


class _OverlapsOne(_Delegate):
    """Each page after the first begins with the last row of the one before, if that is still where it was."""

    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        rows = list(true(window, None, 1000))
        start = 0 if after is None else bisect.bisect_left(rows, after, key=lambda row: Position(row[0], row[1]))
        return rows[start : start + limit]


class _Offset(_Delegate):
    """Pages by number of rows, not by place: what moves to the end pulls others over the edge of a page."""

    offsets: dict[tuple[Window, Position], int]

    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        rows = list(true(window, None, 1000))
        start = 0 if after is None else self.offsets[window, after]
        page = rows[start : start + limit]
        for number, row in enumerate(page, start=start + 1):
            self.offsets[window, Position(row[0], row[1])] = number
        return page


class _FlatSets(_Delegate):
    """A set does not hold what is in the sets below it."""

    def fetch(self, true: _Fetch, window: Window, after: Position | None, limit: int) -> Sequence[Listed]:
        rows = true(window, after, limit)
        own = f"<setSpec>{window.set_spec}</setSpec>".encode()
        return [row for row in rows if window.set_spec is None or own in row[2]]


class _WatermarkOfTheClock(_Delegate):
    """The responseDate is what the clock says, though more may be published in that second."""

    @property
    def sealed(self) -> int:
        return math.floor(self._now)


class _SizeOfThePage(_Delegate):
    """The size of a list is what is left of it."""

    def count(self, window: Window) -> int:
        return self._true.count(window) + 1


@dataclass(frozen=True)
class Wrong:
    """A feed, with one fault."""

    true: Feed
    fault: type[_Delegate]

    @contextmanager
    def snapshot(self, now: float) -> Iterator[Snapshot]:
        with self.true.snapshot(now) as snapshot:
            yield self.fault(snapshot, now)  # type: ignore[misc]  # the rest of it is the true snapshot's


FEEDS: Mapping[str, type[_Delegate]] = {
    "an exclusive until": _ExclusiveUntil,
    "an exclusive from": _ExclusiveFrom,
    "a row skipped between pages": _SkipsOne,
    "pages that overlap": _OverlapsOne,
    "pages by offset": _Offset,
    "flat sets": _FlatSets,
    "the clock as responseDate": _WatermarkOfTheClock,
    "a wrong size": _SizeOfThePage,
}

_Offset.offsets = {}


def _stamped_by_the_clock(engine: Engine, datestamp: int, now: float) -> None:
    """The datestamp is what the publisher's clock says, whatever was served before."""
    with writing(engine) as connection:
        for table in ("items", "renditions", "memberships"):
            told = text(f"UPDATE {table} SET datestamp = :clock WHERE datestamp = :stamp")
            connection.execute(told, {"clock": math.floor(now), "stamp": datestamp})


def _no_trace_in_a_set_that_was_left(engine: Engine, _datestamp: int, _now: float) -> None:
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM memberships WHERE header IS NOT NULL"))


def _no_tombstones(engine: Engine, _datestamp: int, _now: float) -> None:
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM renditions WHERE metadata IS NULL"))


def _datestamps_that_stay(engine: Engine, datestamp: int, _now: float) -> None:
    """A changed record keeps an old datestamp."""
    with writing(engine) as connection:
        for table in ("items", "renditions", "memberships"):
            connection.execute(
                text(f"UPDATE {table} SET datestamp = :early WHERE datestamp = :stamp"),
                {"early": 1_700_000_000, "stamp": datestamp},
            )


AFTER_PUBLISHING: Mapping[str, Callable[[Engine, int, float], None]] = {
    "datestamps of the clock": _stamped_by_the_clock,
    "no trace in a set that was left": _no_trace_in_a_set_that_was_left,
    "no tombstones": _no_tombstones,
    "datestamps that stay": _datestamps_that_stay,
}
"""What a wrong publisher leaves behind: done to the store after each publication, given its datestamp and the clock."""
