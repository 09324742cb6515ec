"""Answers to harvesters in, receipts in the database out, a few seconds later and off the path that serves.

Noting an answer is one append: what it adds up to is worked out in a thread of its own, which writes every few seconds
in one small transaction. One that fails is tried again with what came since, so a full disk still serves; a process that
is killed loses the last few seconds of receipts, and nothing else. The alternative that lost: a row for each request,
written before it is answered, which would make harvesting wait for the disk.

An answer of 304 counts as a request, and as nothing delivered: what that client holds was counted when it got it, and
since nothing was published, it lacks no more than it lacked then. HEAD delivers nothing and is not noted.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from threading import Event, Lock, Thread
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from repo_harvest.errors import StoreError
from repo_harvest.oai import Response
from repo_harvest.oai.answer import NO_SUCH_SET, Errors, Headers, Part, Record, Records
from repo_harvest.oai.request import GetRecord, ListIdentifiers, ListRecords, Resume
from repo_harvest.store.receipts import Harvester, ListKey, Progress, Visit, add

__all__ = ["Receipts", "clean_agent"]

_LOG = logging.getLogger(__name__)
_PERIOD = 3.0  # seconds
_PATIENCE = 5.0  # seconds that the end of a process waits for the last writing
_LONGEST_AGENT = 200  # characters
_MOST_NOTES = 100_000
_MOST_LISTS = 200  # of one harvester, while the database cannot be written
_MOST_PENDING = 5_000  # harvesters, while the database cannot be written


class _Note(NamedTuple):
    """One answer: `part` is the page of a list that it was, `upto` the watermark of the list's last page if it was that."""

    at: int
    harvester: Harvester
    part: Part | None = None
    records: int = 0
    size: int = 0
    upto: int | None = None


class _Tally:
    """What one harvester did since the last writing."""

    def __init__(self, note: _Note) -> None:
        self._first = self._last = note.at
        self._requests = self._singles = 0
        self._lists: dict[ListKey, Progress] = {}
        self.take(note)

    def take(self, note: _Note) -> None:
        self._first, self._last = min(self._first, note.at), max(self._last, note.at)
        self._requests += 1
        part = note.part
        if part is None:
            self._singles += note.records
            return
        key = ListKey(part.window.since, part.window.until, part.started)
        page = Progress(began=note.at, last=note.at, pages=1, records=note.records, size=note.size, upto=note.upto)
        known = self._lists.get(key)
        if known is not None:
            self._lists[key] = known.joined(page)
        elif len(self._lists) < _MOST_LISTS:
            self._lists[key] = page

    def visit(self) -> Visit:
        return Visit(
            first=self._first, last=self._last, requests=self._requests, singles=self._singles, lists=dict(self._lists)
        )


class Receipts:
    """Takes notes in any number of threads; `clock` gives UTC seconds since 1970."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._notes: deque[_Note] = deque(maxlen=_MOST_NOTES)
        self._pending: dict[Harvester, _Tally] = {}
        self._flushing = Lock()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="receipts", daemon=True)

    def note(self, response: Response, *, address: str, agent: str) -> None:
        """Remember what was answered to whom; takes a few microseconds, and never fails."""
        note = _note(response, int(self._clock()), address, clean_agent(agent))
        if note is not None:
            self._notes.append(note)

    def start(self) -> None:
        """Write every few seconds from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Write a last time; returns when that is done, or after a few seconds."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def flush(self) -> bool:
        """Write what was noted; whether the database took it. What it did not take is kept for the next time."""
        with self._flushing:
            self._gather()
            if not self._pending:
                return True
            try:
                add(self._engine, {who: tally.visit() for who, tally in self._pending.items()})
            except (StoreError, SQLAlchemyError) as error:
                _LOG.warning("receipts: not written, to be tried again: %s", error)
                return False
            self._pending = {}
            return True

    def _gather(self) -> None:
        for _ in range(len(self._notes)):
            note = self._notes.popleft()
            tally = self._pending.get(note.harvester)
            if tally is not None:
                tally.take(note)
            elif len(self._pending) < _MOST_PENDING:
                self._pending[note.harvester] = _Tally(note)

    def _run(self) -> None:
        while not self._stopped.wait(_PERIOD):
            self.flush()
        self.flush()


def _note(response: Response, at: int, address: str, agent: str) -> _Note | None:
    """What there is to remember of an answer: pages of rows, empty lists and single records."""
    request = response.request
    if isinstance(request, GetRecord):
        return _single_note(response, at, Harvester(address, agent, "GetRecord", request.metadata_prefix, ""))
    if isinstance(request, ListIdentifiers | ListRecords):
        return _list_note(response, request, at, Harvester(address, agent, type(request).__name__, "", ""))
    return None


def _single_note(response: Response, at: int, who: Harvester) -> _Note | None:
    if response.answer is None:
        return _Note(at, who)
    return _Note(at, who, records=1) if isinstance(response.answer, Record) else None


def _list_note(response: Response, request: ListIdentifiers | ListRecords, at: int, who: Harvester) -> _Note | None:
    """`who` lacks what is asked for, which for the later pages of a list only the opened token says."""
    answer = response.answer
    if isinstance(answer, Headers | Records) and answer.part is not None:
        return _page_note(answer, answer.part, response.sealed, at, _asking(who, answer.part))
    if isinstance(request.start, Resume):
        return None
    part = Part(window=request.start, started=response.sealed, cursor=0)
    if answer is None:
        return _Note(at, _asking(who, part))
    if isinstance(answer, Errors) and _is_empty_list(answer):
        return _Note(at, _asking(who, part), part, upto=response.sealed)
    return None


def _asking(who: Harvester, part: Part) -> Harvester:
    return who._replace(prefix=part.window.prefix, set_spec=part.window.set_spec or "")


def _page_note(answer: Headers | Records, part: Part, sealed: int, at: int, who: Harvester) -> _Note:
    more, reached = answer.resumption, part.cursor + len(answer.rows)
    size = reached if more is None else more.complete_list_size
    return _Note(at, who, part, reached, size, None if more is not None and more.token else sealed)


def _is_empty_list(answer: Errors) -> bool:
    return all(error.code == "noRecordsMatch" and error.message != NO_SUCH_SET for error in answer.errors)


@lru_cache(maxsize=1024)
def clean_agent(agent: str) -> str:
    r"""A User-Agent as it is kept: UTF-8 if it is that, on one line, at most 200 characters.

    >>> clean_agent("Sickle\t0.7\n")
    'Sickle0.7'
    """
    try:
        text = agent.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = agent
    return "".join(c for c in text[: 4 * _LONGEST_AGENT] if c.isprintable())[:_LONGEST_AGENT].strip()
