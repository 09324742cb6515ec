"""What can happen to the file of a SQLite feed: broken, cut short, no database, full disk, read-only, locked by another."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from repo_harvest.errors import StoreUnavailable
from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import Asked, ingest_under
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

NAMES = [f"oai:x.org:{number}" for number in range(200)]


@pytest.fixture
def url(new_database_url: Callable[[str], str]) -> str:
    return new_database_url("sqlite")


@pytest.fixture
def feed(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    publish_state(engine, {name: Wanted(f"A title of {name} " * 40) for name in NAMES}, Clock())
    yield engine
    engine.dispose()


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def overwrite_middle(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(16384)
        opened.write(b"\xa5" * (size - 16384))


def cut_short(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 4)


def no_database(file: Path) -> None:
    file.write_bytes(b"This is a letter, and no database at all.\n" * 2000)


def overwrite_header(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"\xa5" * 100)


@pytest.mark.parametrize("damage", [overwrite_header, overwrite_middle, cut_short, no_database])
def test_a_broken_file_is_503_and_a_message_that_says_what_to_do(
    damage: Callable[[Path], None], url: str, feed: Engine, tmp_path: Path
) -> None:
    asked = Asked(feed, Clock())
    assert len(asked.harvest()) == len(NAMES)
    feed.dispose()
    file = path_of(url)
    shutil.copy(file, tmp_path / "good.db")
    damage(file)
    asked.assert_unavailable()
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    for command in (["status"], ["serve"], ["init"], ["ingest", "page.html"]):
        said = Shell(tmp_path, url).run(*command)
        assert said.status == 1, command
        assert "restore a backup in its place, then run `repo-harvest restamp`" in said.err, command
    feed.dispose()
    shutil.copy(tmp_path / "good.db", file)
    assert len(asked.harvest()) == len(NAMES)


def test_with_a_full_disk_the_feed_serves_and_a_run_fails_plainly_and_later_heals(
    url: str, feed: Engine, tmp_path: Path
) -> None:
    shell = Shell(tmp_path, url)
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n')
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")

    done = ingest_under(shell, {resource.RLIMIT_FSIZE: 4096})  # a write then fails as on a full disk
    assert done.status == 1
    assert "Traceback" not in done.err
    assert "the database does not answer" in done.err
    asked = Asked(feed, Clock())
    assert set(asked.harvest()) == set(NAMES)
    assert shell.run("ingest").status == 0
    assert len(asked.harvest()) == len(NAMES) + len(WORKS)


def test_a_read_only_database_serves_and_takes_nothing(url: str, feed: Engine) -> None:
    with feed.connect() as connection:  # every connection of the pool is this one, as it is given back
        connection.connection.driver_connection.execute("PRAGMA query_only=ON")  # type: ignore[union-attr]  # it is open
    clock = Clock()
    with pytest.raises(StoreUnavailable, match="readonly"):
        publish_state(feed, {"oai:x.org:new": Wanted("New")}, clock)
    clock.now += 60
    assert set(Asked(feed, clock).harvest()) == set(NAMES)
    feed.dispose()
    assert publish_state(open_engine(url), {"oai:x.org:new": Wanted("New")}, clock) is not None


def test_while_another_process_locks_it_serving_goes_on_and_writing_fails_plainly(url: str, feed: Engine) -> None:
    other = sqlite3.connect(path_of(url), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    clock = Clock()
    with feed.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=200")  # type: ignore[union-attr]  # it is open
    with pytest.raises(StoreUnavailable, match="locked"):
        publish_state(feed, {"oai:x.org:new": Wanted("New")}, clock)
    clock.now += 60
    asked = Asked(feed, clock)
    assert set(asked.harvest()) == set(NAMES)
    other.execute("ROLLBACK")
    other.close()
    assert publish_state(feed, {"oai:x.org:new": Wanted("New")}, clock) is not None
    assert len(asked.harvest()) == len(NAMES) + 1
    with feed.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
