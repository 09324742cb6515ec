"""A command and its surroundings in, what it left behind out: run in a process of its own that is forked, not started.

Starting Python and importing the program takes longer than most commands do, and the tests run hundreds. So one process
imports it all, does nothing, and is forked for each command, which then has its own folder, environment and output, and
dies its own death. It leads a session of its own, and it is killed when the process of the tests is gone.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

__all__ = ["Forked", "Program", "forked", "run_forked", "started", "waited_for"]

Program = Callable[[Sequence[str]], object]
"""A function of a module, which is given the arguments."""

_LOADED = [
    "tests.cli.forked",
    "tests.cli.warm",
]
_LIBC = ctypes.CDLL(None)
_WHEN_THE_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


class Forked:
    """A process that goes on; what it prints can be read meanwhile, and once it is over. Whoever has one waits for its end."""

    def __init__(self, process: ForkServerProcess, files: Sequence[IO[bytes]] = ()) -> None:
        assert process.pid is not None
        self._process, self._files, self._printed = process, files, list[str]()
        self.pid = process.pid
        self.returncode: int | None = None

    @property
    def out(self) -> str:
        """What it has printed, with its complaints if they were to be merged."""
        return self._read()[0]

    @property
    def err(self) -> str:
        """What it has complained of."""
        return self._read()[-1]

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; `None` while it goes on."""
        if self.returncode is None and self._process.exitcode is not None:
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it is over; raises `TimeoutError` after so many seconds."""
        if self.returncode is None:
            self._process.join(timeout)
        if (status := self.poll()) is None:
            raise TimeoutError(f"process {self.pid} took more than {timeout} s")
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is over."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, and all that it has started."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:  # it leads no group yet, and has started nothing
                os.kill(self.pid, signal.SIGKILL)

    def await_words(self, words: str, *, patience: float) -> None:
        """Until it has printed these words; fails when it ends without them, or after so many seconds."""
        until = time.monotonic() + patience
        while words not in self.out:
            assert self.poll() is None, self.out
            assert time.monotonic() < until, self.out
            time.sleep(0.01)

    def _read(self) -> list[str]:
        return self._printed or [
            os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode() for file in self._files
        ]

    def _end(self) -> None:
        self.returncode, self._printed = self._process.exitcode, self._read()
        self._process.close()
        for file in self._files:
            file.close()


def run_forked(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], patience: float
) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `repo-harvest` with these arguments; raises `TimeoutError` after so many seconds."""
    process = started(arguments, folder=folder, environment=environment)
    return waited_for(process, patience), process.out, process.err


def started(
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    program: Program | None = None,
    is_merged: bool = False,
    limits: Mapping[int, int] | None = None,
) -> Forked:
    """`repo-harvest`, or another program, with these arguments, begun; `is_merged` prints its complaints among the rest.

    `limits` are what it may have of each resource (`resource.RLIMIT_…`).
    """
    files = [TemporaryFile() for _ in range(1 if is_merged else 2)]  # noqa: SIM115 -- closed when the process is over
    with Path(os.devnull).open("rb") as nothing:
        descriptors = [nothing.fileno(), files[0].fileno(), files[-1].fileno()]
        process = _forked(program or _repo_harvest, arguments, folder, environment, descriptors, limits or {})
    return Forked(process, files)


def forked(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], descriptors: Sequence[int]
) -> Forked:
    """`repo-harvest`, begun, with these descriptors for its stdin, stdout and stderr."""
    return Forked(_forked(_repo_harvest, arguments, folder, environment, descriptors, {}))


def waited_for(process: Forked, patience: float) -> int:
    """Its exit status; it is killed, and `TimeoutError` raised, after so many seconds."""
    try:
        return process.wait(patience)
    except TimeoutError:
        process.kill()
        process.wait()
        raise


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


def _forked(
    program: Program,
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    descriptors: Sequence[int],
    limits: Mapping[int, int],
) -> ForkServerProcess:
    handed = [_Handed(number) for number in descriptors]
    given = (program, list(arguments), folder, dict(environment), handed, dict(limits))
    process = _context().Process(target=_child, args=given)
    process.start()
    return process


def _child(
    program: Program,
    arguments: list[str],
    folder: Path,
    environment: dict[str, str],
    descriptors: list[int],
    limits: dict[int, int],
) -> None:
    os.setsid()
    _LIBC.prctl(_WHEN_THE_PARENT_DIES, signal.SIGKILL)
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]  # multiprocessing tells nobody of it
    for number, arrived in enumerate(descriptors):
        os.dup2(arrived, number)
        os.close(arrived)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 -- it ends with the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 -- as above
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115 -- as above
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("error")
    sys.warnoptions[:] = ["error"]  # for the processes that it starts
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    program(arguments)


def _repo_harvest(arguments: Sequence[str]) -> None:
    sys.argv = ["repo-harvest", *arguments]
    from repo_harvest.cli.group import main  # noqa: PLC0415 -- loaded by the process that this one was forked from

    main()
