"""Bringing a database up to date: killed half-way nothing is half done, and an older backup is noticed before it is changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import LIST, Asked
from tests.faults.postgresql import Server, own_server
from tests.faults.revisions import EARLIER, hindered, is_inside, kill_init, make_earlier, revision_of
from tests.store.kit import Clock, Wanted, publish_state

NAMES = [f"oai:x.org:{number}" for number in range(5)]


def test_init_killed_inside_a_migration_leaves_the_earlier_database_whole(database_url: str, tmp_path: Path) -> None:
    engine, shell, clock = open_engine(database_url), Shell(tmp_path, database_url), Clock()
    publish_state(engine, {name: Wanted("One") for name in NAMES}, clock)
    held = Asked(engine, clock).harvest()
    make_earlier(engine)
    kill_init(shell, engine)
    assert revision_of(engine) == EARLIER
    assert shell.run("init").status == 0
    assert revision_of(engine) == schema.HEAD
    assert Asked(engine, clock).harvest() == held
    assert publish_state(engine, {NAMES[0]: Wanted("Two")}, clock) is not None
    engine.dispose()


def test_init_lets_readers_pass_while_it_waits_for_a_long_one(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    url, clock = new_database_url("postgresql"), Clock()
    engine, shell = open_engine(url), Shell(tmp_path, url)
    publish_state(engine, {name: Wanted("One") for name in NAMES}, clock)
    make_earlier(engine)
    asked = Asked(engine, clock)
    with hindered(engine):
        process = shell.start("init")
        deadline = time.monotonic() + 30
        while not is_inside(engine):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        begun = time.monotonic()
        assert set(asked.page(LIST).identifiers) <= set(NAMES)
        assert time.monotonic() - begun < 10, "a reader queues behind what waits for a longer one"
        assert revision_of(engine) == EARLIER
    assert process.wait(60) == 0, process.err
    assert revision_of(engine) == schema.HEAD
    engine.dispose()


def test_init_refuses_an_older_backup_of_an_earlier_version_before_it_changes_it(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    url, clock = new_database_url("sqlite"), Clock()
    engine, shell, file = open_engine(url), Shell(tmp_path, url), Path(url.removeprefix("sqlite:///"))
    publish_state(engine, {NAMES[0]: Wanted("One")}, clock)
    make_earlier(engine)
    engine.dispose()
    shutil.copy(file, tmp_path / "old.db")
    assert shell.run("init").status == 0
    publish_state(engine, {NAMES[1]: Wanted("One")}, clock)
    held = Asked(engine, clock).harvest()
    engine.dispose()
    shutil.copy(tmp_path / "old.db", file)
    assert_refused_until_restamp(shell, engine, held, clock)


@pytest.fixture
def server(postgresql_server: str) -> Iterator[Server]:
    del postgresql_server  # it has prepared what its package needs of the environment
    with own_server() as made:
        yield made


@pytest.mark.parametrize("way", ["dump", "template"])
def test_init_refuses_a_postgresql_copy_of_an_earlier_version_before_it_changes_it(
    way: str, server: Server, tmp_path: Path
) -> None:
    engine, clock = open_engine(server.url), Clock()
    schema.upgrade(engine)
    publish_state(engine, {NAMES[0]: Wanted("One")}, clock)
    make_earlier(engine)
    engine.dispose()
    address = server.url.replace("+psycopg", "")
    elsewhere = address.replace("/postgres?", "/template1?")
    template = "template0" if way == "dump" else "postgres"
    server.run("psql", elsewhere, "-c", f"CREATE DATABASE copy TEMPLATE {template}")
    if way == "dump":
        server.run("pg_dump", "--format=custom", "--file=dump", address)
        server.run("pg_restore", f"--dbname={address.replace('/postgres?', '/copy?')}", "dump")
    url = server.url.replace("/postgres?", "/copy?")
    copy = open_engine(url)
    assert_refused_until_restamp(Shell(tmp_path, url), copy, {}, clock)


def assert_refused_until_restamp(shell: Shell, engine: Engine, held: dict[str, str], clock: Clock) -> None:
    refused = shell.run("init")
    assert refused.status == 1
    assert "repo-harvest restamp" in refused.err
    assert revision_of(engine) == EARLIER
    assert shell.run("restamp").status == 0
    assert revision_of(engine) == schema.HEAD
    assert shell.run("init").status == 0
    clock.now = max(clock.now, time.time() + 5)
    got = Asked(engine, clock).harvest(LIST + (f"&from={max(held.values())}" if held else ""))
    assert set(got) == {NAMES[0]}
    engine.dispose()
