"""The real `repo-harvest ingest`, a process of its own, run against one hostile source after another."""

from __future__ import annotations

import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

from repo_harvest.cli import main
from tests.hostile.cases import GOOD, NAME, Case
from tests.source.servers import Server, serving

__all__ = ["Arena", "Fight", "apart", "arena", "within"]

Run = Callable[[Path, str], tuple[int, str, int]]
"""Runs a command in a folder: its exit status, what it printed, and its most memory in bytes."""

MOST_SECONDS = 40
MOST_MEMORY = 400_000_000  # bytes, of all its processes
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # what a terminal does not print
_CHECKOUT = Path(__file__).parents[2]
_PATIENCE = 150.0  # seconds after which a run is killed
_SERVED = ("items", "versions", "entries", "renditions", "sets", "memberships")
_NAMES = f"""
import socket
real, asked = socket.getaddrinfo, []
def getaddrinfo(host, port, *rest, **more):
    if host != {NAME!r}:
        return real(host, port, *rest, **more)
    asked.append(host)
    return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *rest, **more)
socket.getaddrinfo = getaddrinfo
"""  # in sitecustomize, which Python runs before anything of ours: what the machine's resolver says is not ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Fight:
    """What became of one case. `said` is all that the command printed, `peak` the most memory of its processes in bytes."""

    case: Case
    status: int
    said: str
    seconds: float
    peak: int
    requests: int
    untouched: bool

    @property
    def message(self) -> str:
        """What it said of the source, in one line."""
        lines = [line for line in self.said.splitlines() if "http" in line or "list" in line]
        return re.sub(r"\s+", " ", (lines or [self.said])[-1]).strip()

    def faults(self) -> list[str]:
        """What is not as it must be, but for time and memory."""
        judged = {
            f"status {self.status}": self.status == self.case.status,
            "a traceback": "Traceback" not in self.said,
            f"does not say {self.case.says!r}": self.case.says in self.said,
            "control characters": not _OBEYED.search(self.said),
            f"{self.requests} requests": self.requests <= self.case.requests,
            "the feed moved": self.untouched or self.case.served,
            "the feed did not move": not (self.case.served and self.untouched),
        }
        return [fault for fault, is_well in judged.items() if not is_well]

    def excesses(self) -> list[str]:
        """Time and memory beyond what one source may cost."""
        judged = {
            f"{self.seconds:.0f} s": self.seconds <= MOST_SECONDS,
            f"{self.peak / 1e6:.0f} MB": self.peak <= MOST_MEMORY,
        }
        return [fault for fault, is_well in judged.items() if not is_well]


class Arena:
    """A folder with a feed that one good run filled, and the server that the run read."""

    def __init__(self, folder: Path, server: Server, run: Run) -> None:
        self.folder = folder
        self._run = run
        self.server = server
        (folder / "sitecustomize.py").write_text(_NAMES, encoding="utf-8")
        self._configure(server.url)
        for command in ("init", "ingest"):
            status, said, _ = self._run(folder, command)
            assert status == 0, said
        self.fed = folder / "fed.db"
        self._copy(folder / "feed.db", self.fed)

    def fight(self, case: Case) -> Fight:
        """Let the source say what it has to say to a run; the feed is as the good run left it before."""
        for left in self.folder.glob("feed.db*"):
            left.unlink()
        shutil.copy(self.fed, self.folder / "feed.db")
        before = self.dump()
        self.server.answers[:] = case.answers(self.server)
        self.server.requests.clear()
        self._configure((case.url or self.server.url).format(port=self.server.port), case.enrich)
        began = time.monotonic()
        status, said, peak = self._run(self.folder, "ingest")
        return Fight(
            case=case,
            status=status,
            said=said,
            seconds=time.monotonic() - began,
            peak=peak,
            requests=len(self.server.requests),
            untouched=self.dump() == before,
        )

    def dump(self) -> list[object]:
        """Every row of every table that is served or decides what is."""
        with closing(sqlite3.connect(self.folder / "feed.db")) as feed:
            return [sorted(map(repr, feed.execute(f"SELECT * FROM {table}"))) for table in _SERVED]

    def rendered(self, prefix: str) -> list[bytes]:
        """The metadata of every record, as it is served in one format."""
        asked = "SELECT metadata FROM renditions WHERE prefix = ? AND metadata IS NOT NULL"
        with closing(sqlite3.connect(self.folder / "feed.db")) as feed:
            return [bytes(row[0]) for row in feed.execute(asked, (prefix,))]

    def _copy(self, source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    def _configure(self, url: str, enrich: str = "off") -> None:
        text = (
            '[repository]\nname = "Hostile"\nidentifier = "x.org"\nadmin_email = "a@x.org"\n'
            f'[database]\nurl = "sqlite:///{self.folder}/feed.db"\n'
            f'[[source]]\nname = "list"\nurl = "{url}"\nallow_private = ["{self.server.at}"]\nenrich = "{enrich}"\n'
            "[enrichment]\ndelay = 0\n"
        )
        (self.folder / "repo-harvest.toml").write_text(text, encoding="utf-8")


def apart(folder: Path, command: str) -> tuple[int, str, int]:
    """Run a command as a process of its own: its exit status, what it printed, and its most memory in bytes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REPO_HARVEST_")}
    with (folder / "said").open("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "repo_harvest", "--config", "repo-harvest.toml", command],
            cwd=folder,
            env={**environment, "PYTHONPATH": os.pathsep.join([str(folder), str(_CHECKOUT)])},
            stdout=said,
            stderr=said,
        )
        peaks: dict[int, int] = {}
        deadline = time.monotonic() + _PATIENCE
        while process.poll() is None:
            for pid in (process.pid, *_children(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.02)  # how often the process is looked at, not how long it is waited for
        said.seek(0)
        own = peaks.pop(process.pid, 0)
        return process.returncode, said.read(), own + max(peaks.values(), default=0)  # it starts one after the other


def within(folder: Path, command: str) -> tuple[int, str, int]:
    """Run a command through the same front door in this process, which is soon done; its memory is not known: 0."""
    arguments, said = sys.argv, io.StringIO()
    sys.argv = ["repo-harvest", "--config", str(folder / "repo-harvest.toml"), command]
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main()
    except SystemExit as end:
        return int(end.code or 0), said.getvalue(), 0
    finally:
        sys.argv = arguments
    raise AssertionError("the front door always exits")


def _children(pid: int) -> list[int]:
    """The processes that this one has started, and that are not done."""
    with suppress(OSError):
        found = [task.read_text(encoding="utf-8") for task in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(child) for line in found for child in line.split()]
    return []


def _peak(pid: int) -> int:
    """The most memory that the process has held, in bytes."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+([0-9]+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
        return int(found[1]) * 1024 if found else 0
    return 0


@contextmanager
def arena(folder: Path, run: Run = apart) -> Iterator[Arena]:
    """An arena in an empty folder, while its server listens; `run` is how commands are run there."""
    with serving(GOOD) as server:
        yield Arena(folder, server, run)
