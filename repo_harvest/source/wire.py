"""A host and a port go in, a connected socket comes out, within a time, a size and the public part of the network.

Rule: what is checked is what is dialled. A name is resolved once for each connection, every address it has is judged,
and the connection is made to one of those very addresses. Checking the name first and letting a library resolve it
again loses to a name server that answers differently the second time.

Time and size are kept in the sockets, below everything that loops over reads: `recv_into` waits for what is left of
the whole fetch and not a full timeout more for every byte a server drips, and counts what arrives, since http.client
trusts a chunk of "-1" bytes and reads to the end of an endless answer. A watchdog thread that shuts the socket lost:
it cannot say whether the connection ended by itself.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from ipaddress import ip_address
from typing import Any

from repo_harvest.source.address import Endpoint, endpoint, special
from repo_harvest.source.failure import Failure, plain
from repo_harvest.source.inflate import too_big

__all__ = ["Allowance", "Bounded", "BoundedTLS", "Resolve", "Wire", "reason"]

Resolve = Callable[..., list[tuple[Any, ...]]]
"""What `socket.getaddrinfo` is: called with host, port and `type`, it gives tuples that end in a socket address."""

_FAMILIES = (socket.AF_INET, socket.AF_INET6)
_DIAL = 8.0  # seconds for one address, so that a dead IPv6 route leaves time for IPv4
_HEADERS = 1 << 20  # what an answer may weigh beyond its content


class Allowance:
    """What a fetch may still spend: seconds altogether, and bytes for each answer."""

    def __init__(self, *, seconds: float, size: int) -> None:
        self.size = size
        self.patience: float | None = None
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds left, more than 0; raises `Failure` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.spent()
        return left

    def spent(self) -> Failure:
        """The failure of a fetch that ran out of time."""
        return Failure(
            f"the page did not arrive within {round(self._seconds, 1):g} seconds. Try again later, or when its server is less busy.",
            late=True,
        )


class Bounded(socket.socket):
    """A socket that keeps to an allowance whenever something is read from it."""

    allowance: Allowance | None = None
    received = 0

    def recv_into(self, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401 - handed on as it came
        """As the socket does; raises `Failure` when the time is up or too much has come."""
        allowance = self.allowance
        assert allowance is not None, "a connection reads nothing before it has its allowance"
        left = allowance.left()
        self.settimeout(left if allowance.patience is None else min(left, allowance.patience))
        try:
            count = super().recv_into(*args, **kwargs)
        except TimeoutError:
            if allowance.patience is None:
                raise allowance.spent() from None
            raise
        self.received += count
        if self.received > allowance.size + _HEADERS:
            raise too_big(allowance.size)
        return count


class BoundedTLS(Bounded, ssl.SSLSocket):
    """The same over TLS: `SSLContext.sslsocket_class` makes it."""

    suppress_ragged_eofs: bool  # what `SSLContext.wrap_socket` was told; the type stubs do not know it


class Wire:
    """The way from here to servers, for one fetch: what may be dialled, and what may be spent."""

    def __init__(self, *, allowance: Allowance, resolve: Resolve, allowed: frozenset[Endpoint]) -> None:
        self.allowance = allowance
        self._resolve = resolve
        self._allowed = allowed
        self._open: list[socket.socket] = []

    def dial(self, host: str, port: int) -> socket.socket:
        """A socket connected to one of the addresses of `host`, all of which were judged; raises `Failure`."""
        failed: OSError | None = None
        for family, address in self._checked(host, port):
            try:
                connection = Bounded(family, socket.SOCK_STREAM)
                self.hold(connection)
                connection.settimeout(min(_DIAL, self.allowance.left()))
                connection.connect(address)
                connection.settimeout(self.allowance.left())  # for the TLS handshake and for sending
            except OSError as error:
                failed = error
            else:
                return connection
        self.allowance.left()
        raise Failure(
            f"no connection to {plain(host)}, port {port} ({reason(failed)}). Check the address, or try again later.",
            passing=True,
        )

    def hold(self, connection: Bounded) -> None:
        """Gives a connection its allowance, and keeps it to hang up."""
        connection.allowance = self.allowance
        self._open.append(connection)

    def hang_up(self) -> None:
        """Ends every connection now; after a failure, urllib3 leaves that to whenever the garbage is collected."""
        while self._open:
            number = self._open.pop().detach()
            if number >= 0:
                socket.close(number)

    def _checked(self, host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
        found = [(family, address) for family, *_, address in self._look_up(host, port) if family in _FAMILIES]
        if endpoint(host, port) not in self._allowed:
            for _, address in found:
                kind = special(ip_address(address[0]))
                if kind is not None and endpoint(address[0], port) not in self._allowed:
                    raise _refused(host, port, address[0], kind)
        return found

    def _look_up(self, host: str, port: int) -> list[tuple[Any, ...]]:
        # In a thread, because a name server that is silent holds `getaddrinfo` far longer than a fetch may take. It is
        # a daemon, so that nothing waits for it once nobody does.
        found: Future[list[tuple[Any, ...]]] = Future()

        def ask() -> None:
            try:
                found.set_result(self._resolve(host, port, type=socket.SOCK_STREAM))
            except Exception as error:  # noqa: BLE001 - handed to the thread that asked
                found.set_exception(error)

        threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
        try:
            return found.result(timeout=self.allowance.left())
        except TimeoutError:
            raise self.allowance.spent() from None
        except (OSError, ValueError) as error:  # a name that is not one is a UnicodeError, which is a ValueError
            raise _unknown(host, error) from error


def _refused(host: str, port: int, address: str, kind: str) -> Failure:
    name = f"[{host}]" if ":" in host else host
    found = kind if name.strip("[]") == address else f"at {address}, {kind}"
    return Failure(
        f"{plain(host)} is {found}, and only public ones are dialled. "
        f'If the page really is there, add "{plain(name)}:{port}" to allow_private of its source.'
    )


def _unknown(host: str, error: OSError | ValueError) -> Failure:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return Failure(f"the name server does not answer for {plain(host)}. Try again later.", passing=True)
    return Failure(f"there is no host of the name {plain(host)}. Check the address.")


def reason(error: BaseException | None) -> str:
    """The first thing in a chain of exceptions that says something to a person."""
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 - no chain of urllib3 is half as long
        if isinstance(error, ssl.SSLError) and error.reason:
            return plain(error.reason.lower().replace("_", " "))
        if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
            return os.strerror(error.errno)
        if isinstance(error, TimeoutError):
            return "no answer in time"
        error, seen = error.__cause__ or error.__context__, seen + 1
    return "the answer is cut off or malformed"
