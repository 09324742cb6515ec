"""Walking the pages of a list gives the list: for every store, page size, window, set and verb, also while it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from tests.oai.faults import FEEDS, Wrong
from tests.oai.stage import Stage
from tests.oai.truth import Row, Truth, edits
from tests.oai.wire import Response
from tests.store.kit import Wanted

DAY = 86_400
_VERBS = st.sampled_from(["ListRecords", "ListIdentifiers"])
_SCOPES = st.sampled_from([None, "a", "a:b", "c", "a:b:d"])
_BOUNDS = st.none() | st.tuples(st.integers(-1, 6), st.sampled_from([-1, 0, 0, 0, 1]))
"""A bound: the how-manieth publication, and how many seconds beside it; beyond the first and last too."""


@dataclass(frozen=True)
class Asked:
    """A list, as it is asked for; bounds are in UTC seconds, and cut to whole days where `days`."""

    verb: str
    page_size: int
    scope: str | None
    since: int | None
    until: int | None
    days: bool

    @property
    def arguments(self) -> dict[str, str]:
        bounds = {"from": self.since, "until": self.until}
        told = {
            name: utc_text(bound)[: 10 if self.days else None] for name, bound in bounds.items() if bound is not None
        }
        return {"metadataPrefix": "oai_dc", **told, **({"set": self.scope} if self.scope else {})}

    def of(self, truth: Truth) -> list[Row]:
        """What the list holds."""
        since, until = self.since, self.until
        if self.days:
            since = None if since is None else since // DAY * DAY
            until = None if until is None else until // DAY * DAY + DAY - 1
        return truth.rows(scope=self.scope, since=since, until=until)


@st.composite
def stores(draw: st.DrawFn) -> list[tuple[float, dict[int, Wanted]]]:
    """Publications, and how many seconds each comes after the one before; all at once, days apart, or back in time."""
    return draw(st.lists(st.tuples(st.sampled_from([0, 0.4, 1, 7, DAY, -3]), edits), max_size=6))


@st.composite
def lists(draw: st.DrawFn, stamps: Sequence[int]) -> Asked:
    """A list of a store with these datestamps."""
    bounds = [draw(_BOUNDS), draw(_BOUNDS)]
    since, until = (None if bound is None else _at(stamps, *bound) for bound in bounds)
    if since is not None and until is not None:
        since, until = sorted((since, until))
    return Asked(draw(_VERBS), draw(st.integers(1, 7)), draw(_SCOPES), since, until, draw(st.booleans()))


def _at(stamps: Sequence[int], number: int, beside: int) -> int:
    ends = [stamps[0] - DAY, *stamps, stamps[-1] + DAY]
    return ends[min(max(number + 1, 0), len(ends) - 1)] + beside


def rows_of(page: Response) -> list[tuple[str, str, bool]]:
    return [(head.identifier, head.datestamp, head.deleted) for head in page.heads]


def as_told(rows: Sequence[Row]) -> list[tuple[str, str, bool]]:
    return [(row.identifier, utc_text(row.datestamp), row.title is None) for row in rows]


def walk(
    stage: Stage, asked: Asked, between: Callable[[], None] = lambda: None
) -> Iterator[tuple[Response, list[Row]]]:
    """Each page of a list, and what it holds by the truth of the moment; `between` happens before each but the first.

    Every page is what comes after the last row of the one before, as things are then: so no page overlaps another,
    and what has changed meanwhile is met at its new place. The sizes are those of the list at its first page, and more
    only if more was delivered; cursors count what was.
    """
    library, arguments = stage.library(asked.page_size), asked.arguments
    last, delivered, announced = Row(-1, -1, "", None), 0, len(asked.of(stage.truth))
    while True:
        page, rest = library.ask(asked.verb, **arguments), [row for row in asked.of(stage.truth) if row > last]
        now, more = rest[: asked.page_size], len(rest) > asked.page_size
        assert rows_of(page) == as_told(now)
        if not rest:
            assert page.codes == (["noRecordsMatch"] if stage.truth.has_sets or not asked.scope else ["noSetHierarchy"])
            return
        if asked.verb == "ListRecords":
            assert page.titles == [row.title for row in now if row.title is not None]
        told = page.resumption
        announced = max(announced, delivered + len(now) + 1) if more else delivered + len(now)
        assert (told and (told.size, told.cursor, bool(told.token))) == (
            (announced, delivered, more) if more or delivered else None
        )
        yield page, now
        if told is None or not told.token:
            return
        last, delivered, arguments = now[-1], delivered + len(now), {"resumptionToken": told.token}
        once, again = (library.ask(asked.verb, **arguments).body for _ in range(2))
        assert once == again, "a token may be used any number of times"
        between()


def keep_to_the_law(stage: Stage, data: st.DataObject) -> None:
    """Fill a store and walk lists of it: at rest, and while it changes."""
    for after, wanted in data.draw(stores()):
        stage.clock.now += after
        stage.publish(wanted)
    stage.clock.now += 2
    asked = data.draw(lists(stage.stamps()))
    pages = [rows for _, rows in walk(stage, asked)]
    assert [row for rows in pages for row in rows] == asked.of(stage.truth)

    def change() -> None:
        stage.clock.now += data.draw(st.sampled_from([0, 0.7, 3]))
        stage.publish(data.draw(edits))

    before, walked = stage.truth.copy(), list(walk(stage, asked, change))
    seen, begun = [row for _, rows in walked for row in rows], min((page.date for page, _ in walked), default="")
    assert seen == sorted(set(seen)), "each row once, in order"
    missing = {row.identifier for row in asked.of(before)} - {row.identifier for row in seen}
    moved = {row.identifier for row in stage.truth.rows(scope=asked.scope) if utc_text(row.datestamp) > begun}
    assert missing <= moved, "what is not met has changed since the first page, and a later `from` will find it"


_LAW = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@_LAW
@given(data=st.data())
def test_walking_the_pages_of_a_list_gives_the_list(arena: Engine, data: st.DataObject) -> None:
    keep_to_the_law(Stage(arena), data)


_FOUND_BY_WALKING = sorted(set(FEEDS) - {"the clock as responseDate"})


@pytest.mark.parametrize("fault", _FOUND_BY_WALKING)
@pytest.mark.parametrize("arena", ["sqlite"], indirect=True)
def test_the_law_finds_a_feed_that_is_wrong(arena: Engine, fault: str) -> None:
    @settings(_LAW, max_examples=500, derandomize=True, database=None, phases=[Phase.generate])
    @given(data=st.data())
    def law(data: st.DataObject) -> None:
        keep_to_the_law(Stage(arena, wrong=lambda true: Wrong(true, FEEDS[fault])), data)

    with pytest.raises((AssertionError, KeyError)):
        law()
