"""PostgreSQL is stopped and started again under a harvest and under a publication: 503 meanwhile, then on as before."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from repo_harvest.errors import StoreUnavailable
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.store.publish import lock_clock
from repo_harvest.store.schema import upgrade
from tests.cli.shell import Shell
from tests.faults.kit import LIST, Asked
from tests.faults.postgresql import Server, own_server
from tests.faults.watching import Watch
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

NAMES = [f"oai:x.org:{number}" for number in range(5)]
BOUND = 10.0  # seconds, for a refusal and for healing


@pytest.fixture
def server(postgresql_server: str) -> Iterator[Server]:
    del postgresql_server  # it has prepared what its package needs of the environment
    with own_server() as made:
        yield made


def test_stopped_it_is_503_and_started_again_it_heals_by_itself(server: Server) -> None:
    engine, clock = open_engine(server.url), Clock()
    upgrade(engine)
    publish_state(engine, {name: Wanted("One") for name in NAMES}, clock)
    asked = Asked(engine, clock)
    first = asked.page(LIST)
    assert first.resumption is not None
    rest = f"verb=ListRecords&resumptionToken={first.resumption.token}"
    server.stop()
    begun = time.monotonic()
    asked.assert_unavailable()
    with pytest.raises(StoreUnavailable, match="database"):
        publish_state(engine, {NAMES[0]: Wanted("Two")}, clock)
    assert time.monotonic() - begun < BOUND
    server.start()
    begun = time.monotonic()
    assert set(first.identifiers) | set(asked.harvest(rest)) == set(NAMES)
    assert publish_state(engine, {NAMES[0]: Wanted("Two")}, clock) is not None
    assert time.monotonic() - begun < BOUND
    engine.dispose()


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_a_service_outlives_its_postgresql(fault: str, server: Server, tmp_path: Path) -> None:
    engine = open_engine(server.url)
    upgrade(engine)
    engine.dispose()
    shell = Shell(tmp_path, server.url)
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n[scheduler]\njitter = 0\n')
    assert shell.run("ingest").status == 0
    with shell.running("serve", "--workers", "2") as serving, shell.running("schedule") as scheduling:
        shell.get("/healthz")
        watch = Watch(shell)
        watch.await_answer(200, within=BOUND)
        scheduling.await_words("on schedule", patience=60)
        if fault == "stopped":
            server.stop()
        else:
            server.freeze()
        running = shell.start("ingest")
        refused = watch.await_answer(503, within=BOUND)
        assert refused.retry_after is not None
        assert 0 < refused.retry_after <= BOUND
        kill_worker(serving.pid)
        time.sleep(8)  # a worker that died of the database would be gone by now
        assert watch.ask().status == 503
        if fault == "stopped":
            server.start()
        else:
            server.thaw()
        watch.await_answer(200, within=BOUND)
        assert running.wait(90) == 1
        said = running.err
        assert "Traceback" not in said
        assert said.startswith("repo-harvest: the database"), said
        assert scheduling.poll() is None
        assert shell.run("ingest").status == 0
        time.sleep(2)
        assert [watch.ask().status for _ in range(10)] == [200] * 10  # by both workers
        assert watch.invalid == []
    assert len(Asked(engine, time.time).harvest()) == len(WORKS)
    engine.dispose()


def kill_worker(server: int) -> None:
    """Kill one of the processes that answer."""
    for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(int(pid), signal.SIGKILL)
            return
    raise AssertionError("no worker found")


@pytest.mark.parametrize("is_serving", [True, False])
def test_a_transaction_that_stands_still_is_ended_and_others_go_on(
    is_serving: bool, new_database_url: Callable[[str], str]
) -> None:
    url = new_database_url("postgresql")
    engine, other, clock = open_engine(url, is_serving=is_serving), open_engine(url), Clock()
    upgrade(other)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "10min"
    with pytest.raises(StoreUnavailable, match="idle-in-transaction"):
        stand_still(engine, lambda: publish_state(other, {NAMES[0]: Wanted("One")}, clock))
    assert publish_state(engine, {NAMES[1]: Wanted("One")}, clock) is not None, "with a connection of its own again"
    for one in (engine, other):
        one.dispose()


def stand_still(engine: Engine, meanwhile: Callable[[], object]) -> None:
    """A writer that says nothing in the middle of a publication, until another one gets the lock; then it goes on."""
    with writing(engine) as connection:
        lock_clock(connection)
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '200ms'"))
        time.sleep(0.5)
        assert meanwhile() is not None
        connection.execute(text("SELECT 1"))
