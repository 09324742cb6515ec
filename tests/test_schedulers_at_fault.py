"""Schedulers that are killed, frozen and thawed, or lose their lock: every slot gets exactly one run that ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from repo_harvest.errors import Busy, Superseded
from repo_harvest.ingest import Source, ingest
from repo_harvest.model import Outcome, Page, Validators
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine, reading, writing
from repo_harvest.store.slots import Errand
from repo_harvest.store.tables import runs, slots, sources
from tests import schedule_kit
from tests.cli.forked import Forked, started
from tests.store.kit import dump

FACTOR = 60  # a minute passes in a second
NAMES = ("one", "two", "three")


class Fleet:
    """Scheduler processes on one database, and what they do."""

    def __init__(self, url: str, folder: Path, processes: list[Forked]) -> None:
        self.engine, self.folder, self.processes = open_engine(url), folder, processes

    def wait(self, what: Callable[[], bool], *, why: str) -> None:
        deadline = time.monotonic() + 120
        while not what():
            assert time.monotonic() < deadline, why
            time.sleep(0.02)

    def reader(self, *, among: list[Forked]) -> tuple[Forked, str]:
        """A process in the middle of a reading, and the source that it reads."""
        by_id = {process.pid: process for process in among}

        def found() -> list[tuple[Forked, str]]:
            marks = [path.name.split("-") for path in self.folder.glob("reading-*")]
            return [(by_id[int(pid)], name) for _, pid, name in marks if int(pid) in by_id]

        self.wait(lambda: bool(found()), why="nobody reads")
        return (found() or [self.reader(among=among)])[0]

    def freeze(self, *, among: list[Forked]) -> tuple[Forked, str]:
        """Freeze a process in the middle of a reading, when it does nothing else; the source that it reads."""
        for _ in range(200):
            process, name = self.reader(among=among)
            process.send_signal(signal.SIGSTOP)
            if self.open_runs(process) == {name} and (self.folder / f"reading-{process.pid}-{name}").exists():
                return process, name
            process.send_signal(signal.SIGCONT)
            time.sleep(0.05)
        raise AssertionError("nobody reads one source alone")

    def open_runs(self, process: Forked) -> set[str]:
        """The sources whose run a process has begun and not ended."""
        given = select(sources.c.name, slots.c.owner).join(slots, slots.c.source_id == sources.c.id)
        going = given.join(runs, runs.c.id == slots.c.run_id).where(runs.c.outcome == Outcome.RUNNING)
        with reading(self.engine) as connection:
            return {row.name for row in connection.execute(going) if row.owner.endswith(f":{process.pid}")}

    def ended(self, name: str) -> int:
        """How many runs of a source ended."""
        return sum(run.outcome is Outcome.DONE for run in ledger.history(self.engine, name, 1000))

    def go_on(self, names: tuple[str, ...], *, by: int = 1) -> None:
        """Wait until so many further runs of each source ended."""
        goal = {name: self.ended(name) + by for name in names}
        self.wait(lambda: all(self.ended(name) >= goal[name] for name in names), why=f"{names} are read no more")


@contextmanager
def fleet(url: str, folder: Path, size: int) -> Iterator[Fleet]:
    with ExitStack() as stack:
        arguments, processes = [url, str(folder), str(FACTOR), str(time.time()), *NAMES], list[Forked]()
        for _ in range(size):
            processes.append(started(arguments, folder=folder, environment=os.environ, program=schedule_kit.main))
            stack.callback(processes[-1].wait, 60)
            stack.callback(processes[-1].send_signal, signal.SIGTERM)
            stack.callback(processes[-1].send_signal, signal.SIGCONT)
        made = Fleet(url, folder, processes)
        stack.callback(made.engine.dispose)
        yield made
    assert {process.returncode for process in processes} <= {0, -signal.SIGKILL}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("size", [2, 4])
def test_through_kill_freeze_and_thaw_every_slot_is_run_once(
    size: int, kind: str, tmp_path: Path, new_database_url: Callable[[str], str]
) -> None:
    url = new_database_url(kind)
    with fleet(url, tmp_path, size) as all_of_them:
        all_of_them.go_on(NAMES)
        killed, its = all_of_them.reader(among=all_of_them.processes)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        rest = [process for process in all_of_them.processes if process is not killed]
        all_of_them.go_on((its,))
        frozen, held = all_of_them.freeze(among=rest)
        if size > 2:
            all_of_them.go_on(tuple(name for name in NAMES if name != held))
        else:
            time.sleep(2 * 60 / FACTOR)  # nobody is left: two slots pass
        frozen.send_signal(signal.SIGCONT)
        all_of_them.go_on(NAMES)
    engine = open_engine(url)
    assert_each_slot_was_run_once(engine)
    with reading(engine) as connection:
        died = connection.execute(select(runs.c.id).where(runs.c.outcome == Outcome.DIED)).scalars().all()
    assert died
    engine.dispose()


def assert_each_slot_was_run_once(engine: Engine) -> None:
    """Slots and the runs that ended are in one-to-one relation, but for slots whose run died as the next one came due."""
    with reading(engine) as connection:
        outcomes = {row.id: Outcome(row.outcome) for row in connection.execute(select(runs.c.id, runs.c.outcome))}
        given = connection.execute(select(slots.c.source_id, slots.c.due, slots.c.run_id)).fetchall()
        names = connection.execute(select(sources.c.id, sources.c.name)).fetchall()
    assert {name for _, name in names} == set(NAMES)
    newest = {source_id: max(row.due for row in given if row.source_id == source_id) for source_id, _ in names}
    passed = [row for row in given if outcomes[row.run_id] is Outcome.DIED and row.due < newest[row.source_id]]
    assert Counter(row.run_id for row in given if row not in passed) == Counter(
        run_id for run_id, outcome in outcomes.items() if outcome is Outcome.DONE
    )
    # One process was killed; on a slow machine it may have been reading several sources, each for one slot.
    assert len({row.source_id for row in passed}) == len(passed)
    assert len({row.due for row in passed}) <= 1
    assert set(outcomes.values()) <= {Outcome.DONE, Outcome.DIED}
    assert all(row.due % 60 == 0 for row in given)


def test_a_run_that_lost_its_lock_while_frozen_neither_publishes_nor_ends(engine: Engine, database_url: str) -> None:
    source = Source(name="page", url="https://x.org/page")
    press = schedule_kit.press_for(engine)
    arrived, thawed = threading.Event(), threading.Event()
    raised: list[BaseException] = []

    def slowly(_source: Source, _validators: Validators) -> Page:
        arrived.set()
        assert thawed.wait(60)
        return schedule_kit.reading("As it was read by the one that stood still.")

    def frozen() -> None:
        try:
            ingest(source, fetch=slowly, press=press, errand=Errand(due=60, owner="frozen"))
        except Busy as error:
            raised.append(error)

    thread = threading.Thread(target=frozen)
    thread.start()
    assert arrived.wait(60)
    other = open_engine(database_url)
    lose_lock(other, ledger.source_state(other, "page", "").id)
    taken = ingest(
        source,
        fetch=lambda _source, _validators: schedule_kit.reading("As it is now."),
        press=schedule_kit.press_for(other),
        errand=Errand(due=60, owner="second"),
    )
    assert taken.run.new == 5
    before = dump(other)
    thawed.set()
    thread.join(60)
    assert [type(error) for error in raised] == [Superseded]
    assert dump(other) == before
    assert [run.outcome for run in ledger.history(other)] == [Outcome.DONE, Outcome.DIED]
    with pytest.raises(Busy):
        ingest(source, fetch=slowly, press=press, errand=Errand(due=60, owner="third"))
    other.dispose()


def lose_lock(engine: Engine, source_id: int) -> None:
    """Take the run lock from whoever holds it, as a cut line or a cleaner of files does."""
    if engine.dialect.name == "sqlite":
        Path(f"{engine.url.database}.run-{source_id}.lock").unlink()
        return
    cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with writing(engine) as connection:
        connection.execute(text(cut))
