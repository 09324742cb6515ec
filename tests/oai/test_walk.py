"""Walking the pages gives the list: for every store, page size, window and set, at rest and while it is published to.

The list is what plain Python says was published (`Truth`). Examples are new on every run; what fails is printed as it
can be run again, and found again first by the next run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from tests.laws import tries
from tests.oai.desk import NEAR_MIDNIGHT, SOUND, Desk, Fault
from tests.oai.library import Library
from tests.oai.planted import MOVING, RESTING
from tests.oai.truth import Asked, Entry, Truth, entries
from tests.oai.wire import Response
from tests.store.kit import Clock, Wanted, empty

Changes = tuple[dict[int, Wanted], int]

MOST_PAGES = 100  # no list here has as many rows
SPECS = ["a", "a:b", "a:b:c", "ab", "d"]
NUMBERS = st.integers(0, 8)
WANTED = st.builds(
    Wanted,
    title=st.sampled_from(["One", "Two"]),
    sets=st.sets(st.sampled_from(SPECS), max_size=2).map(lambda specs: tuple(sorted(specs))),
    deleted=st.sampled_from([False, False, False, True]),
)
CHANGES = st.tuples(
    st.dictionaries(NUMBERS, WANTED, min_size=1, max_size=9),
    st.sampled_from([0, 0, 1, 9, 100_000, -5]),  # seconds that go by before
)
MOMENTS = st.tuples(st.integers(0, 9), st.sampled_from([-1, 0, 0, 0, 1, 90_000]))  # a datestamp, and seconds from it

HISTORIES = st.builds(
    lambda first, rest: [(first, 0), *rest],
    st.dictionaries(NUMBERS, WANTED, min_size=5, max_size=9),
    st.lists(CHANGES, max_size=4),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A store, and how a list of it is asked for."""

    history: list[Changes]
    page_size: int
    verb: str
    set_spec: str | None
    since: tuple[int, int] | None
    until: tuple[int, int] | None
    days: bool
    idle: int  # seconds that nothing was published for

    def asked(self, truth: Truth) -> Asked:
        """The bounds lie on or around datestamps that there are."""
        known = sorted(set(truth.stamps.values())) or ["2027-01-15T23:59:50Z"]
        bounds = [None if bound is None else _moment(known, *bound, self.days) for bound in (self.since, self.until)]
        if None not in bounds:
            bounds = sorted(bounds, key=str)
        return Asked(verb=self.verb, set_spec=self.set_spec, since=bounds[0], until=bounds[1])


def _moment(known: list[str], index: int, seconds: int, days: bool) -> str:
    moment = datetime.fromisoformat(known[index % len(known)]) + timedelta(seconds=seconds)
    return f"{moment:%Y-%m-%d}" if days else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


CASES = st.builds(
    Case,
    history=HISTORIES,
    page_size=st.sampled_from([1, 2, 3, 1, 2, 3, 4, 5, 6, 7]),
    verb=st.sampled_from(["ListIdentifiers", "ListRecords"]),
    set_spec=st.sampled_from([None, None, None, *SPECS, "e"]),
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
    days=st.booleans(),
    idle=st.sampled_from([0, 2]),
)


@dataclass(frozen=True)
class Between:
    """What happens between two pages: the next one is asked for, and its answer lost; then something is published."""

    lost: bool
    changes: Changes


BETWEEN = st.lists(st.none() | st.builds(Between, st.booleans(), CHANGES), min_size=2, max_size=8)

