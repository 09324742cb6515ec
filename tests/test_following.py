"""A config file that somebody goes on writing in while services run: its sources are taken up, and nothing else."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.settings import Followed, load
from tests.cli.shell import Shell
from tests.pages_kit import WORKS, page_html

RIGHT, WRONG, GONE = "right", "wrong", "gone"
_TICKS = iter(range(1, 1_000_000))


def table(name: str) -> str:
    return f'[[source]]\nname = "{name}"\nurl = "https://example.org/{name}"\n'


def written(file: Path, text: str) -> None:
    """Write as no two writings are at the same time, on whatever disk."""
    file.write_text(text, encoding="utf-8")
    at = time.time_ns() + next(_TICKS) * 1_000_000
    os.utime(file, ns=(at, at))


@settings(max_examples=30)
@given(history=st.lists(st.tuples(st.sampled_from([RIGHT, WRONG, GONE]), st.sets(st.sampled_from("abcd")))))
def test_the_sources_are_those_of_the_last_right_file(
    history: list[tuple[str, set[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("config") / "settings.toml"
    written(file, table("first"))
    followed = Followed(load(file, {}), file, {})
    right = ["first"]
    for state, names in history:
        if state == GONE:
            file.unlink(missing_ok=True)
        else:
            written(file, "".join(map(table, sorted(names))) + ("port = port" if state == WRONG else ""))
        right = sorted(names) if state == RIGHT else right
        assert [source.name for source in followed.now().sources] == right


def test_everything_else_stays_as_it_was_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    written(file, "[server]\nport = 1\n")
    followed = Followed(load(file, {"REPO_HARVEST_SERVER_HOST": "::1"}), file, {"REPO_HARVEST_SERVER_HOST": "::1"})
    written(file, "[server]\nport = 2\n" + table("new"))
    found = followed.now()
    assert (found.server.port, found.server.host, found.sources[0].name) == (1, "::1", "new")


def test_a_file_that_is_wrong_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "settings.toml"
    written(file, table("a"))
    followed = Followed(load(file, {}), file, {})
    written(file, table("a") + table("a"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert len(followed.now().sources) == 1
    (said,) = caplog.records
    assert said.getMessage().startswith(
        f"the sources stay as they were until this is mended: {file}: source: source[0] and"
    )


def test_a_source_that_is_written_into_the_file_is_read_by_a_scheduler_that_runs(
    tmp_path: Path, new_database_url: Callable[[str], str]
) -> None:
    shell = Shell(tmp_path, new_database_url("sqlite"))
    pages = {"one": WORKS[:2], "other": WORKS[2:]}
    tables = [f'[[source]]\nname = "{name}"\npath = "{name}.html"\n' for name in pages]
    for name, works in pages.items():
        (tmp_path / f"{name}.html").write_text(page_html(works), encoding="utf-8")
    shell.configure(tables[0])
    with shell.running("up", "--workers", "1"):
        assert WORKS[0].title.encode() in shell.get("/")[1]
        assert WORKS[2].title.encode() not in shell.get("/")[1]
        shell.configure("".join(tables))
        ends = time.monotonic() + 60
        while WORKS[2].title.encode() not in shell.get("/")[1]:
            assert time.monotonic() < ends
            time.sleep(0.2)
