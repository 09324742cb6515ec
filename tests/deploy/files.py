"""The files of deploy/, the checkers that their users have, and what the program itself says of what stands in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from repo_harvest.cli.group import repo_harvest
from repo_harvest.settings import Settings, load
from repo_harvest.settings.keys import PREFIX

__all__ = ["BIN", "CONFIG", "DEPLOY", "ROOT", "checked", "documents", "is_command", "planted", "settings_of", "tables"]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BIN = ROOT / ".venv" / "bin"
CONFIG = ROOT / "config" / "repo-harvest.toml"
_OTHERS = {"PATH", "PGPASSWORD", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}  # variables that others read


def checked(*command: str | Path, folder: Path | None = None) -> tuple[int, str]:
    """Exit status and words of a checker."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def planted(file: Path, folder: Path, right: str, wrong: str) -> Path:
    """A copy of the file, in the folder, in which the first `right` reads `wrong`."""
    text = file.read_text("utf-8")
    assert right in text, f"{file.name} does not say {right!r}"
    copy = folder / file.name
    copy.write_text(text.replace(right, wrong, 1), "utf-8")
    return copy


def documents(file: Path) -> list[Any]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(file.read_text("utf-8")))


def tables(value: object) -> Iterator[Mapping[str, Any]]:
    """Every table of a document, however deep."""
    if isinstance(value, Mapping):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from tables(inner)


def settings_of(environment: Mapping[str, str], config: Path = CONFIG) -> Settings:
    """What the program makes of these variables; it refuses those of its own that it does not know."""
    ours = {name: re.sub(r"\$\{[^}]*\}", "x", value) for name, value in environment.items() if name.startswith(PREFIX)}
    assert set(environment) - set(ours) <= _OTHERS
    ours.pop("REPO_HARVEST_CONFIG", None)
    return load(config, ours)


def is_command(words: Sequence[str]) -> bool:
    """Whether these words after `repo-harvest` are one of its commands, with options that it has."""
    command = repo_harvest.get_command(click.Context(repo_harvest), words[0])
    return command is not None and set(words[1:]) <= {option for one in command.params for option in one.opts}
