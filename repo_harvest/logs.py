"""Events in, one line each out: as text for people or as JSON for a log store, with what the line is about and no secrets.

What is going on where a line is written (a run and its source, a request) is told once by `telling`, and every line of
that thread says it. A line holds nothing that could end it early: what a page or a client sent is escaped. The
alternative that lost: a logging library of its own, for three dozen lines of formatting.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

__all__ = ["ABOUT", "begin", "printable", "telling", "without_secrets"]

ABOUT: ContextVar[Mapping[str, str | int]] = ContextVar("repo_harvest_about", default={})  # noqa: B039 -- never changed in place
"""What the lines of this thread are about: `run` and `source`, or `request`."""

_USER = re.compile(r"(://)[^\s/@]*:[^\s@]*@")  # who logs in to a database or proxy, and with what
_NAMED = re.compile(
    r"(?i)\b(password|passwd|pwd|token|secret|authorization)(\s*[=:]\s*)(?:bearer\s+|basic\s+)?[^\s,;&)]+"
)


def begin(*, form: str, level: str, stream: TextIO | None = None) -> None:
    """From now on, write every event of this process to `stream` (stderr) in a `form`, `text` or `json`.

    `level` is the least of our own events that is written: debug, info, warning or error. Of the libraries, warnings are.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("repo_harvest").setLevel(level.upper())
    server = logging.getLogger("_granian")
    server.handlers, server.propagate = [], True


@contextmanager
def telling(**about: str | int) -> Iterator[None]:
    """Every line that this thread writes in the block says these too."""
    token = ABOUT.set({**ABOUT.get(), **about})
    try:
        yield
    finally:
        ABOUT.reset(token)


def without_secrets(text: str) -> str:
    """The text without passwords in addresses and after their names.

    >>> without_secrets("cannot reach postgresql+psycopg://me:s3cret@db/feed (password=s3cret)")
    'cannot reach postgresql+psycopg://…@db/feed (password=…)'
    """
    return _NAMED.sub(r"\1\2…", _USER.sub(r"\1…@", text))


def printable(text: str) -> str:
    r"""The text on one line: what would end the line, or cannot be seen, is spelled out.

    >>> print(printable("one\nroot: logged in"))
    one\nroot: logged in
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class _Text(logging.Formatter):
    """`2026-01-02T03:04:05.678Z INFO repo_harvest.scheduler [run=7 source=page]: message`; a traceback is indented below."""

    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"{name}={value}" for name, value in _about(record).items())
        head = f"{_when(record)} {record.levelname} {record.name}{f' [{printable(about)}]' if about else ''}"
        trace = "".join(f"\n    {printable(line)}" for line in _traceback(self, record).splitlines())
        return f"{head}: {printable(without_secrets(record.getMessage()))}{trace}"


class _Json(logging.Formatter):
    """One object a line; JSON itself escapes what would end it."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": _when(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            **_about(record),
        }
        trace = _traceback(self, record)
        return json.dumps({**said, "exception": trace} if trace else said)


def _when(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def _about(record: logging.LogRecord) -> dict[str, object]:
    """What the line is about, and what it was given beside its message as `extra={"fields": …}`."""
    return {**ABOUT.get(), **getattr(record, "fields", {})}


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return without_secrets(formatter.formatException(record.exc_info)) if record.exc_info else ""
