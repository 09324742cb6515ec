"""The address of a client in, how long it should wait out; and the most that it may send.

All that reads the feed for somebody counts to one budget: who asks for pages made of answers has no more than who asks for
the answers themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from repo_harvest.web.client import share_of
from repo_harvest.web.flow import Flow

__all__ = ["Limits"]

_MAX_BODY = 65536  # bytes; the longest legal arguments, percent-encoded, are shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a client may do: `flow` is its budget, if it has one, and whether it holds for clients on this machine too.

    `max_body` is the most bytes of a POST that are read.
    """

    flow: Flow | None = None
    local_too: bool = False
    max_body: int = _MAX_BODY

    def wait(self, address: str) -> int:
        """0 when one more request from an address is within its client's budget, which it then counts to; else seconds."""
        if self.flow is None:
            return 0
        client, is_local = share_of(address)
        return self.flow.wait(client) if self.local_too or not is_local else 0
