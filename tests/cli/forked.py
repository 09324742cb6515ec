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
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["run_forked"]

_LOADED = [
    "repo_harvest.cli.group",
    *(f"repo_harvest.cli.{name}" for name in ("service", "serving", "look", "duplicates")),
]


def run_forked(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], patience: float
) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `repo-harvest` with these arguments; raises `TimeoutError` after so many seconds."""
    with TemporaryDirectory() as kept:
        out, err = Path(kept, "out"), Path(kept, "err")
        process = _context().Process(target=_command, args=(list(arguments), folder, dict(environment), out, err))
        process.start()
        process.join(patience)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"{arguments} took more than {patience:g} s")
        status = process.exitcode
        process.close()
        return status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def _command(arguments: list[str], folder: Path, environment: dict[str, str], out: Path, err: Path) -> None:
    for number, file in ((1, out), (2, err)):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115 -- they end with the process
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("error")
    sys.argv = ["repo-harvest", *arguments]
    from repo_harvest.cli.group import main  # noqa: PLC0415 -- loaded by the process that this one was forked from

    main()
