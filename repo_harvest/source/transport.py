"""A URL goes in, a server's answer comes out: its headers, and the bytes of its body as they were sent.

Rule: RFC 9112. requests speaks HTTP over the connections that a `Wire` dials, while the Host header, the name asked for
in TLS and the certificate stay those of the URL. An answer is complete or a failure: its framing (section 6.3) is
checked here, where the libraries are lenient.

The session trusts nothing from the environment (`trust_env`): a proxy variable would have a proxy resolve and dial the
name, unchecked, and a .netrc would send the password of whoever runs the service.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from repo_harvest.source.failure import NO_ADDRESS, Failure, plain
from repo_harvest.source.inflate import too_big
from repo_harvest.source.wire import Allowance, BoundedTLS, Wire, reason

__all__ = ["Session", "body"]

_CHUNK = 1 << 16
_GRACE = 1.0  # seconds to wait for the end of a complete answer, from a server that does not close as it was asked to
_LENGTH = re.compile(r"([0-9]{1,18})(?:[ \t]*,[ \t]*\1)*")  # the same one again is the same one
_BODILESS = frozenset({204, 304})


class _Answer(http.client.HTTPResponse):
    """An answer whose bytes are counted by `body`, so that those after the declared end are seen as well."""

    def begin(self) -> None:
        super().begin()
        if self.status not in _BODILESS:
            self.length = None


class _Plain(HTTPConnection):
    """A connection that its wire dials."""

    response_class = _Answer

    def __init__(self, *args: Any, wire: Wire, **kwargs: Any) -> None:  # noqa: ANN401 - handed on as it came
        super().__init__(*args, **kwargs)
        self._wire = wire

    def _new_conn(self) -> socket.socket:
        return self._wire.dial(self.host, self.port)


class _Secure(HTTPSConnection):
    """A connection that its wire dials, then TLS with the name in the URL."""

    response_class = _Answer

    def __init__(self, *args: Any, wire: Wire, **kwargs: Any) -> None:  # noqa: ANN401 - handed on as it came
        super().__init__(*args, ssl_context=_tls(), **kwargs)
        self._wire = wire

    def _new_conn(self) -> socket.socket:
        return self._wire.dial(self.host, self.port)

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError as error:
            raise Failure(
                f"the certificate of {plain(self.host)} is not valid ({plain(error.verify_message)}). "
                "Tell its owner; if it was issued by your own institution, add its root to the system's trust store."
            ) from error
        except TimeoutError as error:
            raise self._wire.allowance.spent() from error
        except OSError as error:
            raise Failure(
                f"no secure connection to {plain(self.host)} ({reason(error)}). Check the address, or try again later.",
                passing=not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError),
            ) from error
        assert isinstance(self.sock, BoundedTLS), "the context makes our sockets"
        self._wire.hold(self.sock)
        # RFC 9112 section 9.8: an answer that ends with the connection is complete only if TLS was closed properly.
        self.sock.suppress_ragged_eofs = False


def _tls() -> ssl.SSLContext:
    context = create_urllib3_context()
    context.sslsocket_class = BoundedTLS
    context.load_default_certs()  # besides the roots that requests brings: those of the system, an institution's own
    return context


class _Adapter(HTTPAdapter):
    """Hands every connection of requests to the wire."""

    def __init__(self, wire: Wire) -> None:
        self._connections: dict[str | None, Callable[..., HTTPConnection]] = {
            "http": partial(_Plain, wire=wire),
            "https": partial(_Secure, wire=wire),
        }
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as requests types it
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        assert isinstance(pool, HTTPConnectionPool), "PoolManager makes these"
        pool.ConnectionCls = self._connections[pool.scheme]  # type: ignore[assignment] # urllib3 only calls it
        return pool


class Session(requests.Session):
    """A session of one fetch: keeps its cookies from redirect to redirect, and follows none by itself."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self.trust_env = False
        self.adapters.clear()
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(wire))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: even when told not to follow, requests would read the whole body of a redirect, without a limit."""

    @contextmanager
    def ask(
        self, url: str, headers: Mapping[str, str], *, timeout: float, method: str = "GET", content: bytes | None = None
    ) -> Iterator[requests.Response]:
        """The answer to a request, its body not yet read; raises `Failure`. Its connection ends with the context."""
        try:
            with self.request(
                method, url, headers=headers, data=content, timeout=timeout, stream=True, allow_redirects=False
            ) as response:
                yield response
        except requests.exceptions.InvalidURL as error:
            raise Failure(NO_ADDRESS) from error
        except (requests.RequestException, HTTPError, http.client.HTTPException, OSError) as error:
            raise _broken(error) from error
        finally:
            self.close()  # urllib3 keeps a connection for the next request, although we said that we would close it
            self._wire.hang_up()


def body(response: requests.Response, allowance: Allowance) -> Iterator[bytes]:
    """The bytes of the answer as they were sent, still packed; raises `Failure` if they are not all there, or too many."""
    raw, declared = response.raw, _declared(response)
    try:
        if declared is None:  # in chunks, or until the server closes
            yield from raw.stream(_CHUNK, decode_content=False)
            return
        if declared > allowance.size:
            raise too_big(allowance.size)
        while raw.length_remaining:
            yield raw.read(min(_CHUNK, raw.length_remaining), decode_content=False)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        raise _broken(error) from error
    if _surplus(response, allowance):
        raise Failure(
            "the page is longer than its server declared, so its end is unknown. Tell its owner.", passing=True
        )


def _declared(response: requests.Response) -> int | None:
    """The length of the body where its server declared one, by the rules of RFC 9112 section 6.3; raises `Failure`."""
    coding = response.headers.get("Transfer-Encoding", "").strip().lower()
    if coding == "chunked":
        return None
    length = response.headers.get("Content-Length")
    if coding or (length is not None and not _LENGTH.fullmatch(length)):
        said = f"Transfer-Encoding: {coding}" if coding else f"Content-Length: {length}"
        raise Failure(f'where the page ends cannot be told from "{plain(said)}". Tell its owner.', passing=True)
    remaining = response.raw.length_remaining
    return None if remaining is None else int(remaining)


def _surplus(response: requests.Response, allowance: Allowance) -> bool:
    """Whether more follows an answer that should have ended; old servers send a line break, which is nothing."""
    allowance.patience = _GRACE
    try:
        for _ in range(4):
            extra = response.raw.read(1, decode_content=False)
            if extra not in {b"\r", b"\n"}:
                return bool(extra)
    except (HTTPError, OSError, ValueError, Failure):
        return False  # whatever happens now, the answer is complete
    finally:
        allowance.patience = None
    return False


def _broken(error: Exception) -> Failure:
    """The failure of a connection that was made and then went wrong."""
    return Failure(
        f"the connection broke before the page was complete ({reason(error)}). Try again later.", passing=True
    )
