"""Pausing, going on and looking back, as the person at the command line meets them; and the schedulers heed it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.model import Outcome
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine
from repo_harvest.store.steering import ask_run
from tests.cli.shell import Shell
from tests.pages_kit import WORKS, page_html

SOURCE = '[[source]]\nname = "page"\npath = "page.html"\nschedule = "0 0 1 1 *"\n'


@pytest.fixture
def shell(tmp_path: Path, new_database_url: Callable[[str], str]) -> Shell:
    shell = Shell(tmp_path, new_database_url("sqlite"))
    shell.configure(SOURCE)
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    return shell


def test_runs_are_listed_newest_first_with_what_they_did(shell: Shell) -> None:
    assert shell.run("ingest").status == 0
    (shell.folder / "page.html").write_text("<p>Nothing here.</p>", encoding="utf-8")
    assert shell.run("ingest").status == 1
    second, first = json.loads(shell.run("runs", "page", "--json").out)
    assert (first["id"], first["outcome"], first["seen"], first["new"]) == (1, "done", 5, 5)
    assert (second["id"], second["outcome"], second["seen"]) == (2, "refused", 0)
    shown = shell.run("runs", "--limit", "1", environment={"COLUMNS": "200"}).out
    assert "refused" in shown
    assert "done" not in shown
    unknown = shell.run("runs", "nobody")
    assert (unknown.status, "nobody" in unknown.err) == (2, True)


def test_a_paused_source_is_shown_and_left_alone_until_it_is_resumed(shell: Shell) -> None:
    engine = open_engine(shell.environment["REPO_HARVEST_DATABASE_URL"])
    assert shell.run("pause", "page").out == "page: paused, until: repo-harvest resume page\n"
    assert shell.run("pause", "page").out.startswith("page: paused already, since ")
    assert shell.run("pause", "nobody").status == 2
    (source,) = json.loads(shell.run("status", "--json").out)["sources"]
    assert (source["next"], source["paused"] is None, source["asked"]) == (None, False, False)
    assert "paused since" in shell.run("status", environment={"COLUMNS": "200"}).out
    with shell.running("schedule"):
        ask_run(engine, ledger.source_state(engine, "page", "page.html").id, at=int(time.time()), by="ann")
        wait_for_runs(engine, 1)  # paused, so the slot that is due is not run: only what is asked for
        assert shell.run("resume", "page").out == "page: read on schedule again\n"
        wait_for_runs(engine, 2)
    assert shell.run("resume", "page").out == "page: was not paused\n"
    assert len(ledger.history(engine)) == 2
    engine.dispose()


def wait_for_runs(engine: Engine, number: int) -> None:
    deadline = time.monotonic() + 60
    while sum(run.outcome is Outcome.DONE for run in ledger.history(engine)) < number:
        assert time.monotonic() < deadline
        time.sleep(0.05)
