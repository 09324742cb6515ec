"""Commands that make secrets: a password that is typed is never shown, and a key that is rotated is gone."""

from __future__ import annotations

import os
import pty
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine
from tests.cli.forked import forked
from tests.cli.shell import Shell

PASSWORD = "a long enough password"


@pytest.fixture
def shell(tmp_path: Path, new_database_url: Callable[[str], str]) -> Shell:
    return Shell(tmp_path, new_database_url("sqlite"))


def typed(shell: Shell, *answers: str) -> tuple[int, str]:
    """Run `password anna` on a terminal and answer each question; the exit status, and what the terminal showed."""
    terminal, end = pty.openpty()
    arguments = ["--config", shell.config, "password", "anna"]
    child = forked(arguments, folder=shell.folder, environment=shell.environment, descriptors=[end, end, end])
    os.close(end)
    shown = b""
    for number, answer in enumerate(answers, start=1):
        while shown.count(b": ") < number:
            shown += os.read(terminal, 1024)
        os.write(terminal, f"{answer}\n".encode())
    try:
        while piece := os.read(terminal, 1024):
            shown += piece
    except OSError:  # how Linux says that the other end was closed
        pass
    os.close(terminal)
    return child.wait(60), shown.decode()


def test_a_password_is_asked_for_twice_never_shown_and_lets_its_manager_in(shell: Shell) -> None:
    status, shown = typed(shell, PASSWORD, PASSWORD)
    assert status == 0
    assert PASSWORD not in shown
    (line,) = re.findall(r'^"anna" = "\$argon2id\$.*"', shown, re.MULTILINE)
    assert PasswordHasher().verify(line.split('"')[3], PASSWORD)
    shell.configure(f"[admin.users]\n{line}\n")
    with shell.running("serve", "--workers", "1"):
        assert shell.get("/healthz")[0] == 200
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        address = f"http://127.0.0.1:{shell.port}/admin/"
        with browser.open(address) as answer:
            (token,) = re.findall('name="token" value="([^"]*)"', answer.read().decode())
        form = urllib.parse.urlencode({"name": "anna", "password": PASSWORD, "token": token}).encode()
        with browser.open(f"{address}sign-in", form) as answer:
            page = answer.read().decode()
            assert answer.url == address
        assert "Signed in as" in page
    assert PASSWORD not in shell.output
    assert "argon2" not in shell.output
    assert token not in shell.output


def test_a_short_password_is_refused(shell: Shell) -> None:
    status, shown = typed(shell, "too short", "too short")
    assert (status, "argon2" in shown) == (2, False)
    assert "12 to 1000 characters" in shown


def test_keys_are_rotated_and_never_printed(shell: Shell) -> None:
    engine = open_engine(shell.environment["REPO_HARVEST_DATABASE_URL"])
    before = {schema.token_key(engine), schema.session_key(engine)}
    done = shell.run("rotate-key")
    after = {schema.token_key(engine), schema.session_key(engine)}
    engine.dispose()
    assert (done.status, before & after) == (0, set())
    assert "restart" in done.err
    for key in before | after:
        assert key.hex() not in done.out + done.err
        assert repr(key) not in done.out + done.err


def test_a_password_where_its_hash_belongs_stops_the_start_and_is_not_repeated(shell: Shell) -> None:
    shell.configure(f'[admin.users]\nanna = "{PASSWORD}"\n')
    done = shell.run("serve")
    assert (done.status, PASSWORD in done.out + done.err) == (2, False)
    assert "repo-harvest password anna" in done.err
