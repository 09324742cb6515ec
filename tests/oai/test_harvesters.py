"""Harvesters that come back, whichever of six moments they ask from, miss nothing: a law about any order of events.

Between any two pages of any harvester, anything may be published and clocks may jump. Whenever a harvester has
completed a list, its copy is what the feed holds. What fails is printed as the shortest program that shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from tests.oai.desk import NEAR_MIDNIGHT, SOUND, Desk, Fault
from tests.oai.library import Library
from tests.oai.planted import HARVESTED
from tests.oai.truth import Asked, Entry, Truth, entries
from tests.store.kit import Clock, Wanted, empty
from tests.store.promise import CHOICES

STEPS = 10_000  # of both databases together
MOST_PAGES = 100  # no list here has as many rows, even while it is published to
SPECS = ["a", "a:b", "c"]


class Harvester:
    """Keeps a copy by asking for what is new since some moment; a page at a time, so that much can happen in between."""

    def __init__(self, name: str, set_spec: str | None, digits: int) -> None:
        self.name, self._set, self._digits = name, set_spec, digits
        self.copy: dict[str, Entry] = {}
        self._since: str | None = None
        self._token: str | None = None
        self._dates: list[int] = []
        self._stamps: list[int] = []

    @property
    def whole(self) -> Asked:
        return Asked(verb="ListRecords", set_spec=self._set)

    def harvest(self, desk: Desk) -> bool:
        """Get one page; returns whether that completed a list."""
        asked = Asked(verb="ListRecords", set_spec=self._set, since=self._since)
        page = desk.get("ListRecords", {"resumptionToken": self._token} if self._token else asked.arguments)
        assert set(page.codes) <= {"noRecordsMatch", "noSetHierarchy"}, page.messages
        self._dates.append(seconds(page.date))
        assert len(self._dates) < MOST_PAGES, "missed: the end of the list"
        for entry in entries(page):
            self.copy[entry.head.identifier] = entry
            self._stamps.append(seconds(entry.head.datestamp))
        self._token = None if page.codes or page.resumption is None else page.resumption.token
        if self._token:
            return False
        self._since = utc_text(CHOICES[self.name](self._dates, self._stamps))[: self._digits]
        self._dates.clear()
        return True

    def break_off(self) -> None:
        """Lose the place in a list: it was not completed, so the next one is asked for from the same moment."""
        self._token = None
        self._dates.clear()


def seconds(date: str) -> int:
    return int(datetime.fromisoformat(date).timestamp())


class Harvesting(RuleBasedStateMachine):
    """Two desks of one repository, whose clocks differ, and a harvester for each moment that may be asked from."""

    def __init__(self, engine: Engine, steps: Counter[str], fault: Fault) -> None:
        super().__init__()
        empty(engine, NEAR_MIDNIGHT - 5)
        self._engine, self._steps, self._fault, self._truth = engine, steps, fault, Truth()

    @initialize(
        page_size=st.integers(1, 3),
        slow=st.sampled_from([0, 0, 2, 3600]),
        sets=st.lists(st.sampled_from([None, None, *SPECS]), min_size=6, max_size=6),
        digits=st.lists(st.sampled_from([20, 20, 20, 10]), min_size=6, max_size=6),
    )
    def open(self, page_size: int, slow: int, sets: list[str | None], digits: list[int]) -> None:
        self._desks = [
            Desk(
                engine=self._engine,
                truth=self._truth,
                clock=Clock(NEAR_MIDNIGHT - behind),
                page_size=page_size,
                fault=self._fault,
            )
            for behind in (0, slow)
        ]
        self._harvesters = [Harvester(*one) for one in zip(CHOICES, sets, digits, strict=True)]

    @rule(
        wanted=st.dictionaries(
            st.integers(0, 5),
            st.builds(
                Wanted,
                title=st.sampled_from(["One", "Two", "Three"]),
                sets=st.sampled_from([(), ("a",), ("a:b",), ("c",), ("a:b", "c")]),
                deleted=st.sampled_from([False, False, True]),
            ),
            min_size=1,
            max_size=3,
        ),
        desk=st.integers(0, 1),
    )
    def publish(self, wanted: dict[int, Wanted], desk: int) -> None:
        self._steps["publish"] += 1
        self._desks[desk].change(wanted)

    @rule(
        seconds=st.sampled_from([0.3, 0.7, 1, 2, 20, 20]),
        desk=st.integers(0, 1),
        jump=st.sampled_from([0] * 9 + [-3600, -2, 2, 3600]),
    )
    def let_time_pass(self, seconds: float, desk: int, jump: int) -> None:
        """At both desks; and one of the clocks may be set meanwhile."""
        self._steps["time"] += 1
        for one in self._desks:
            one.clock.now += seconds
        self._desks[desk].clock.now += jump

    @rule(number=st.integers(0, 5), desk=st.integers(0, 1), lost=st.sampled_from([False, False, False, False, True]))
    def harvest(self, number: int, desk: int, lost: bool) -> None:
        """One page; `lost` is the place in the list that the harvester was in."""
        self._steps["harvest"] += 1
        if lost:
            self._harvesters[number].break_off()
        self.get_page(number, desk)

    @rule(number=st.integers(0, 5))
    def harvest_at_both_desks(self, number: int) -> None:
        self._steps["harvest"] += 1
        self.get_page(number, 0)
        self.get_page(number, 1)

    def get_page(self, number: int, desk: int) -> bool:
        """One page for one harvester; when a list is complete, the copy is the feed."""
        harvester = self._harvesters[number]
        completed = harvester.harvest(self._desks[desk])
        if completed:
            truth = self._truth.list(harvester.whole)
            assert harvester.copy == {entry.head.identifier: entry for entry in truth}, f"missed: {harvester.name}"
        return completed

    def teardown(self) -> None:
        """Each harvester completes the list that it is in, and comes back once more."""
        for number in range(6):
            for _ in range(2):
                while not self.get_page(number, 0):
                    pass


law = settings(
    max_examples=115,  # of some 48 steps each: at most 50, and fewer where an example grows long
    stateful_step_count=50,
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def harvesting(engine: Engine, steps: Counter[str], fault: Fault = SOUND) -> type[Harvesting]:
    class HarvestingHere(Harvesting):
        def __init__(self) -> None:
            super().__init__(engine, steps, fault)

    return HarvestingHere


def test_no_harvester_misses_a_change(engine: Engine, record_testsuite_property: Callable[[str, object], None]) -> None:
    steps: Counter[str] = Counter()
    run_state_machine_as_test(harvesting(engine, steps), settings=law)
    record_testsuite_property(f"steps on {engine.dialect.name}", steps.total())  # pytest --junitxml=FILE writes it down
    assert steps.total() >= STEPS // 2, steps  # the other half on the other database


@pytest.mark.parametrize("fault", HARVESTED, ids=lambda fault: fault.name)
def test_a_fault_makes_a_harvester_miss_a_change(library: Library, fault: Fault) -> None:
    teeth = settings(
        law,
        max_examples=1000,  # it ends with the first that finds it
        derandomize=True,  # the same examples each time: a planted fault has to be found by every run
        phases=(Phase.generate,),
        database=None,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
    )
    with pytest.raises(AssertionError, match="missed: "):
        run_state_machine_as_test(harvesting(library.engine, Counter(), fault), settings=teeth)
