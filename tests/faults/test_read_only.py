"""A database that may only be read: serving goes on, and a run says what to do; once it may be written, the run succeeds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.watching import Watch
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

BOUND = 10.0  # seconds


@pytest.mark.parametrize("way", ["default_transaction_read_only", "a role that may only read"])
def test_with_a_read_only_postgresql(way: str, new_database_url: Callable[[str], str], tmp_path: Path) -> None:
    url = new_database_url("postgresql")
    engine = open_engine(url)
    publish_state(engine, {"oai:x.org:1": Wanted("One")}, Clock())
    engine.dispose()
    name = str(make_url(url).database)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    reader = f"reader_{os.getpid()}"
    with admin.connect() as connection:
        if way.startswith("default"):
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
            limited = url
        else:
            connection.execute(text(f"CREATE ROLE {reader} LOGIN IN ROLE pg_read_all_data"))
            limited = make_url(url).set(username=reader).render_as_string(hide_password=False)
    try:
        assert_serves_and_says_what_to_do(tmp_path, limited)
    finally:
        with admin.connect() as connection:
            if way.startswith("default"):
                connection.execute(text("SET default_transaction_read_only = off"))
                connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
            else:
                connection.execute(text(f"DROP ROLE {reader}"))
        admin.dispose()
    assert shell_for(tmp_path, url).run("ingest").status == 0


def assert_serves_and_says_what_to_do(folder: Path, url: str) -> None:
    shell = shell_for(folder, url)
    with shell.running("serve", "--workers", "1"):
        shell.get("/healthz")
        watch = Watch(shell)
        watch.await_answer(200, within=BOUND)
        done = shell.run("ingest")
        assert done.status == 1
        assert "let the role of database.url write" in done.err
        assert "run this again" in done.err
        watch.await_answer(200, within=BOUND)
        assert watch.invalid == []


def shell_for(folder: Path, url: str) -> Shell:
    (folder / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    shell = Shell(folder, url)
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n')
    return shell
