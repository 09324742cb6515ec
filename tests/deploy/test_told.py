"""What deploy/README.md says: every file that it links is there, every command and file that it has people type exists."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.deploy.files import DEPLOY, ROOT, is_command

README = (DEPLOY / "README.md").read_text("utf-8")
TYPED = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_linked_file_exists(link: str) -> None:
    assert (DEPLOY / link).exists()


def test_every_folder_is_told_of() -> None:
    told = {link.split("/")[0] for link in re.findall(r"\]\(([^)#]+)\)", README)}
    assert {file.name for file in DEPLOY.iterdir()} - {"README.md"} <= told


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"`(?:repo-harvest|repo-harvest:[0-9.]+) ([a-z -]+)`", README)))
)
def test_every_command_exists(command: str) -> None:
    assert is_command([word for word in command.split() if word not in {"on", "off"}])


@pytest.mark.parametrize("file", sorted(set(re.findall(r"\b(?:deploy|config|requirements)/[\w./*-]+", TYPED))))
def test_every_file_that_is_typed_exists(file: str) -> None:
    assert list(ROOT.glob(file))


def test_every_unit_that_is_typed_exists() -> None:
    units = {file.name for file in (DEPLOY / "systemd").iterdir()}
    for line in re.findall(r"systemctl (?:enable --now|restart) ([a-z. -]+)", README):
        for unit in shlex.split(line):
            assert unit in units or f"{unit}.service" in units, unit
