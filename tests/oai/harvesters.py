"""Harvesters that keep a copy of a feed by coming back for what is new, and a machine that makes their life hard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine

from repo_harvest.model import Feed, Snapshot, utc_text
from tests.oai.library import Library
from tests.oai.stage import Aftermath, Stage
from tests.oai.truth import edits
from tests.oai.wire import Response
from tests.store.kit import Wanted

__all__ = ["WAYS", "Harvester", "Harvesting", "Interruptible"]

WAYS: Mapping[str, Callable[[Harvester], int]] = {
    "the first responseDate": lambda harvester: harvester.dates[0],
    "the first responseDate and a second": lambda harvester: harvester.dates[0] + 1,
    "the last responseDate": lambda harvester: harvester.dates[-1],
    "the last responseDate and a second": lambda harvester: harvester.dates[-1] + 1,
    "the largest datestamp": lambda harvester: harvester.largest,
    "the largest datestamp and a second": lambda harvester: harvester.largest + 1,
}
"""How a harvester that finished a list chooses the `from` of its next one, in UTC seconds since 1970."""


@dataclass
class Harvester:
    """A copy of a feed or of one set: identifier -> title, `None` for what is deleted."""

    library: Library
    way: Callable[[Harvester], int]
    scope: str | None
    days: bool = False
    copy: dict[str, str | None] = field(default_factory=dict)
    dates: list[int] = field(default_factory=list)
    largest: int = 0
    since: int | None = None
    token: str | None = None

    def step(self) -> bool:
        """Ask for one page more; whether that ended the list."""
        if self.token is not None:
            page = self.library.ask("ListRecords", resumptionToken=self.token)
        else:
            self.dates = []
            bound = {} if self.since is None else {"from_": utc_text(self.since)[: 10 if self.days else None]}
            scope = {} if self.scope is None else {"set": self.scope}
            page = self.library.ask("ListRecords", metadataPrefix="oai_dc", **bound, **scope)
        self.dates.append(_seconds(page.date))
        self._take(page)
        self.token = (page.resumption.token or None) if page.resumption else None
        if self.token is None:
            self._finish()
        return self.token is None

    def _take(self, page: Response) -> None:
        assert page.kind in {"ListRecords", "error"}
        assert set(page.codes) <= {"noRecordsMatch", "noSetHierarchy"}
        titles = iter(page.titles)
        for head in page.heads:
            self.copy[head.identifier] = None if head.deleted else next(titles)
            self.largest = max(self.largest, _seconds(head.datestamp))

    def _finish(self) -> None:
        """The whole list is there: choose where the next one begins, unless there is nothing to choose from."""
        chosen = self.way(self)
        self.since = chosen if chosen > 1 else self.since


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


class Interruptible:
    """A feed in which something happens between the moment that an answer is made from and the reading of its rows."""

    def __init__(self, true: Feed) -> None:
        self._true = true
        self.meanwhile: Callable[[], object] | None = None

    @contextmanager
    def snapshot(self, now: float) -> Iterator[Snapshot]:
        with self._true.snapshot(now) as snapshot:
            happening, self.meanwhile = self.meanwhile, None
            if happening is not None:
                happening()
            yield snapshot


_SKEWS = st.sampled_from([0, 0, 0, -3600, -1, 2, 600])
"""By how many seconds the clock of a publisher is wrong."""


class Harvesting(RuleBasedStateMachine):
    """Publishers with clocks of their own, harvesters in the middle of their lists, and time that jumps.

    At the end each harvester finishes its list and comes back once: then its copy is what the feed holds.
    """

    arena: Engine
    aftermath: Aftermath | None = None
    wrong: Callable[[Feed], Feed] | None = None
    steps = 0
    """How many rules were run, by all machines of a class."""

    @initialize(page_size=st.integers(1, 4), first=edits)
    def open(self, page_size: int, first: dict[int, Wanted]) -> None:
        kind = type(self)
        self.stage = Stage(self.arena, kind.aftermath, kind.wrong)
        self.library = self.stage.library(page_size)
        self.feed = Interruptible(self.library.feed)
        self.library.feed = self.feed  # type: ignore[assignment]  # any feed answers
        self.harvesters = [
            Harvester(self.library, way, scope, days)
            for scope in (None, "a", "a:b")
            for way in WAYS.values()
            for days in ((False, True) if scope is None else (False,))
        ]
        self.stage.publish(first)

    @rule(wanted=edits, skew=_SKEWS)
    def publish(self, wanted: dict[int, Wanted], skew: int) -> None:
        self.count()
        self.stage.publish(wanted, skew=skew)

    @rule(seconds=st.sampled_from([0.3, 1, 1, 2, 60, 86_400, -1, -30]))
    def pass_time(self, seconds: float) -> None:
        self.count()
        self.stage.clock.now += seconds

    @rule(which=st.integers(0, 23))
    def harvest_a_page(self, which: int) -> None:
        self.count()
        self.harvesters[which].step()

    @rule(which=st.integers(0, 23))
    def harvest_to_the_end(self, which: int) -> None:
        self.count()
        while not self.harvesters[which].step():
            pass

    @rule(which=st.integers(0, 23), wanted=edits, skew=_SKEWS)
    def harvest_a_page_while_something_is_published(self, which: int, wanted: dict[int, Wanted], skew: int) -> None:
        self.count()
        self.feed.meanwhile = lambda: self.stage.publish(wanted, skew=skew)
        self.harvesters[which].step()

    def count(self) -> None:
        type(self).steps += 1

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        self.stage.clock.now += 2
        for harvester in self.harvesters:
            for _ in range(2):
                while not harvester.step():
                    pass
            truth = {row.identifier: row.title for row in self.stage.truth.rows(scope=harvester.scope)}
            assert harvester.copy == truth
