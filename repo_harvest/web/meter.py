"""Requests in, counters and a histogram out that add up over the worker processes of a service.

Each worker counts in a file of its own, mapped into memory, in a folder that `shared` makes at start and removes at the
end; whichever worker is asked for `/metrics` adds up the files of all. A worker that died leaves its file, so that no sum
goes back. The files are given all of their space when they are made: a disk that fills up later cannot take a worker
with it. The alternative that lost: counting in the database, which would make every read a write.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from repo_harvest.oai.request import VERBS

__all__ = ["NO_VERB", "PAGE", "PROBE", "Meter", "shared"]

NO_VERB, PAGE, PROBE = "none", "page", "probe"
"""What stands for a verb: of a request that has no legal arguments, of pages for people, and of `/healthz` and its like."""

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
_PREFIX, _HELD = "repo-harvest-metrics-", "held"
_ROOM = 1 << 18  # bytes; all counters that there can be take less
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds


class Meter:
    """Counts what one process answers; any number of threads may note."""

    def __init__(self) -> None:
        folder = os.environ.get(_FOLDER)
        if folder is not None:
            _make_room(Path(folder))
        self._own = CollectorRegistry()
        requests = Counter(
            "repo_harvest_requests",
            "Requests answered, by verb of OAI-PMH (or page, probe, none) and HTTP status.",
            ("verb", "status"),
            registry=self._own,
        )
        errors = Counter(
            "repo_harvest_oai_errors",
            "Errors of OAI-PMH answered (with HTTP status 200), by verb and error code.",
            ("verb", "code"),
            registry=self._own,
        )
        seconds = Histogram(
            "repo_harvest_request_seconds",
            "Seconds from a request to its answer, ready to be sent, by verb.",
            ("verb",),
            registry=self._own,
            buckets=_BUCKETS,
        )
        self._request = lru_cache(maxsize=256)(requests.labels)
        self._error = lru_cache(maxsize=256)(errors.labels)
        self._seconds = lru_cache(maxsize=64)(seconds.labels)
        for verb in (*VERBS, NO_VERB, PAGE, PROBE):  # so that the first fault of a kind is seen as one more than before
            self._seconds(verb)
            for status in ("200", "500", "503"):
                self._request(verb, status)

    def note(self, verb: str, status: str, seconds: float, codes: tuple[str, ...] = ()) -> None:
        """Count one answer: its three digits of status, and the errors of the protocol in it, if any."""
        self._request(verb, status).inc()
        self._seconds(verb).observe(seconds)
        for code in codes:
            self._error(verb, code).inc()

    def registry(self) -> CollectorRegistry:
        """What all processes of the service counted, to be told now."""
        folder = os.environ.get(_FOLDER)
        if folder is None:
            return self._own
        whole = CollectorRegistry()
        MultiProcessCollector(whole, path=folder)  # type: ignore[no-untyped-call]  # prometheus_client has no types there
        return whole


@contextmanager
def shared() -> Iterator[None]:
    """Processes that are spawned in the block count together; raises `OSError` where no folder can be made."""
    memory = "/dev/shm"  # noqa: S108 -- a folder of our own is made in it, for us alone to enter
    within = Path(memory if os.access(memory, os.W_OK) else tempfile.gettempdir())
    _sweep(within)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
    with (folder / _HELD).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.environ[_FOLDER] = str(folder)
        try:
            yield
        finally:
            del os.environ[_FOLDER]
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(within: Path) -> None:
    """Remove what services left that were killed: nobody holds the lock in their folders any more."""
    for held in within.glob(f"{_PREFIX}*/{_HELD}"):
        with suppress(OSError), held.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(held.parent, ignore_errors=True)


def _make_room(folder: Path) -> None:
    """Give this process's files their space on the disk, before anything is mapped; raises `OSError` when it is full."""
    for kind in ("counter", "histogram"):
        with (folder / f"{kind}_{os.getpid()}.db").open("a+b") as file:
            os.posix_fallocate(file.fileno(), 0, _ROOM)
