"""What the README says can be typed can be typed, and what it says is printed is printed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from repo_harvest.cli.group import repo_harvest
from tests.cli.shell import Shell

ROOT = Path(__file__).parent.parent
CONTEXT = click.Context(repo_harvest)
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^ *```(\w+)\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)


def test_the_table_lists_every_command_and_no_other() -> None:
    told = re.findall(r"^\| `repo-harvest ([a-z-]+)", README, re.MULTILINE)
    assert sorted(told) == sorted(repo_harvest.list_commands(CONTEXT))


@pytest.mark.parametrize("word", sorted(set(re.findall(r"--[a-z][a-z-]+", README)) - {"--help"}))
def test_every_option_exists(word: str) -> None:
    assert word in {
        option for command in every(repo_harvest) for parameter in command.params for option in parameter.opts
    }


def every(command: click.Command) -> Iterator[click.Command]:
    """A command and all that are below it."""
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(CONTEXT):
            below = command.get_command(CONTEXT, name)
            assert below is not None
            yield from every(below)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\$ make (\w+)", README))))
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_linked_file_exists(link: str) -> None:
    assert (ROOT / link).is_file()


def test_up_prints_what_the_first_screen_shows(tmp_path: Path) -> None:
    shown = next(body for kind, body in FENCES if kind == "console" and "make up\n" in body).splitlines()[1:]
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/var/demo.db")
    shell.config = str(ROOT / "config" / "demo.toml")
    up = subprocess.Popen(
        shell.command("up", "--workers", "1"),
        cwd=tmp_path,
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        shell.get("/healthz")
    finally:
        up.terminate()
        told, _ = up.communicate(timeout=60)
    plain = told.replace(str(shell.port), "8080").replace(str(tmp_path), "").replace("sqlite:////var", "sqlite:///var")
    for line in shown:
        if line.strip() not in {"…", ""}:
            assert line in plain.splitlines(), plain
