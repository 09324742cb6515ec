"""What is done in a process of its own ends there: with its result, with what it raised, or at its bounds."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from repo_harvest.apart import ITEM, LIST, apart, within_bounds
from repo_harvest.errors import NoEntries, TooMuch

MEMORY = 200_000_000


def double(text: str) -> str:
    return text * 2


def who(_: str) -> tuple[int, list[str]]:
    return os.getpid(), sorted(os.environ)


def find_for_ever(text: str) -> bool:
    return re.fullmatch(r"(a+)+b", text) is not None


def hold(count: int) -> int:
    return len(bytearray(count))


def refuse(text: str) -> None:
    raise NoEntries(text)


def stumble(text: str) -> str:
    return text[len(text)]


def die(status: int) -> None:
    os._exit(status)


def test_the_result_comes_back() -> None:
    assert apart(5, MEMORY, double, "ab") == "abab"


def test_little_is_done_here_and_much_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_HARVEST_DATABASE_URL", "postgresql://me:secret@db/feed")
    here, names = within_bounds(ITEM, 1_000, who, "")
    assert (here, "REPO_HARVEST_DATABASE_URL" in names) == (os.getpid(), True)
    elsewhere, names = within_bounds(LIST, 1_000_000, who, "")
    assert (elsewhere == os.getpid(), "REPO_HARVEST_DATABASE_URL" in names) == (False, False)


def test_what_it_raises_is_raised() -> None:
    with pytest.raises(NoEntries, match=r"^nothing here$"):
        apart(5, MEMORY, refuse, "nothing here")
    with pytest.raises(IndexError) as error:
        apart(5, MEMORY, stumble, "x")
    assert "in stumble" in "".join(error.value.__notes__)


def test_work_that_never_ends_is_ended() -> None:
    with pytest.raises(TooMuch, match=r"^more than 1 seconds of the processor's time$"):
        apart(1, MEMORY, find_for_ever, "a" * 60)


def test_work_that_wants_more_memory_is_ended() -> None:
    assert apart(5, MEMORY, hold, MEMORY // 2) == MEMORY // 2
    with pytest.raises(TooMuch, match=r"^more than 200 MB of memory$"):
        apart(5, MEMORY, hold, MEMORY)


@pytest.mark.parametrize("status", [0, 1, 139])
def test_work_that_takes_its_process_down_is_ended_work(status: int) -> None:
    with pytest.raises(TooMuch):
        apart(5, MEMORY, die, status)


def test_it_does_not_matter_where_the_program_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit('not the one')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert apart(5, MEMORY, double, "ab") == "abab"