law = settings(
    max_examples=tries(20),
    phases=(Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)


def stocked(engine: Engine, history: list[Changes], page_size: int, idle: int = 0, fault: Fault = SOUND) -> Desk:
    """A desk where all of this was published; the examples share a database."""
    empty(engine, NEAR_MIDNIGHT - 5)
    desk = Desk(engine=engine, truth=Truth(), clock=Clock(NEAR_MIDNIGHT), page_size=page_size, fault=fault)
    for changes in history:
        publish(desk, changes)
    desk.clock.now += idle
    return desk


def publish(desk: Desk, changes: Changes) -> int | None:
    wanted, seconds = changes
    desk.clock.now += seconds
    return desk.change(wanted)


# --- at rest ---


@given(case=CASES)
@law
def test_the_pages_of_a_list_that_rests_are_the_list(engine: Engine, case: Case) -> None:
    resting(stocked(engine, case.history, case.page_size, case.idle), case)


def resting(desk: Desk, case: Case) -> None:
    """Law: the pages hold the list in order, each says exactly how much there is and was, and is the same when asked again."""
    asked = case.asked(desk.truth)
    whole = desk.truth.list(asked)
    if not whole:
        assert desk.get(asked.verb, asked.arguments).codes == [nothing_in(desk.truth, asked)], "an empty list"
        return
    pages = list(walk(desk, asked.verb, asked.arguments))
    assert [entry for page in pages for entry in entries(page)] == whole, "the pages are not the list"
    check_parts(pages, len(whole), desk.page_size)


def nothing_in(truth: Truth, asked: Asked) -> str:
    return "noSetHierarchy" if asked.set_spec is not None and not truth.sets else "noRecordsMatch"


def walk(desk: Desk, verb: str, arguments: Mapping[str, str]) -> Iterator[Response]:
    """Page after page, each asked for twice."""
    for _ in range(MOST_PAGES):
        page = desk.get(verb, arguments)
        assert desk.get(verb, arguments).body == page.body, "asked again, a page is another"
        yield page
        if page.resumption is None or not page.resumption.token:
            return
        arguments = {"resumptionToken": page.resumption.token}
    raise AssertionError("the pages are not the list: they do not end")


def check_parts(pages: list[Response], size: int, page_size: int) -> None:
    """An unsplit list has no resumptionToken element; in a split one, only the last is empty (section 3.5)."""
    count = math.ceil(size / page_size)
    said = [one and (one.size, one.cursor, bool(one.token)) for one in (page.resumption for page in pages)]
    split = [(size, page_size * number, number < count - 1) for number in range(count)]
    assert said == (split if count > 1 else [None]), "sizes, cursors and tokens"


@given(history=HISTORIES, page_size=st.integers(1, 7))
@law
def test_the_pages_of_the_sets_are_the_sets(engine: Engine, history: list[Changes], page_size: int) -> None:
    desk = stocked(engine, history, page_size)
    if not desk.truth.sets:
        assert desk.get("ListSets", {}).codes == ["noSetHierarchy"]
        return
    pages = list(walk(desk, "ListSets", {}))
    assert sorted(spec for page in pages for spec in page.texts("setSpec")) == sorted(desk.truth.sets)
    check_parts(pages, len(desk.truth.sets), page_size)


# --- while it is published to ---


@given(case=CASES, between=BETWEEN)
@law
def test_the_pages_of_a_list_that_moves_are_the_list_it_becomes(
    engine: Engine, case: Case, between: list[Between | None]
) -> None:
    moving(stocked(engine, case.history, case.page_size, case.idle), case, between)


def moving(desk: Desk, case: Case, between: list[Between | None]) -> None:
    """Law: what is in the list when the walk ends was met as it is then, and nothing was met twice as it is.

    So whoever was there and did not change is met exactly once, and who changed is met as it became, or has left the
    list for a datestamp that the harvester will ask from.
    """
    asked = case.asked(desk.truth)
    at_first = desk.truth.list(asked)
    walked = Walk(desk, asked, len(at_first))
    happening = iter(between)
    while walked.request is not None:
        walked.step(next(happening, None) if walked.pages else None)
    met, at_last = walked.met, desk.truth.list(asked)
    keys = [entry.key for entry in met]
    assert len(set(keys)) == len(keys), "met twice as it is"
    assert [key[1] for key in keys] == sorted(key[1] for key in keys), "out of order"
    assert [entry for entry in met if entry in at_first and entry in at_last] == [
        entry for entry in at_first if entry in at_last
    ], "who did not change is met once"
    assert [entry for entry in at_last if entry not in met] == [], "missed"


class Walk:
    """A list on its way: what was asked, what was met, and what has to be true of every page on its own."""

    def __init__(self, desk: Desk, asked: Asked, size: int) -> None:
        self._desk, self._asked, self._size = desk, asked, size
        self.request: dict[str, str] | None = asked.arguments
        self.pages = 0
        self.met: list[Entry] = []
        self._dates: list[str] = []

    def step(self, before: Between | None) -> None:
        """One page, and what happens before it is asked for."""
        assert self.request is not None
        if before is not None:
            if before.lost:
                self._desk.get(self._asked.verb, self.request)
            stamp = publish(self._desk, before.changes)
            assert stamp is None or utc_text(stamp) > max(self._dates), (
                "published in a second that was already answered"
            )
        page = self._desk.get(self._asked.verb, self.request)
        self.pages += 1
        assert self.pages < MOST_PAGES, "met twice: the pages do not end"
        self._dates.append(page.date)
        now = self._desk.truth.list(self._asked)
        if page.codes:
            rest = now if not self.met else [entry for entry in now if entry not in self.met]
            assert (page.codes, rest) == ([nothing_in(self._desk.truth, self._asked)], []), "an empty list"
            self.request = None
            return
        shown = entries(page)
        assert all(entry in now for entry in shown), "shown as it is not"
        self._check_part(page, len(shown))
        self.met += shown

    def _check_part(self, page: Response, shown: int) -> None:
        """completeListSize is the count of the first page, raised by what is known to follow; at last what was delivered."""
        said, before, delivered = page.resumption, len(self.met), len(self.met) + shown
        if said is None:
            assert not self.met, "a page of a split list without a resumptionToken"
            self.request = None
        elif said.token:
            self._size = max(self._size, delivered + 1)
            assert (said.size, said.cursor, shown) == (self._size, before, self._desk.page_size), "size and cursor"
            self.request = {"resumptionToken": said.token}
        else:
            assert self.met, "a resumptionToken in a list of one page"
            assert (said.size, said.cursor) == (delivered, before), "size and cursor of the last page"
            self.request = None


@given(history=HISTORIES, between=st.lists(CHANGES), page_size=st.integers(1, 3))
@law
def test_the_sets_that_were_there_are_listed_once_while_others_are_made(
    engine: Engine, history: list[Changes], between: list[Changes], page_size: int
) -> None:
    desk = stocked(engine, history, page_size)
    at_first, happening, delivered, size = set(desk.truth.sets), iter(between), list[str](), len(desk.truth.sets)
    arguments: dict[str, str] = {}
    while at_first:
        page = desk.get("ListSets", arguments)
        shown, said = page.texts("setSpec"), page.resumption
        before, delivered = len(delivered), delivered + shown
        if said is None or not said.token:
            assert said is None or (said.size, said.cursor) == (len(delivered), before)
            break
        size = max(size, len(delivered) + 1)
        assert (said.size, said.cursor, len(shown)) == (size, before, page_size)
        arguments = {"resumptionToken": said.token}
        publish(desk, next(happening, ({}, 0)))
    assert len(set(delivered)) == len(delivered)
    assert at_first <= set(delivered) <= desk.truth.sets


# --- and the laws can fail ---

teeth = settings(
    derandomize=True,  # the same examples each time: a planted fault has to be found by every run
    max_examples=1000,  # it ends with the first that finds it
    phases=(Phase.generate,),
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


@pytest.mark.parametrize("fault", RESTING, ids=lambda fault: fault.name)
def test_a_fault_in_a_list_that_rests_is_found(library: Library, fault: Fault) -> None:
    @given(case=CASES)
    @teeth
    def law_of(case: Case) -> None:
        resting(stocked(library.engine, case.history, case.page_size, case.idle, fault), case)

    with pytest.raises(AssertionError, match=RESTING[fault]):
        law_of()


@pytest.mark.parametrize("fault", MOVING, ids=lambda fault: fault.name)
def test_a_fault_in_a_list_that_moves_is_found(library: Library, fault: Fault) -> None:
    @given(case=CASES, between=BETWEEN)
    @teeth
    def law_of(case: Case, between: list[Between | None]) -> None:
        moving(stocked(library.engine, case.history, case.page_size, case.idle, fault), case, between)

    with pytest.raises(AssertionError, match=MOVING[fault]):
        law_of()
