"""Web servers that say, byte for byte and at the speed, what a test tells them to."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ssl import SSLContext
from typing import Any

Say = Callable[[socket.socket], None]
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
HTML = "Content-Type: text/html"
TLS_HELLO = b"\x16"


def noon() -> datetime:
    return NOON


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def answer(content: bytes | str = b"", *lines: str, status: str = "200 OK") -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return head(*lines, f"Content-Length: {len(data)}", status=status) + data


def page(content: bytes | str, *lines: str) -> bytes:
    return answer(content, HTML, *lines)


def redirect(location: str, *lines: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {location}", *lines, status=status)


@dataclass(kw_only=True)
class Server:
    """What listens at `host`:`port`: the n-th connection gets the n-th answer, the last one again and again."""

    host: str
    port: int
    answers: list[bytes | Say]
    requests: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    @property
    def at(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.at}/list"


@contextmanager
def serving(
    *answers: bytes | Say, host: str = "127.0.0.1", port: int = 0, tls: SSLContext | None = None
) -> Iterator[Server]:
    with socket.create_server((host, port)) as listener:
        server = Server(host=host, port=listener.getsockname()[1], answers=list(answers))
        thread = threading.Thread(target=_accept, args=(listener, server, tls), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.hung_up.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)


def _accept(listener: socket.socket, server: Server, tls: SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with suppress(OSError), connection:
                connection.settimeout(10)
                with tls.wrap_socket(connection, server_side=True) if tls else connection as client:
                    _answer(client, server)


def _answer(client: socket.socket, server: Server) -> None:
    request = b""
    while b"\r\n\r\n" not in request and request[:1] != TLS_HELLO:
        received = client.recv(65536)
        if not received:
            return
        request += received
    server.requests.append(request.decode("latin-1"))
    said = server.answers[min(len(server.requests), len(server.answers)) - 1]
    if callable(said):
        said(client)
    else:
        client.sendall(said)
    with suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while client.recv(65536):  # closing with something unread would reset the connection
            pass


def dripping(data: bytes, *, times: int = 300, pause: float = 0.05) -> Say:
    """Says the data one byte at a time: a server that is never silent for long, and never done in time either."""

    def say(client: socket.socket) -> None:
        for byte in data[:times]:
            client.sendall(bytes([byte]))
            time.sleep(pause)
        client.sendall(data[times:])

    return say


def endless(start: bytes, again: bytes) -> Say:
    """Says the start, and then the same thing until the other side hangs up."""

    def say(client: socket.socket) -> None:
        client.sendall(start)
        while True:
            client.sendall(again)

    return say


def reset(start: bytes) -> Say:
    """Says the start, and then that there is no such connection."""

    def say(client: socket.socket) -> None:
        client.sendall(start)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()

    return say


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


class Names:
    """A name server: the n-th question gets the n-th answer, the last one again and again; without one, no host."""

    def __init__(self, *answers: str | Sequence[str] | Exception) -> None:
        self.answers = answers or (socket.gaierror(socket.EAI_NONAME, "Name or service not known"),)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        said = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(said, Exception):
            raise said
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ([said] if isinstance(said, str) else said)
        ]
