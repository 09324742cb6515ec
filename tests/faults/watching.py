"""A running service watched from outside, as a harvester sees it: statuses, how long they took, and what was no valid answer."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from repo_harvest.formats import validate_response
from tests.cli.shell import Shell

__all__ = ["Seen", "Watch"]

_PATIENCE = 60.0  # seconds, for one answer


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One answer; status 0 is none at all."""

    status: int
    seconds: float
    retry_after: int | None = None


class Watch:
    """Asks for a list of records; `invalid` holds what the schemas say against the answers."""

    def __init__(self, shell: Shell) -> None:
        self._url = f"http://127.0.0.1:{shell.port}/oai?verb=ListRecords&metadataPrefix=oai_dc"
        self.invalid: list[str] = []
        self.valid = self.errors = 0

    def ask(self) -> Seen:
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(self._url, timeout=_PATIENCE) as response:
                faults = validate_response(response.read())
                self.invalid += [str(fault) for fault in faults]
                self.valid += not faults
                return Seen(status=response.status, seconds=time.monotonic() - begun)
        except urllib.error.HTTPError as refusal:
            with refusal:
                self.errors += refusal.code != 503
                stated = refusal.headers.get("Retry-After", "")
                after = int(stated) if stated.isdecimal() else None
                return Seen(status=refusal.code, seconds=time.monotonic() - begun, retry_after=after)
        except OSError:
            self.errors += 1
            return Seen(status=0, seconds=time.monotonic() - begun)

    def await_answer(self, status: int, *, within: float) -> Seen:
        """The first answer of this status; fails when it took longer, from now, in seconds."""
        begun = time.monotonic()
        while True:
            seen = self.ask()
            took = time.monotonic() - begun
            assert took <= within, f"no {status} within {within} s: after {took:.1f} s {seen}"
            if seen.status == status:
                return seen
            time.sleep(0.1)
