"""A program `repo-harvest` that has its work done by a process that is forked: it starts in a fiftieth of the time.

It hands over its arguments, folder, environment, input and outputs, and ends as that process does.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import close
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.forked import forked, waited_for

__all__ = ["standing_in"]

_PATIENCE = 120.0
_PROGRAM = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as way:
    way.connect({address!r})
    socket.send_fds(way, [b"."], [0, 1, 2])
    way.sendall(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode())
    way.shutdown(socket.SHUT_WR)
    status = way.recv(10)
sys.exit(int(status))
"""


@contextmanager
def standing_in() -> Iterator[Path]:
    """The folder of the program, while the block runs."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
        address = f"{folder}/door"
        door.bind(address)
        door.listen()
        program = Path(folder, "repo-harvest")
        program.write_text(_PROGRAM.format(python=sys.executable, address=address), encoding="utf-8")
        program.chmod(0o755)
        thread = threading.Thread(target=_serve, args=(door,))
        thread.start()
        try:
            yield Path(folder)
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(door: socket.socket) -> None:
    """Programs of one pipe run beside each other; each is served to its end."""
    serving: list[threading.Thread] = []
    with suppress(OSError):  # the door was shut
        while True:
            way, _ = door.accept()
            thread = threading.Thread(target=_answer, args=(way,))
            thread.start()
            serving.append(thread)
    for thread in serving:
        thread.join()


def _answer(way: socket.socket) -> None:
    with way:
        _, descriptors, _, _ = socket.recv_fds(way, 1, 3)
        told = b"".join(iter(lambda: way.recv(65536), b""))
        arguments, folder, environment = json.loads(told)
        try:
            process = forked(arguments, folder=Path(folder), environment=environment, descriptors=descriptors)
        finally:
            for descriptor in descriptors:
                close(descriptor)
        status = waited_for(process, _PATIENCE)
        way.sendall(str(status).encode())
