"""Runs that keep the ledger as real ones do, and a scheduler in a process of its own whose clock runs fast.

As a program, `main` is given URL FOLDER FACTOR BASE SOURCE…: it reads each source every minute, with jitter, of a clock that
began at BASE (seconds, of this machine's clock) and runs FACTOR times as fast; every reading finds something new, and
takes a while, during which the file `FOLDER/reading-PID-SOURCE` is there.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from repo_harvest.errors import HarvestError
from repo_harvest.ingest import Press, Source, ingest
from repo_harvest.model import Outcome, Page, Run, Validators
from repo_harvest.scheduler import Planned, Scheduler
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine
from repo_harvest.store.slots import Errand
from tests.pages_kit import WORKS, page_html

__all__ = ["WHILE", "dying", "main", "press_for", "reading", "recording"]

WHILE = 0.3  # seconds that a reading takes


def recording(
    engine: Engine, ran: list[str], work: Callable[[str], None] = lambda _name: None
) -> Callable[[str, Errand | None], None]:
    """A run that does `work` and is kept in the ledger, and in `ran`."""

    def run(name: str, errand: Errand | None) -> None:
        source_id = ledger.source_state(engine, name, "").id
        with ledger.run_lock(engine, source_id):
            run_id = ledger.start_run(engine, source_id, started=1, errand=errand)
            outcome = Outcome.DONE
            try:
                work(name)
            except HarvestError:
                outcome = Outcome.REFUSED
                raise
            finally:
                ran.append(name)
                ledger.finish_run(engine, run_id, Run(source=name, started=1, ended=2, outcome=outcome))

    return run


def dying(engine: Engine) -> Callable[[str, Errand | None], None]:
    """A run that begins and never says how it ended, as one whose process is killed."""

    def run(name: str, errand: Errand | None) -> None:
        source_id = ledger.source_state(engine, name, "").id
        with ledger.run_lock(engine, source_id):
            ledger.start_run(engine, source_id, started=1, errand=errand)

    return run


def press_for(engine: Engine) -> Press:
    return Press(engine=engine, clock=time.time, repository="x.org")


def reading(text: str = "") -> Page:
    """A page of five works, whose abstracts end with this text."""
    works = [work.but(abstract=f"{work.abstract} {text}".strip()) for work in WORKS]
    return Page(
        url="https://x.org/page",
        location="https://x.org/page",
        fetched=datetime.now(UTC),
        content=page_html(works).encode(),
        content_type="text/html",
        charset="utf-8",
    )


def main(arguments: Sequence[str]) -> None:
    """Read on schedule until SIGTERM."""
    url, folder, factor, base, *names = arguments
    engine, began = open_engine(url), float(base)

    def fetch(source: Source, _validators: Validators) -> Page:
        mark = Path(folder) / f"reading-{os.getpid()}-{source.name}"
        mark.touch()
        time.sleep(WHILE)
        mark.unlink()
        return reading(f"Read by {os.getpid()} at {time.time()} for {source.name}.")

    def run(name: str, errand: Errand | None) -> None:
        source = Source(name=name, url="https://x.org/page")
        ingest(source, fetch=fetch, press=press_for(engine), errand=errand)

    planned = [Planned(name=name, url="https://x.org/page", schedule="* * * * *") for name in names]
    clock = lambda: began + (time.time() - began) * float(factor)  # noqa: E731 -- one line says it
    service = Scheduler(lambda: planned, engine=engine, run=run, clock=clock, jitter=50, every=0.1)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    service.start()
    stopped.wait()
    service.stop()
    engine.dispose()
