"""A command and its surroundings in, what it left behind out: run in a process of its own that is forked, not started.

Starting Python and importing the program takes longer than most commands do, and the tests run hundreds. So one process
imports it all, does nothing, and is forked for each command, which then has its own folder, environment and output, and dies its own death.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

__all__ = ["forked", "run_forked"]

_LOADED = [
    "repo_harvest.cli.group",
    *(f"repo_harvest.cli.{name}" for name in ("service", "serving", "look", "duplicates")),
]


def run_forked(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], patience: float
) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `repo-harvest` with these arguments; raises `TimeoutError` after so many seconds."""
    with Path(os.devnull).open("rb") as nothing, TemporaryFile() as out, TemporaryFile() as err:
        descriptors = [file.fileno() for file in (nothing, out, err)]
        status = forked(arguments, folder=folder, environment=environment, descriptors=descriptors, patience=patience)
        printed = []
        for file in (out, err):
            file.seek(0)
            printed.append(file.read().decode())
        return status, printed[0], printed[1]


def forked(
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    descriptors: Sequence[int],
    patience: float,
) -> int:
    """The same, with these descriptors for its stdin, stdout and stderr; its exit status."""
    handed = [_Handed(number) for number in descriptors]
    process = _context().Process(target=_command, args=(list(arguments), folder, dict(environment), handed))
    process.start()
    process.join(patience)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"{arguments} took more than {patience:g} s")
    status = process.exitcode
    process.close()
    return status


class _Handed:
    """A descriptor that arrives in the process as the number that it has there."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[object, ...]:
        return _arrived, (DupFd(self._number),)


def _arrived(handed: Any) -> int:  # noqa: ANN401 -- multiprocessing names no type for it
    number: int = handed.detach()
    return number


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def _command(arguments: list[str], folder: Path, environment: dict[str, str], descriptors: list[int]) -> None:
    for number, arrived in enumerate(descriptors):
        os.dup2(arrived, number)
        os.close(arrived)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 -- it ends with the process
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115 -- they end with the process
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("error")
    sys.argv = ["repo-harvest", *arguments]
    from repo_harvest.cli.group import main  # noqa: PLC0415 -- loaded by the process that this one was forked from

    main()
