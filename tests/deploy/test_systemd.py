"""The units: what systemd says of them, how little they may do, and that they start what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, checked, is_command, planted, settings_of

FOLDER = DEPLOY / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMER = FOLDER / "repo-harvest-ingest.timer"
PROGRAM = "/opt/repo-harvest/.venv/bin/repo-harvest"
EXPOSURE = 15  # tenths: 1.5 of 10


def named(file: Path) -> str:
    return file.name


def said_by(file: Path, key: str) -> list[str]:
    return re.findall(rf"(?m)^{key}=(.*)$", file.read_text("utf-8"))


def verified(folder: Path, **instead: Path) -> tuple[int, str]:
    """What systemd says of all units, where the program is installed; `instead` are copies to take, by their stem."""
    program = folder / "repo-harvest"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    units = folder / "units"
    units.mkdir()
    for file in (*SERVICES, TIMER):
        text = instead.get(file.stem.replace("-", "_"), file).read_text("utf-8")
        (units / file.name).write_text(text.replace(PROGRAM, str(program)), "utf-8")
    return checked(
        "systemd-analyze", "verify", "--man=no", *(f"./{file.name}" for file in units.iterdir()), folder=units
    )


def exposure(file: Path) -> tuple[int, str]:
    return checked("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", file)


def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    assert verified(tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Type=exec", "Type=excec"),
        (f"ExecStart={PROGRAM} serve", "ExecStart=/nowhere/repo-harvest serve"),
        ("ProtectSystem=strict", "ProtectSystems=strict"),
        ("MemoryMax=2G", "MemoryMax=much"),
        ("Requires=repo-harvest-init.service", "Requires=repo-harvest-begin.service"),
    ],
)
def test_an_error_planted_in_a_unit_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    copy = planted(FOLDER / "repo-harvest-serve.service", tmp_path, right, wrong)
    status, said = verified(tmp_path, repo_harvest_serve=copy)
    assert status != 0 or said, "nothing was found"


@pytest.mark.parametrize("file", SERVICES, ids=named)
def test_a_service_is_exposed_to_little(file: Path) -> None:
    status, said = exposure(file)
    assert status == 0, said


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("CapabilityBoundingSet=", "#"), ("SystemCallFilter=@system-service", "SystemCallFilter=~none")],
)
def test_a_service_that_may_do_more_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    status, said = exposure(planted(FOLDER / "repo-harvest-serve.service", tmp_path, right, wrong))
    assert status != 0, said


@pytest.mark.parametrize("file", SERVICES, ids=named)
def test_a_service_starts_a_command_of_the_program(file: Path) -> None:
    (line,) = said_by(file, "ExecStart")
    program, *words = shlex.split(line)
    assert program == PROGRAM
    assert is_command(words)
    settings_of(dict(pair.split("=", 1) for pair in said_by(file, "Environment")))
    (account,) = said_by(file, "User")
    assert re.search(rf"(?m)^u {account} ", (FOLDER / "repo-harvest.sysusers").read_text("utf-8"))


def test_the_timer_is_when_it_says() -> None:
    (calendar,) = said_by(TIMER, "OnCalendar")
    status, said = checked("systemd-analyze", "calendar", "--iterations=1", calendar)
    assert status == 0, said
    assert checked("systemd-analyze", "calendar", calendar.replace("03:", "30:"))[0] != 0
    assert TIMER.with_suffix(".service") in SERVICES


def test_the_account_is_one_that_systemd_makes(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    assert checked("systemd-sysusers", f"--root={tmp_path}", FOLDER / "repo-harvest.sysusers")[0] == 0
    assert "repo-harvest:" in (tmp_path / "etc" / "passwd").read_text("utf-8")
    wrong = planted(FOLDER / "repo-harvest.sysusers", tmp_path, "u repo-harvest", "user repo-harvest")
    assert checked("systemd-sysusers", f"--root={tmp_path}", wrong)[0] != 0
