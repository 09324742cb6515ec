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
from repo_harvest.scheduler import Planned, Scheduler, due_slot, latest_due, next_due
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine, reading
from repo_harvest.store.slots import TRIES, Errand
from repo_harvest.store.steering import ask_run, pause, resume, steered
from repo_harvest.store.tables import slots
from tests.schedule_kit import dying, recording
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
    return Scheduler(lambda: [planned], engine=engine, run=recording(engine, ran), clock=clock)


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

    failing = Scheduler(lambda: [DAILY], engine=engine, run=recording(engine, [], fail), clock=clock)
    assert failing.run_due(DAILY) is True
    assert failing.run_due(DAILY) is False
    clock.now += 86_400
    assert failing.run_due(DAILY) is True


@given(schedule=CRON, now=MOMENT, jitter=st.integers(0, 100_000))
def test_with_jitter_a_slot_has_one_moment_of_its_own_before_the_next(
    schedule: str, now: datetime, jitter: int
) -> None:
    planned = Planned(name="page", url="", schedule=schedule)
    due = latest_due(schedule, now)
    assert due is not None
    following = next_due(schedule, due)
    assert following is not None
    slot, before = int(due.timestamp()), latest_due(schedule, due - timedelta(seconds=1))
    assert before is not None
    assert due_slot(planned, following - timedelta(microseconds=1), jitter) == slot
    assert due_slot(planned, due + timedelta(seconds=jitter), jitter) >= slot  # type: ignore[operator]  # it was due at least once
    assert due_slot(planned, now, jitter) in {slot, int(before.timestamp())}
    assert due_slot(planned, now, 0) == slot


def test_jitter_spreads_sources_and_slots() -> None:
    def moment(name: str, day: int) -> int:
        due = datetime(2026, 3, 1 + day, 3, tzinfo=UTC)
        planned = Planned(name=name, url="", schedule="0 3 * * *")
        return next(s for s in range(3601) if due_slot(planned, due + timedelta(seconds=s), 3600) == due.timestamp())

    assert len({moment(name, 0) // 600 for name in ("one", "two", "three", "four", "five", "six")}) > 2
    assert len({moment("one", day) // 60 for day in range(6)}) > 3


def test_a_slot_whose_process_died_is_run_again_but_not_for_ever(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    cursed = Scheduler(lambda: [DAILY], engine=engine, run=dying(engine), clock=clock)
    sound = scheduler(engine, ran, clock)
    assert cursed.run_due(DAILY) is True
    assert [sound.run_due(DAILY), sound.run_due(DAILY), cursed.run_due(DAILY)] == [True, False, False]
    assert [run.outcome for run in ledger.history(engine)] == ["done", "died"]
    clock.now += 86_400
    assert [cursed.run_due(DAILY) for _ in range(TRIES + 2)] == [True] * TRIES + [False] * 2
    clock.now += 86_400
    assert sound.run_due(DAILY) is True


def test_a_source_that_is_busy_when_it_is_due_is_run_at_a_later_look(engine: Engine) -> None:
    ran: list[str] = []
    one = scheduler(engine, ran, Clock(now=THREE + 1))
    with ledger.run_lock(engine, ledger.source_state(engine, "page", DAILY.url).id):
        assert one.run_due(DAILY) is False
    assert one.run_due(DAILY) is True
    assert ran == ["page"]


def test_a_paused_source_waits_and_is_caught_up_once(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    one, page = scheduler(engine, ran, clock), ledger.source_state(engine, "page", DAILY.url).id
    pause(engine, page, at=1, by="ann")
    for _ in range(3):
        assert one.run_due(DAILY) is False
        clock.now += 86_400
    resume(engine, page)
    assert [one.run_due(DAILY), one.run_due(DAILY)] == [True, False]


def test_a_pause_that_comes_between_the_look_and_the_run_is_heeded(engine: Engine) -> None:
    ran: list[str] = []
    page = ledger.source_state(engine, "page", DAILY.url).id
    one = scheduler(engine, ran, Clock(now=THREE + 1))
    pause(engine, page, at=1, by="ann")
    assert one.run_now(DAILY, Errand(due=int(THREE), owner="x")) is False
    assert ledger.history(engine) == []


def test_a_run_that_is_asked_for_is_run_once_paused_or_not(engine: Engine) -> None:
    ran: list[str] = []
    clock = Clock(now=THREE + 1)
    first, second = scheduler(engine, ran, clock), scheduler(engine, ran, clock)
    page = ledger.source_state(engine, "page", DAILY.url).id
    pause(engine, page, at=1, by="ann")
    ask_run(engine, page, at=2, by="bob")
    assert [first.run_due(DAILY), second.run_due(DAILY), first.run_due(DAILY)] == [True, False, False]
    assert steered(engine)["page"].asked_at is None


def test_a_request_outlives_the_process_that_took_it_but_is_not_tried_for_ever(engine: Engine) -> None:
    ran: list[str] = []
    once = Planned(name="once", url="page.html", schedule=None)
    cursed = Scheduler(lambda: [once], engine=engine, run=dying(engine), clock=Clock())
    sound, page = scheduler(engine, ran, Clock(), once), ledger.source_state(engine, "once", "page.html").id
    sound.run_due(once)
    ask_run(engine, page, at=2, by="bob")
    assert [cursed.run_due(once), sound.run_due(once), sound.run_due(once)] == [True, True, False]
    ask_run(engine, page, at=3, by="bob")
    assert [cursed.run_due(once) for _ in range(TRIES + 2)] == [True] * TRIES + [False] * 2


def test_asking_while_a_run_goes_on_asks_for_another(engine: Engine) -> None:
    page = ledger.source_state(engine, "page", DAILY.url).id
    ran: list[str] = []

    def asked_again(_name: str) -> None:
        if not ran:
            ask_run(engine, page, at=2, by="bob")

    clock = Clock(now=THREE + 1)
    one = Scheduler(lambda: [DAILY], engine=engine, run=recording(engine, ran, asked_again), clock=clock)
    assert [one.run_due(DAILY), one.run_due(DAILY), one.run_due(DAILY)] == [True, True, False]


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

    def run(_name: str, _errand: Errand | None) -> None:
        started.set()
        finish.wait(20)
        ended.set()

    service = Scheduler(lambda: [DAILY], engine=engine, run=run)
    service.start()
    assert started.wait(20)
    threading.Timer(0.2, finish.set).start()
    service.stop()
    assert ended.is_set()
    engine.dispose()
