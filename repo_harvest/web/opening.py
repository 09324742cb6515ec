"""A way to make the service in, a service from the first moment out: 503 with Retry-After until it could be made.

A worker that begins while the database is away (one that was killed and started again, say) must not die of it: harvesters
would be refused the connection, and whoever watches over workers gives up. It tries again as requests come, one at a time and
at most once a second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from repo_harvest.errors import StoreError
from repo_harvest.web.safe import SAFE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["opening"]

_LOG = logging.getLogger(__name__)
_EVERY = 1.0  # seconds
_RETRY_AFTER = "10"  # seconds


def opening(make: Callable[[], WSGIApplication]) -> WSGIApplication:
    """What `make` returns, as soon as it raises no `StoreError` any more; it is tried now and as requests come.

    Until then all is 503 but `/healthz`, which says that this process answers.
    """
    opened = _Opening(make)
    return opened.try_now() or opened


class _Opening:
    """The service, or what is said in its place."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._app: WSGIApplication | None = None
        self._again = 0.0
        self._trying = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        app = self._app or self.try_now()
        if app is not None:
            return app(environ, start_response)
        is_alive = environ.get("PATH_INFO") == "/healthz"
        body = b"ok" if is_alive else b"The records cannot be read at the moment. Please try again in 10 seconds.\n"
        headers = [*SAFE.items(), ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        if not is_alive:
            headers += [("Retry-After", _RETRY_AFTER), ("Cache-Control", "no-store")]
        start_response("200 OK" if is_alive else "503 Service Unavailable", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def try_now(self) -> WSGIApplication | None:
        """The service, if it is there or can be made; `None` at once while another thread tries."""
        if not self._trying.acquire(blocking=False):
            return self._app
        try:
            if self._app is None and time.monotonic() >= self._again:
                self._app = self._make()
        except (StoreError, SQLAlchemyError) as error:
            _LOG.warning("serve: 503, there is no feed to serve yet: %s", error)
            self._again = time.monotonic() + _EVERY
        finally:
            self._trying.release()
        return self._app
