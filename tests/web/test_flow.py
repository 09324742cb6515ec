"""Every client has the same budget, whatever the others do; who asks for more is told when to come back."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.settings import load
from repo_harvest.web.client import Clients
from repo_harvest.web.flow import Flow
from repo_harvest.web.limits import Limits
from repo_harvest.web.server import limits_of
from tests.web.http import Http

SECOND = 1_000_000_000


@dataclass
class Ticks:
    """A clock of nanoseconds that a test sets."""

    now: int = 0

    def __call__(self) -> int:
        return self.now


budgets = st.integers(1, 1000) | st.just(100_000)


@given(budget=budgets, pauses=st.lists(st.integers(0, 70 * SECOND), max_size=60), others=st.integers(0, 30))
def test_who_keeps_within_the_budget_is_never_refused_whatever_the_others_do(
    budget: int, pauses: list[int], others: int
) -> None:
    clock = Ticks()
    flow = Flow(budget, clock=clock, most_clients=10)
    granted: list[int] = []
    for pause in pauses:
        clock.now += pause
        for other in range(others):
            flow.wait(f"greedy {other % 20}")
        if keeps_within(granted, budget, clock.now):
            assert flow.wait("modest") == 0
            granted.append(clock.now)


def keeps_within(granted: Iterable[int], budget: int, now: int) -> bool:
    """Whether one request more is within a bucket of `budget` that fills evenly, reckoned exactly and from the start."""
    level, at = budget * 60 * SECOND, 0  # in requests times a minute
    for moment in [*granted, now]:
        level, at = min(level + (moment - at) * budget, budget * 60 * SECOND) - 60 * SECOND, moment
        if level < 0:
            return False
    return True


@given(budget=budgets, pauses=st.lists(st.integers(0, 20 * SECOND), min_size=1, max_size=200))
def test_a_greedy_client_gets_the_budget_and_one_burst_and_waits_no_longer_than_it_is_told(
    budget: int, pauses: list[int]
) -> None:
    clock = Ticks()
    flow = Flow(budget, clock=clock)
    granted = 0
    for pause in pauses:
        clock.now += pause
        wait = flow.wait("greedy")
        granted += wait == 0
        assert 0 <= wait <= 3600
        if wait:
            before = clock.now
            clock.now += wait * SECOND
            assert flow.wait("greedy") == 0, "Retry-After is when the next one is free"
            granted += 1
            assert clock.now > before
    assert granted <= budget + budget * clock.now / (60 * SECOND) + 1


def test_a_minutes_worth_may_be_asked_at_once_and_then_one_by_one() -> None:
    clock = Ticks()
    flow = Flow(60, clock=clock)
    assert [flow.wait("a") for _ in range(62)] == [0] * 60 + [1, 1]
    clock.now += SECOND - 1
    assert flow.wait("a") == 1
    clock.now += 1
    assert [flow.wait("a") for _ in range(2)] == [0, 1]
    assert flow.wait("b") == 0
    assert Flow(1, clock=Ticks()).wait("a") == 0


def test_the_longest_wait_of_the_smallest_budget_is_a_minute() -> None:
    flow = Flow(1, clock=Ticks())
    assert [flow.wait("a") for _ in range(3)] == [0, 60, 60]


def test_only_so_many_clients_are_remembered_and_the_busy_one_is_among_them() -> None:
    flow = Flow(2, clock=Ticks(), most_clients=100)
    assert [flow.wait("greedy"), flow.wait("greedy")] == [0, 0]
    for number in range(10_000):
        flow.wait(str(number))
        if number % 50 == 0:
            assert flow.wait("greedy") > 0
    assert len(flow._full) == 100


def test_any_number_of_threads_share_one_budget() -> None:
    flow = Flow(500, clock=Ticks())
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: flow.wait("a"), range(2000)))
    assert waits.count(0) == 500


# --- over HTTP ---


def test_who_asks_too_fast_is_told_so_and_nobody_else_is(http: Http) -> None:
    limits = Limits(flow=Flow(2, clock=Ticks()))
    limited = replace(http, parts={"limits": limits, "clients": Clients(["10.0.0.1"])})
    for _ in range(2):
        assert limited.get("verb=Identify", REMOTE_ADDR="192.0.2.1").status == 200
    for method in ("GET", "HEAD", "POST", "PUT"):
        refused = limited.send(method, "verb=Identify", b"", REMOTE_ADDR="192.0.2.1")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
    assert b"faster" in limited.get("verb=Identify", REMOTE_ADDR="192.0.2.1").body
    assert limited.get("verb=Identify", REMOTE_ADDR="192.0.2.2").status == 200
    through = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}
    assert limited.get("verb=Identify", **through).status == 503
    assert limited.get("verb=Identify", REMOTE_ADDR="192.0.2.3", HTTP_X_FORWARDED_FOR="192.0.2.1").status == 200


@pytest.mark.parametrize(("configured", "local_too"), [(None, False), ("1", True)])
def test_clients_on_this_machine_are_limited_only_by_a_configured_number(
    http: Http, configured: str | None, local_too: bool
) -> None:
    environ = {} if configured is None else {"REPO_HARVEST_FEED_REQUESTS_PER_MINUTE": configured}
    limits = limits_of(load(None, environ))
    assert limits.local_too is local_too
    local = replace(http, parts={"limits": limits})
    statuses = [local.get("verb=Identify", REMOTE_ADDR="127.0.0.1").status for _ in range(3)]
    assert statuses == ([200, 503, 503] if local_too else [200, 200, 200])


def test_a_budget_of_zero_is_none() -> None:
    assert limits_of(load(None, {"REPO_HARVEST_FEED_REQUESTS_PER_MINUTE": "0"})).flow is None
