"""A backup is whole while others write; a feed restored from an older one is noticed, and no harvester misses anything."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from repo_harvest import formats
from repo_harvest.errors import Restored, UsageError
from repo_harvest.store import schema
from repo_harvest.store.backup import back_up
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.store.restamp import restamp
from tests.cli.shell import Shell
from tests.faults.kit import LIST, Asked
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

NAMES = [f"oai:x.org:{number}" for number in range(5)]


def test_a_backup_made_during_publications_is_one_of_their_states(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    engine, clock, stop = open_engine(new_database_url("sqlite")), Clock(), threading.Event()
    publish_state(engine, {name: Wanted("Edition 0") for name in NAMES}, clock)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            publish_state(engine, {name: Wanted(f"Edition {number}") for name in NAMES}, clock)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(engine, tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        copy = open_engine(f"sqlite:///{tmp_path}/copy-{number}.db")
        schema.check(copy)
        assert set(Asked(copy, clock).harvest()) == set(NAMES)
        with copy.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert len(set(connection.execute(text("SELECT record FROM items")).scalars())) == 1
        copy.dispose()
    assert not list(tmp_path.glob(".copy*"))
    engine.dispose()


def test_a_backup_replaces_nothing_unless_told(new_database_url: Callable[[str], str], tmp_path: Path) -> None:
    shell = Shell(tmp_path, new_database_url("sqlite"))
    target = tmp_path / "copy.db"
    target.write_text("kept")
    refused = shell.run("backup", str(target))
    assert refused.status == 2
    assert "--overwrite" in refused.err
    assert target.read_text() == "kept"
    assert shell.run("backup", str(target), "--overwrite").status == 0
    with sqlite3.connect(target) as copy:
        assert copy.execute("SELECT count(*) FROM feed_clock").fetchone() == (1,)
    copy.close()


def test_for_postgresql_it_names_pg_dump(new_database_url: Callable[[str], str], tmp_path: Path) -> None:
    engine = open_engine(new_database_url("postgresql"))
    with pytest.raises(UsageError, match="pg_dump --format=custom"):
        back_up(engine, tmp_path / "copy.db")
    engine.dispose()


def test_after_restamp_a_harvester_of_the_lost_state_gets_all_and_its_tokens_are_refused(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {name: Wanted("One", sets=("a:b",)) for name in NAMES}, clock)
    publish_state(engine, {NAMES[0]: Wanted("One"), NAMES[1]: Wanted("One", sets=("a",), deleted=True)}, clock)
    before = Asked(engine, clock)
    held = before.harvest()
    token = before.page(LIST).resumption
    assert token is not None
    clock.now -= 3600  # and the clock is wrong as well
    count, _ = restamp(engine, clock=clock, header_xml=formats.header)
    after = Asked(engine, clock)
    assert count == len(NAMES)
    assert set(after.harvest(f"{LIST}&from={max(held.values())}")) == set(NAMES)
    assert min(after.harvest().values()) > max(held.values())
    assert set(after.harvest(f"{LIST}&set=a:b")) == set(NAMES)  # what left it is there with a deleted header
    assert after.page(f"verb=ListRecords&resumptionToken={token.token}").codes == ["badResumptionToken"]
    assert publish_state(engine, {NAMES[2]: Wanted("Two")}, clock) is not None
    assert len(after.harvest(f"{LIST}&from={after.page('verb=Identify').date}")) == 1


def test_a_start_on_an_older_backup_is_refused_until_restamp(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    url, clock = new_database_url("sqlite"), Clock()
    shell, file = Shell(tmp_path, url), Path(url.removeprefix("sqlite:///"))
    engine = open_engine(url)
    publish_state(engine, {NAMES[0]: Wanted("One")}, clock)
    back_up(engine, tmp_path / "old.db")
    last = publish_state(engine, {name: Wanted("Two") for name in NAMES[1:]}, clock)
    assert last is not None
    engine.dispose()
    shutil.copy(tmp_path / "old.db", file)
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    for command in ("status", "serve", "up", "ingest", "init"):
        refused = shell.run(command, *(["page.html"] if command == "ingest" else []))
        assert refused.status != 0
        assert "older backup" in refused.err
        assert "repo-harvest restamp" in refused.err
    assert shell.run("restamp").status == 0
    assert shell.run("status").status == 0
    engine = open_engine(url)
    assert publish_state(engine, {NAMES[1]: Wanted("Two")}, clock) == last + 2
    engine.dispose()


def test_a_postgresql_database_loaded_from_a_dump_is_noticed(new_database_url: Callable[[str], str]) -> None:
    engine = open_engine(new_database_url("postgresql"))
    restamp(engine, clock=Clock(), header_xml=formats.header)
    schema.check(engine)
    with writing(
        engine
    ) as connection:  # as `pg_restore --clean` does: the table is made anew, its rows are as they were
        connection.execute(text("CREATE TABLE loaded (LIKE feed_clock INCLUDING ALL)"))
        connection.execute(text("INSERT INTO loaded SELECT * FROM feed_clock"))
        connection.execute(text("DROP TABLE feed_clock"))
        connection.execute(text("ALTER TABLE loaded RENAME TO feed_clock"))
    with pytest.raises(Restored, match="loaded from a dump"):
        schema.check(engine)
    restamp(engine, clock=Clock(), header_xml=formats.header)
    schema.check(engine)
    engine.dispose()
