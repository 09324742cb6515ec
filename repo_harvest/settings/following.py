"""A config file that people go on writing in, its sources as they are now out: a service takes up a new one without a restart.

Everything else that is configured holds from the start of a process to its end.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from pathlib import Path

from repo_harvest.errors import SettingsError
from repo_harvest.settings.load import load
from repo_harvest.settings.model import Settings

__all__ = ["Followed"]

_LOG = logging.getLogger(__name__)
_Stamp = tuple[int, int, int]  # of a file: inode, modification time in ns, bytes


class Followed:
    """Settings whose sources follow their file; a file that is wrong, or gone, leaves the sources as they were, and is logged once.

    Any number of threads may ask.
    """

    def __init__(self, settings: Settings, file: Path | None, environ: Mapping[str, str]) -> None:
        self._settings, self._file, self._environ = settings, file, dict(environ)
        self._lock = threading.Lock()
        self._seen: _Stamp | None = None

    def now(self) -> Settings:
        """The settings as they were at the start, with the sources that the file has now."""
        if self._file is None:
            return self._settings
        with self._lock:
            stamp = _stamp(self._file)
            if stamp != self._seen:
                self._seen = stamp
                self._settings = self._read(self._file)
            return self._settings

    def _read(self, file: Path) -> Settings:
        try:
            loaded = load(file, self._environ)
        except SettingsError as error:
            _LOG.warning("the sources stay as they were until this is mended: %s", error)
            return self._settings
        if loaded.sources == self._settings.sources:
            return self._settings
        _LOG.info("%s has changed: %s source(s) now", file, len(loaded.sources))
        return self._settings.model_copy(update={"sources": loaded.sources})


def _stamp(file: Path) -> _Stamp | None:
    """What differs once a file was written or replaced; `None` where it cannot be seen."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns, told.st_size
