"""Each due slot runs once, whoever wakes for it; what was missed is caught up once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from repo_harvest.errors import FetchError
from repo_harvest.scheduler import Planned, Scheduler, latest_due, next_due
from repo_harvest.store.engine import open_engine, reading
from repo_harvest.store.tables import slots
from tests.store.kit import Clock

DAILY = Planned(name="page", url="https://example.org/", schedule="0 3 * * *")
THREE = datetime(2026, 3, 29, 3, tzinfo=UTC).timestamp()  # the night that clocks in Europe go forward

CRON = st.sampled_from(
    ["* * * * *", "*/7 * * * *", "30 3 * * *", "0 0 * * mon", "0 5 1 * *", "59 23 31 12 *", "0 12 29 2 *"]
)
MOMENT = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))  # noqa: DTZ001 -- bounds of naive draws


@given(schedule=CRON, now=MOMENT)
def test_between_the_last_due_moment_and_the_next_there_is_none(schedule: str, now: datetime) -> None:
    last, following = latest_due(schedule, now), next_due(schedule, now)
    assert last is not None
    assert following is not None
    assert last <= now < following
    assert next_due(schedule, last) == following
    assert latest_due(schedule, following - timedelta(seconds=1)) == last


def test_a_daily_slot_exists_every_day_through_changes_of_summer_time() -> None:
    moments = [latest_due("0 3 * * *", datetime(2026, 3, 25, 12, tzinfo=UTC) + timedelta(days=i)) for i in range(250)]
    steps = {later - earlier for earlier, later in pairwise(m for m in moments if m is not None)}
    assert steps == {timedelta(days=1)}


def scheduler(engine: Engine, ran: list[str], clock: Callable[[], float], planned: Planned = DAILY) -> Scheduler:
    return Scheduler([planned], engine=engine, run=ran.append, clock=clock)


def test_a_slot_is_run_once_and_the_next_one_again(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    first, second = scheduler(engine, ran, clock), scheduler(engine, ran, clock)
    assert [first.run_due(DAILY), second.run_due(DAILY), first.run_due(DAILY)] == [True, False, False]
    clock.now += 86_400
    assert [second.run_due(DAILY), first.run_due(DAILY)] == [True, False]
    assert ran == ["page", "page"]


def test_a_week_of_downtime_is_caught_up_with_one_run(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    scheduler(engine, ran, clock).run_due(DAILY)
    clock.now += 7 * 86_400
    later = scheduler(engine, ran, clock)
    assert [later.run_due(DAILY), later.run_due(DAILY)] == [True, False]
    assert len(ran) == 2


def test_a_source_without_schedule_runs_at_the_first_start_only(engine: Engine) -> None:
    ran: list[str] = []
    once = Planned(name="once", url="page.html", schedule=None)
    for start in range(3):
        scheduler(engine, ran, Clock(now=THREE + start * 10_000_000), once).run_due(once)
    assert ran == ["once"]


def test_a_clock_set_back_runs_no_slot_again(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    one = scheduler(engine, ran, clock)
    one.run_due(DAILY)
    clock.now -= 2 * 86_400
    assert one.run_due(DAILY) is False


def test_a_failed_run_is_over_and_the_next_slot_comes(engine: Engine) -> None:
    clock = Clock(now=THREE + 1)

    def fail(name: str) -> None:
        raise FetchError(f"{name}: did not arrive")

    failing = Scheduler([DAILY], engine=engine, run=fail, clock=clock)
    assert failing.run_due(DAILY) is True
    assert failing.run_due(DAILY) is False
    clock.now += 86_400
    assert failing.run_due(DAILY) is True


def test_many_schedulers_racing_for_slots_run_each_once(database_url: str) -> None:
    ran: list[str] = []
    engines = [open_engine(database_url) for _ in range(4)]
    clock = Clock(now=THREE)
    racers = [scheduler(engine, ran, clock) for engine in engines]
    with ThreadPoolExecutor(len(racers)) as pool:
        for day in range(10):
            clock.now = THREE + day * 86_400
            gate = threading.Barrier(len(racers))

            def race(one: Scheduler, gate: threading.Barrier = gate) -> bool:
                gate.wait()
                return one.run_due(DAILY)

            assert sorted(pool.map(race, racers)) == [False, False, False, True]
    with reading(engines[0]) as connection:
        assert len(connection.execute(select(slots)).fetchall()) == len(ran) == 10
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_starting_catches_up_and_stopping_waits_for_the_run(new_database_url: Callable[[str], str], kind: str) -> None:
    engine = open_engine(new_database_url(kind))
    started, finish, ended = threading.Event(), threading.Event(), threading.Event()

    def run(_name: str) -> None:
        started.set()
        finish.wait(20)
        ended.set()

    service = Scheduler([DAILY], engine=engine, run=run)
    service.start()
    assert started.wait(20)
    threading.Timer(0.2, finish.set).start()
    service.stop()
    assert ended.is_set()
    engine.dispose()
