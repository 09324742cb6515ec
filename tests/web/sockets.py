"""A request in, sent to a service that listens, and its reply out, as the wire has them; nothing is mended on the way."""

from __future__ import annotations

import http.client
import re
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from tests.web.hostile import Attack
from tests.web.http import Reply

__all__ = ["CURIOSITY", "PATIENCE", "Target", "is_proper", "read", "wire"]

PATIENCE = 10.0  # seconds for an answer to a proper request
CURIOSITY = 0.5  # seconds for one to something that may well get none
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*")  # what a URI may hold, and % in any place
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_HOST = re.compile(rb"[A-Za-z0-9.:\[\]-]+")


class Target:
    """A service, and one connection that is kept to it for as long as it lasts."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.path == "/oai", "the path of the base URL must be /oai"
        self.url, self.address = url, (parts.hostname or "", parts.port or 80)
        self._kept: socket.socket | None = None

    def connect(self, patience: float = PATIENCE) -> socket.socket:
        """A new connection."""
        return socket.create_connection(self.address, timeout=patience)

    def close(self) -> None:
        """Close the kept connection."""
        if self._kept is not None:
            self._kept.close()

    def ask(self, sent: Attack) -> Reply:
        """The reply; raises OSError, HTTPException. What is not proper gets a connection of its own, and less patience.

        A kept connection may have been closed meanwhile, as after a body that the service did not read: then it is asked
        once more on a new one, as every client does.
        """
        if not is_proper(sent):
            return self._ask(self.connect(CURIOSITY), sent, keep=False)
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(ConnectionError):
                return self._ask(kept, sent, keep=True)
        return self._ask(self.connect(), sent, keep=True)

    def _ask(self, connection: socket.socket, sent: Attack, *, keep: bool) -> Reply:
        try:
            connection.sendall(wire(sent))
            reply, may_stay = read(connection, sent.method)
        except BaseException:
            connection.close()
            raise
        if keep and may_stay:
            self._kept = connection
        else:
            connection.close()
        return reply


def wire(sent: Attack) -> bytes:
    headers = dict(sent.headers)
    lines = [b"%s %s HTTP/1.1" % (sent.method.encode(), sent.path + (b"?" + sent.query if sent.query else b""))]
    lines += [] if "Host" in headers else [b"Host: localhost"]
    lines += [name.encode() + b": " + value for name, value in headers.items()]
    body = sent.body
    if sent.length is not None:
        lines.append(b"Content-Length: " + sent.length)
    elif body:
        lines.append(b"Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:7], body[7:]) if piece) + b"0\r\n\r\n"
    return b"\r\n".join([*lines, b"", b""]) + body


def read(connection: socket.socket, method: str = "GET") -> tuple[Reply, bool]:
    """One reply, and whether the connection may be used again; nothing behind the reply is lost on a kept connection."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    body = response.read()
    headers = {name.title().replace("Etag", "ETag"): value for name, value in response.getheaders()}
    return Reply(response.status, headers, body), not response.will_close


def is_proper(sent: Attack) -> bool:
    """Whether HTTP itself lets this be sent, so that a service owes it an answer of its own."""
    headers = dict(sent.headers)
    return (
        _TOKEN.fullmatch(sent.method) is not None
        and _TARGET.fullmatch(sent.path + b"?" + sent.query) is not None
        and len(sent.path) + len(sent.query) < 60_000
        and all(_VALUE.fullmatch(value) for value in headers.values())
        and _HOST.fullmatch(headers.get("Host", b"localhost")) is not None
        and sent.length in {None, str(len(sent.body)).encode()}
    )
