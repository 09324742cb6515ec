"""A feed that something is about to happen to, served meanwhile, and what was seen of it: how it bore a fault."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine
from tests.cli.forked import Forked
from tests.cli.shell import Shell
from tests.faults.kit import Asked
from tests.faults.postgresql import Server
from tests.faults.watching import Watch
from tests.pages_kit import Work, page_html

__all__ = ["BOUND", "TITLES", "Scene", "administer", "fresh", "made"]

BOUND = 10.0  # seconds
TITLES = (
    "Rivers and their banks",
    "Bread in wartime",
    "A grammar of gestures",
    "Lighthouses of the north",
    "Slow trains",
)


@dataclass
class Scene:
    """One feed with the records of a page in it, and what was seen of it during a fault."""

    kind: str
    folder: Path
    shell: Shell
    server: Server | None
    locked: float
    healed: float | None = None
    memory: int = 0  # bytes
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch(self.shell)

    @property
    def url(self) -> str:
        """Of its database."""
        return self.shell.environment["REPO_HARVEST_DATABASE_URL"]

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    def expect(self, what: str, *, holds: bool) -> None:
        """Note a bound that was missed."""
        if not holds:
            self.faults.append(what)

    def list_pages(self, *more: str) -> None:
        """Write one more page for each name, and configure them all."""
        sources = ""
        for name in ("page", *more):
            works = [
                Work(
                    f"{TITLES[i]} {name}",
                    f"{name.title()}, Ada ({(1990 if name == 'page' else 2010) + i})",
                    f"On {TITLES[i]}. " * 9,
                )
                for i in range(len(TITLES))
            ]
            (self.folder / f"{name}.html").write_text(page_html(works), encoding="utf-8")
            sources += f'[[source]]\nname = "{name}"\npath = "{name}.html"\n'
        self.shell.configure(sources)

    def held(self) -> dict[str, str]:
        """What a harvester gets, by identifier, once the second of the last publication is over."""
        time.sleep(2.5)
        engine = open_engine(self.url)
        try:
            return Asked(engine, time.time).harvest()
        finally:
            engine.dispose()

    @contextmanager
    def served(self, *command: str, limits: Mapping[int, int] | None = None) -> Iterator[Forked]:
        """The service while the block runs, its memory watched."""
        with self.shell.running(*(command or ("serve", "--workers", "2")), limits=limits) as process:
            stopping = threading.Event()
            watching = threading.Thread(target=self._weigh, args=[process.pid, stopping])
            watching.start()
            try:
                self.shell.get("/healthz")
                self.watch.await_answer(200, within=60)
                yield process
            finally:
                stopping.set()
                watching.join()

    def _weigh(self, pid: int, stopping: threading.Event) -> None:
        while not stopping.wait(0.2):
            with suppress(OSError):
                self.memory = max(self.memory, sum(map(_resident, _family(pid))))

    def unavailable(self) -> float:
        """Seconds until 503 with Retry-After came."""
        begun = time.monotonic()
        try:
            seen = self.watch.await_answer(503, within=BOUND)
        except AssertionError as late:
            self.faults.append(str(late))
        else:
            self.expect("503 without Retry-After", holds=seen.retry_after is not None)
        return time.monotonic() - begun

    def heal(self, begun: float) -> None:
        """Wait until records are served again after a fault that ended at `begun` (monotonic)."""
        try:
            self.watch.await_answer(200, within=BOUND)
        except AssertionError as late:
            self.faults.append(str(late))
        self.healed = time.monotonic() - begun
        self.expect(f"healed after {self.healed:.1f} s", holds=self.healed <= BOUND)

    def make_good(self, *command: str) -> None:
        """The next run, which has to succeed."""
        begun = time.monotonic()
        process = self.shell.start(*(command or ("ingest",)))
        process.wait()
        self.healed = time.monotonic() - begun
        self.expect(f"the next run failed: {process.err.strip()}", holds=process.returncode == 0)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def fresh(scene: Scene) -> str:
    """Another empty database of the same kind."""
    if scene.server is None:
        return made(f"sqlite:///{scene.folder}/fresh.db")
    administer(scene, "CREATE DATABASE fresh")
    return made(scene.url.replace("/postgres?", "/fresh?"))


def made(url: str) -> str:
    """The same URL, its database at this program's version."""
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return url


def administer(scene: Scene, statement: str) -> None:
    assert scene.server is not None
    elsewhere = scene.url.replace("+psycopg", "").replace("/postgres?", "/template1?")
    scene.server.run("psql", elsewhere, "-c", statement)
