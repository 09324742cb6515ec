"""Work in, its result out, done in a process of its own that may take so much time and memory and no more.

What a stranger's page does to a parser cannot be foreseen, and a thread cannot be stopped: neither a regular expression
nor a parser in C looks up from its work. A process can. It is started anew for each piece of work, knows nothing of the
configuration, and is gone when its result is there or its bounds are reached. What is about little text is done at once:
a process takes longer to start, and little text takes neither much time nor memory, which tests hold.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from repo_harvest.errors import HarvestError, TooMuch

__all__ = ["ITEM", "LIST", "Bounds", "apart", "child", "within_bounds"]

P = ParamSpec("P")
R = TypeVar("R")

_LITTLE = 100_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What reading a text may take: `seconds` of the processor's time, and bytes of `memory`.

    For each million characters of the text, `seconds_each` more.
    """

    seconds: float = 10.0
    seconds_each: float = 0.0
    memory: int = 245_000_000  # with the program that waits for it, and its code, 400 million


LIST = Bounds(seconds_each=15.0)
"""For a page of a list: 9,000 works in 5.5 million characters take 40 seconds and 240 million bytes."""

ITEM = Bounds()
"""For what is said of one work."""

_BY_THE_CLOCK = 3  # times the processor's time: the machine does other things as well

_START_UP = 10.0  # seconds by the clock for a busy machine to start the process
_START = "import sys; sys.path[:] = sys.argv[1:]; from repo_harvest.apart import child; child()"
_DONE, _FAILED, _ENDED = b"d", b"f", b"e"
_TIME_IS_UP = 24  # SIGXCPU, on Linux and macOS


def within_bounds(bounds: Bounds, size: int, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `work` returns, within the bounds for a text of `size` characters; raises as `apart` does."""
    if size <= _LITTLE:
        return work(*args, **kwargs)
    return apart(bounds.seconds + bounds.seconds_each * size / 1_000_000, bounds.memory, work, *args, **kwargs)


def apart(seconds: float, memory: int, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `work` returns, done in another process: a function of a module, whose arguments and result can be pickled.

    It may take so many `seconds` of the processor's time and bytes of `memory`. Raises what `work` raises, and `TooMuch`
    when it was ended.
    """
    task = pickle.dumps((seconds, memory, work, args, kwargs))
    try:
        done = subprocess.run(  # noqa: S603 - this program, by the path of the interpreter that runs it
            [sys.executable, "-c", _START, *sys.path],
            input=task,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what went wrong is in its result
            env={name: value for name, value in os.environ.items() if not name.startswith("REPO_HARVEST_")},
            timeout=_BY_THE_CLOCK * seconds + _START_UP,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TooMuch(f"more than {late.timeout:.0f} seconds") from None
    how, told = done.stdout[:1], done.stdout[1:]
    if done.returncode == -_TIME_IS_UP:
        raise TooMuch(f"more than {seconds:.0f} seconds of the processor's time")
    if done.returncode or how not in {_DONE, _FAILED}:
        raise TooMuch(f"more than {memory // 1_000_000} MB of memory")
    result = pickle.loads(told)  # noqa: S301 - written by our own process
    if how == _FAILED:
        raise result
    return result  # type: ignore[no-any-return]  # it is what `work` returned


def child() -> None:
    """Do the work that stands on stdin, and write its result, or what it raised, to stdout."""
    seconds, memory, work, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `apart`
    _limit(seconds, memory)
    try:
        told = _outcome(lambda: work(*args, **kwargs))
    except (MemoryError, SystemError):  # the second: a parser in C that was given no memory, and said nothing
        told = _ENDED
    sys.stdout.buffer.write(told)


def _outcome(work: Callable[[], object]) -> bytes:
    try:
        return _DONE + pickle.dumps(work())
    except (MemoryError, SystemError):
        raise
    except HarvestError as error:
        return _FAILED + pickle.dumps(error)
    except Exception as error:  # noqa: BLE001 - raised again by the process that asked
        error.add_note(traceback.format_exc())  # else nobody would learn where
        return _FAILED + pickle.dumps(error)


def _limit(seconds: float, memory: int) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits; the clock is watched there all the same
        import resource  # noqa: PLC0415 - it is not everywhere

        cpu = int(seconds) + 1
        for kind, bound, end in (
            (resource.RLIMIT_CPU, cpu, cpu + 1),  # at the end the kernel kills it, and does not say why
            (resource.RLIMIT_DATA, memory, memory),
        ):
            _, hard = resource.getrlimit(kind)
            most = end if hard == resource.RLIM_INFINITY else min(end, hard)
            resource.setrlimit(kind, (min(bound, most), most))
