"""A shell in a folder of its own, in which the commands of a page are typed one after the other, and services go on beside them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from tests.cli.shell import free_port
from tests.docs.pages import ROOT, Edit, Step, Written
from tests.docs.stand_in import standing_in

__all__ = ["Terminal", "opened", "says"]

_ENDED = "--ended-"
_PATIENCE = 90.0  # seconds that a service may take to say what the page shows
_SERVICE = re.compile(r"repo-harvest (?:up|serve)(?: |$)")
_PORT = "8080"
_PROGRAMS = Path(sys.executable).parent


class Terminal:
    """Types what a page has people type; the port that pages name is a free one here."""

    def __init__(self, shell: subprocess.Popen[str], folder: Path, port: str) -> None:
        self._shell, self.folder, self.port = shell, folder, port
        self._services: list[int] = []

    def do(self, doing: Written | Edit | Step) -> None:
        """Do one thing that a page says, and hold what comes of it against what the page shows."""
        if isinstance(doing, Step):
            self._type(doing)
            return
        file = self._here() / doing.name
        if isinstance(doing, Written):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(doing.text, encoding="utf-8")
            return
        text = file.read_text(encoding="utf-8")
        assert text.count(doing.old) == 1, f"{doing.name} does not have these lines once:\n{doing.old}"
        file.write_text(text.replace(doing.old, doing.new), encoding="utf-8")

    def _type(self, step: Step) -> None:
        command = step.command.replace(_PORT, self.port)
        if _SERVICE.search(command):
            self._begin(command, step.shown)
            return
        status, output = self._run(command)
        assert says(output, step.shown), f"{step.command}\n--- printed:\n{output}\n--- shown:\n" + "\n".join(step.shown)
        assert (status != 0) == step.is_to_fail, f"{step.command} ended with {status}\n{output}"

    def _begin(self, command: str, shown: Sequence[str]) -> None:
        """Start a service, and wait until it has said what the page shows, and answers."""
        output = self.folder / f"service-{len(self._services)}"
        _, pid = self._run(f': >"{output}"; ( PATH="{_PROGRAMS}:$PATH"; exec {command} ) >"{output}" 2>&1 & echo $!')
        self._services.append(int(pid))
        deadline = time.monotonic() + _PATIENCE
        while not says(told := self._as_on_a_page(output.read_text(encoding="utf-8")), [*shown, "…"]):
            assert time.monotonic() < deadline, f"{command} said only:\n{told}"
            time.sleep(0.1)
        while not _answers(int(self.port)):
            assert time.monotonic() < deadline, f"{command} does not answer"
            time.sleep(0.1)

    def _run(self, command: str) -> tuple[int, str]:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f'{{ {command}\n}} </dev/null\nended=$?; echo; echo "{_ENDED}$ended"\n')
        self._shell.stdin.flush()
        lines: list[str] = []
        while not (line := self._shell.stdout.readline()).startswith(_ENDED):
            assert line, f"the shell ended at: {command}\n{''.join(lines)}"
            lines.append(line)
        return int(line.removeprefix(_ENDED)), self._as_on_a_page("".join(lines).removesuffix("\n"))

    def _as_on_a_page(self, output: str) -> str:
        return output.replace(self.port, _PORT)

    def _here(self) -> Path:
        return Path(self._run("pwd")[1].strip())

    def close(self) -> None:
        """Stop the services, as an operator does, and the shell."""
        for pid in self._services:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        assert self._shell.stdin is not None
        self._shell.stdin.write("wait\n")
        self._shell.communicate(timeout=_PATIENCE)


@contextmanager
def opened(folder: Path) -> Iterator[Terminal]:
    """A terminal in a folder, which is given the project's examples; its programs are those of this Python."""
    shutil.copytree(ROOT / "docs" / "example", folder / "docs" / "example")
    with standing_in() as programs, _typing(folder, f"{programs}:{_PROGRAMS}") as terminal:
        yield terminal


@contextmanager
def _typing(folder: Path, programs: str) -> Iterator[Terminal]:
    port = _port_here()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("REPO_HARVEST_")},
        "PATH": f"{programs}:{os.environ['PATH']}",
        "COLUMNS": "100",
        "REPO_HARVEST_SERVER_PORT": port,
        "REPO_HARVEST_SERVER_WORKERS": "1",
    }
    shell = subprocess.Popen(
        ["bash", "--noprofile", "--norc"],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    terminal = Terminal(shell, folder, port)
    try:
        yield terminal
    finally:
        terminal.close()


@cache
def _port_here() -> str:
    """The same for all terminals, one after the other: the address of the service is part of what a feed says."""
    return str(free_port())


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def says(output: str, shown: Sequence[str]) -> bool:
    """Whether an output is what is shown: … stands for anything in a line, on a line of its own for any lines. Nothing shown is anything.

    >>> says("one 1 two\\nthree\\nfour\\n", ["one … two", "…"]), says("one\\n", ["two"]), says("one\\n", [])
    (True, False, True)
    """
    if not shown:
        return True
    parts = [r"(?:[^\n]*\n)*?" if line.strip() == "…" else _line(line) for line in shown]
    clean = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
    return re.fullmatch("".join(parts), clean) is not None


def _line(shown: str) -> str:
    return "[^\n]*".join(map(re.escape, shown.rstrip().split("…"))) + "\n"
