"""The command as a person or cron runs it: a process of its own, in a folder of its own, with a config file of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.forked import Forked, run_forked, started, waited_for

__all__ = ["Outcome", "Shell", "free_port"]

_PATIENCE = 60.0  # seconds that a test waits for something that takes one


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str


class Shell:
    """A folder with a config file, and the command run in it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.config = "repo-harvest.toml"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("REPO_HARVEST_")},
            "REPO_HARVEST_DATABASE_URL": database_url,
            "REPO_HARVEST_SERVER_PORT": str(self.port),
        }
        self.output = ""  # of the last command that was `running`
        self.configure("")

    def configure(self, sources: str) -> None:
        """Write the config file: a repository, and these sources in TOML."""
        text = '[repository]\nname = "Test"\nidentifier = "x.org"\nadmin_email = "a@x.org"\n' + sources
        (self.folder / "repo-harvest.toml").write_text(text, encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The words that start a command anew."""
        return [sys.executable, "-W", "error", "-m", "repo_harvest", "--config", self.config, *arguments]

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
        """Run a command to its end."""
        status, out, err = run_forked(
            ["--config", self.config, *arguments],
            folder=self.folder,
            environment={**self.environment, **(environment or {})},
            patience=_PATIENCE * 2,
        )
        assert "Traceback" not in err, err
        return Outcome(status=status, out=out, err=err)

    def start(self, *arguments: str, is_merged: bool = False, limits: Mapping[int, int] | None = None) -> Forked:
        """A command, begun; `limits` are what it may have of each resource."""
        return started(
            ["--config", self.config, *arguments],
            folder=self.folder,
            environment=self.environment,
            is_merged=is_merged,
            limits=limits,
        )

    @contextmanager
    def running(self, *arguments: str, limits: Mapping[int, int] | None = None) -> Iterator[Forked]:
        """Run a command while the block runs, then stop it as an operator does."""
        process = self.start(*arguments, is_merged=True, limits=limits)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                waited_for(process, _PATIENCE)
            finally:
                self.output = process.out

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page of the service; waits for the service to listen."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=_PATIENCE) as response:
                    return response.status, response.read()
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.code, refusal.read()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
