"""A file that is there while the service is under maintenance in, how long to wait out.

It is a file and not a row, because the database may be what is under maintenance. It holds the number of seconds after
which harvesters may try again. Each request looks once whether it is there: nothing needs to be restarted.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

__all__ = ["LONGEST_WAIT", "USUAL_WAIT", "Maintenance"]

USUAL_WAIT = 300  # seconds
LONGEST_WAIT = 3600

_SECONDS = re.compile(r"[1-9][0-9]{0,3}")


class Maintenance:
    """The maintenance mode of the service that is configured with this file; safe to share between threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._path = os.fspath(file)

    def wait(self) -> int | None:
        """Seconds from 1 to 3600 after which to try again; `None` while there is no maintenance."""
        try:
            os.stat(self._path)  # noqa: PTH116 -- on every request, and a Path costs more than the look itself
        except OSError:
            return None
        try:
            stated = self._file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return USUAL_WAIT
        return min(int(stated), LONGEST_WAIT) if _SECONDS.fullmatch(stated) else USUAL_WAIT

    def begin(self, seconds: int = USUAL_WAIT) -> None:
        """Begin maintenance, or say another number of seconds while it goes on; raises `OSError`."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(f"{seconds}\n", encoding="ascii")

    def end(self) -> bool:
        """End maintenance; whether there was any. Raises `OSError`."""
        with suppress(FileNotFoundError):
            self._file.unlink()
            return True
        return False
