"""A client and a moment in, how long it should wait out: every client has the same budget, whatever the others do.

A budget of N requests a minute is a bucket of N, empty after N at once and filling evenly (the generic cell rate
algorithm: all that is kept of a client is the moment at which its bucket will be full again). OAI-PMH 2.0 section 3.1.2.2
has 503 with Retry-After for those who ask for more. Each worker process counts for itself: with two workers a client may
get up to twice its budget. The alternative that lost: counting in the database, which would make every read a write.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

__all__ = ["Flow"]

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND
_LONGEST_WAIT = 3600  # seconds
_MOST_CLIENTS = 20_000


class Flow:
    """Budgets of `per_minute` requests for each client; any number of threads may ask. Each question takes constant time.

    `clock` gives nanoseconds and never goes back. At most `most_clients` are remembered: those who asked last.
    """

    def __init__(
        self, per_minute: int, *, clock: Callable[[], int] = time.monotonic_ns, most_clients: int = _MOST_CLIENTS
    ) -> None:
        self._cost = _MINUTE // per_minute
        self._burst = _MINUTE - self._cost
        self._clock, self._most = clock, most_clients
        self._full: OrderedDict[str, int] = OrderedDict()  # client -> when its bucket is full again
        self._lock = Lock()

    def wait(self, client: str) -> int:
        """0 when the request is within the client's budget, which it then counts to; else seconds from 1 to 3600."""
        now = self._clock()
        with self._lock:
            full = max(self._full.get(client, now), now)
            excess = full - now - self._burst
            if excess > 0:
                self._full.move_to_end(client)
                return min(max(-(-excess // _SECOND), 1), _LONGEST_WAIT)
            self._full[client] = full + self._cost
            self._full.move_to_end(client)
            if len(self._full) > self._most:
                self._full.popitem(last=False)
        return 0
