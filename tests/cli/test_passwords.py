"""The password in a database's address is in nothing that any command prints or logs, whether all is well or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cli.shell import Shell
from tests.pages_kit import WORKS, page_html

PASSWORD = "hunter2-and-more"
COMMANDS = [
    ("init",),
    ("ingest",),
    ("ingest", "--json"),
    ("status",),
    ("runs", "--json"),
    ("validate",),
    ("show", "oai:x.org:none"),
    ("harvesters",),
    ("export",),
    ("duplicates", "list"),
    ("duplicates", "rebuild", "--dry-run"),
    ("pause", "page"),
    ("resume", "page"),
    ("import", "page.html"),
    ("backup", "copy.db"),
    ("restamp",),
    ("rotate-key",),
]


def with_password(url: str, place: str = "user") -> str:
    """The same address with a password in it, at one of its two places; a server that trusts its socket asks for none."""
    told = make_url(url)
    there = told.set(password=PASSWORD) if place == "user" else told.update_query_dict({"password": PASSWORD})
    return there.render_as_string(hide_password=False)


@pytest.fixture
def shell(tmp_path: Path, new_database_url: Callable[[str], str]) -> Shell:
    made = Shell(tmp_path, with_password(new_database_url("postgresql")))
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    made.configure('[[source]]\nname = "page"\npath = "page.html"\n[log]\nlevel = "debug"\n')
    return made


def test_no_command_tells_the_password(shell: Shell, new_database_url: Callable[[str], str]) -> None:
    for command in COMMANDS:
        done = shell.run("--verbose", *command)
        assert PASSWORD not in done.out + done.err, command
    done = shell.run("move", "--to", with_password(new_database_url("postgresql")))
    assert "rows copied" in done.out
    assert PASSWORD not in done.out + done.err
    for service in ("up", "schedule"):
        with shell.running("--verbose", service) as process:
            if service == "up":
                assert shell.get("/readyz")[0] == 200
            else:
                process.await_words("on schedule", patience=60)
        assert PASSWORD not in shell.output, service


@pytest.mark.parametrize(
    "command", [("init",), ("ingest",), ("status",), ("serve",), ("schedule",), ("move", "--to", "x")]
)
def test_nor_does_one_that_cannot_reach_its_database(shell: Shell, command: tuple[str, ...]) -> None:
    away = make_url(shell.environment["REPO_HARVEST_DATABASE_URL"]).update_query_dict({"host": str(shell.folder)})
    shell.environment["REPO_HARVEST_DATABASE_URL"] = away.render_as_string(hide_password=False)
    words = [away.render_as_string(hide_password=False) if word == "x" else word for word in command]
    done = shell.run("--verbose", *words)
    assert done.status != 0
    assert PASSWORD not in done.out + done.err


def test_nor_does_an_address_that_is_refused(shell: Shell) -> None:
    for wrong in (f"mysql://me:{PASSWORD}@host/x", f"postgresql+psycopg://me:{PASSWORD}@host:port/x"):
        for variable in ("REPO_HARVEST_DATABASE_URL", "REPO_HARVEST_DATABASE_READ_URL"):
            done = shell.run("serve", environment={variable: wrong})
            assert done.status != 0
            assert PASSWORD not in done.out + done.err, done.err
            assert ("read_url" in done.err) == ("READ" in variable)
        done = shell.run("move", "--to", wrong)
        assert done.status != 0
        assert PASSWORD not in done.out + done.err, done.err


def test_a_sqlite_file_has_no_replica(tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")
    assert shell.run("init").status == 0
    done = shell.run("serve", environment={"REPO_HARVEST_DATABASE_READ_URL": "postgresql+psycopg://me@host/x"})
    assert done.status == 2
    assert "database.read_url: is a replica of PostgreSQL" in done.err
