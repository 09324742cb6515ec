"""Besiege a real service: many harvesters while pages are ingested, then slow readers and idle connections.

    python bench/siege.py [--seconds 60] [--harvesters 64] [--records 2000] [--slow 50] [--idle 500] [--workers 2]
                           [--database postgresql+psycopg://…]

Run it with the packages of the program. The database must be new; without --database it is a
SQLite file. Half of the harvesters read everything again and again, half come back for what is new; one answer in 50 is
judged by the schemas afterwards. Exit status: 1 when a request failed or an answer was invalid, the slowest hundredth
took 2 s or more, the memory of the service grew by more than a quarter and 20 MB from the first third to the last, or
anybody waited 2 s or more beside the slow and the idle.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from corpus import records

from repo_harvest.formats import validate_response
from tests.cli.forked import Forked, run_forked, started, waited_for

CONFIGURED = ("--config", "repo-harvest.toml")
LONGEST, GROWTH, SPARE = 2.0, 1.25, 20_000_000  # seconds, times, bytes
JUDGED = 50  # one answer in so many
LIST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
CONFIG = """[repository]
name = "Siege"
identifier = "siege.example"
admin_email = "siege@siege.example"
[[source]]
name = "page"
path = "page.html"
delete_most = 100
"""


@dataclass(kw_only=True)
class Seen:
    """What all harvesters saw; lists are appended to by any thread."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)  # bytes, once a second
    ingests: int = 0
    beside: list[float] = field(default_factory=list)  # seconds of those who ask beside the slow and the idle
    invalid: int = 0

    @property
    def slowest(self) -> float:
        """What one in a hundred exceeds, in seconds."""
        return statistics.quantiles(self.seconds, n=100)[98]

    @property
    def thirds(self) -> tuple[int, int]:
        """The median memory of the first third and of the last, in bytes."""
        third = max(1, len(self.memory) // 3)
        return int(statistics.median(self.memory[:third])), int(statistics.median(self.memory[-third:]))


class Service:
    """A service of its own in a folder of its own."""

    def __init__(self, folder: Path, database: str | None, workers: int) -> None:
        self.folder, self.workers = folder, workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        plain = {name: value for name, value in os.environ.items() if not name.startswith("REPO_HARVEST_")}
        url = database or f"sqlite:///{folder}/feed.db"
        self.environment = {**plain, "REPO_HARVEST_DATABASE_URL": url, "REPO_HARVEST_SERVER_PORT": str(self.port)}
        (folder / "repo-harvest.toml").write_text(CONFIG, encoding="utf-8")

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end: its exit status, and what it complained of."""
        status, _, said = run_forked(
            [*CONFIGURED, *arguments], folder=self.folder, environment=self.environment, patience=120
        )
        return status, said

    def fill(self, count: int) -> None:
        """Make the database and put so many records into it."""
        kept = {"datestamp": "2026-01-02T08:00:00Z"}
        lines = (
            json.dumps({**record, **kept, "identifier": f"oai:siege.example:{number}"}) + "\n"
            for number, record in enumerate(records(count, 1))
        )
        (self.folder / "records.jsonl").write_text("".join(lines), encoding="utf-8")
        for step in (["init"], ["import", "--migrate", "records.jsonl"]):
            status, said = self.run(*step)
            if status:
                raise SystemExit(said)

    @contextmanager
    def serving(self) -> Iterator[Forked]:
        """Serve while the block runs."""
        command = [*CONFIGURED, "serve", "--workers", str(self.workers)]
        process = started(command, folder=self.folder, environment=self.environment)
        try:
            self._wait()
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            waited_for(process, 60)

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.get("/healthz")
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def get(self, path: str) -> bytes:
        """The body of an answer on a connection of its own; raises `OSError` for any status but 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return _ask(connection, path)
        finally:
            connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (
        ("seconds", 60),
        ("harvesters", 64),
        ("records", 2000),
        ("slow", 50),
        ("idle", 500),
        ("workers", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(Path(folder), given.database, given.workers)
        seen = besiege(
            service,
            seconds=given.seconds,
            harvesters=given.harvesters,
            count=given.records,
            slow=given.slow,
            idle=given.idle,
        )
    first, last = seen.thirds
    print(
        f"requests      {len(seen.seconds)} by {given.harvesters} harvesters in {given.seconds} s, {len(seen.kept)} judged"
    )
    print(f"ingests       {seen.ingests} meanwhile")
    print(f"errors        {len(seen.errors)}, invalid {seen.invalid} {seen.errors[:3] or ''}")
    print(f"seconds       half {statistics.median(seen.seconds):.3f}, 99 of 100 {seen.slowest:.3f}")
    print(f"memory        {first / 1e6:.1f} MB in the first third, {last / 1e6:.1f} MB in the last")
    print(
        f"beside {given.slow} slow and {given.idle} idle: {len(seen.beside)} requests, the slowest {max(seen.beside):.3f} s"
    )
    faults = faults_of(seen)
    print("\n".join(faults) or "within bounds")
    return 1 if faults else 0


def faults_of(seen: Seen) -> list[str]:
    """What is out of bounds, in words."""
    first, last = seen.thirds
    told = {
        "requests failed": bool(seen.errors),
        "answers were invalid": bool(seen.invalid),
        "the slowest hundredth took too long": seen.slowest >= LONGEST,
        "memory grew too much": last > first * GROWTH + SPARE,
        "others waited too long beside the slow and the idle": max(seen.beside) >= LONGEST,
        "nothing was ingested": not seen.ingests,
    }
    return [f"out of bounds: {what}" for what, is_so in told.items() if is_so]


def besiege(service: Service, *, seconds: int, harvesters: int, count: int, slow: int, idle: int) -> Seen:
    """Both sieges, one after the other, on a service that is filled with so many records first."""
    seen = Seen()
    service.fill(count)
    with service.serving() as process:
        _harvest(service, seen, process.pid, seconds=seconds, harvesters=harvesters)
        _crowd(service, seen, slow=slow, idle=idle)
    seen.invalid = sum(validate_response(body) != () for body in seen.kept)
    return seen


def _harvest(service: Service, seen: Seen, pid: int, *, seconds: int, harvesters: int) -> None:
    stop = threading.Event()
    threads = [threading.Thread(target=_harvester, args=(service, seen, stop, number)) for number in range(harvesters)]
    threads.append(threading.Thread(target=_ingester, args=(service, seen, stop)))
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen.memory.append(_memory(pid))
        time.sleep(min(1.0, seconds / 6))
    stop.set()
    for thread in threads:
        thread.join()


def _harvester(service: Service, seen: Seen, stop: threading.Event, number: int) -> None:
    """Lists again and again on one connection: all of it, or what is new since the last responseDate."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    path, since, asked = LIST, None, number
    while not stop.is_set():
        began = time.perf_counter()
        try:
            body = _ask(connection, path)
        except (OSError, http.client.HTTPException) as error:
            seen.errors.append(f"{path}: {error!r}")
            connection.close()
            stop.wait(0.1)
            continue
        seen.seconds.append(time.perf_counter() - began)
        asked += 1
        if asked % JUDGED == 0:
            seen.kept.append(body)
        if number % 2:
            since = re.findall(rb"<responseDate>(.*?)</responseDate>", body)[0].decode()
        token = re.search(rb"<resumptionToken[^>]*>([^<]+)<", body)
        if token is not None:
            path = f"/oai?verb=ListRecords&resumptionToken={token[1].decode()}"
        else:
            path = LIST if since is None else f"{LIST}&from={since}"
    connection.close()


def _ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of an answer; raises `OSError` for any status but 200."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != http.client.OK:
        raise ConnectionError(f"{response.status} {body[:80]!r}")
    return body


def _ingester(service: Service, seen: Seen, stop: threading.Event) -> None:
    """Runs the source again and again, its page another one each time."""
    turn = 0
    while not stop.is_set():
        turn += 1
        entries = "".join(
            f"<li><p>Atherton, P. ({2000 + number % 20}). <i>Report {number} of the winter school, "
            f"{'revised' if (turn + number) % 3 else 'as printed'}</i>. Leeds: Aire Press.</p></li>"
            for number in range(40)
        )
        (service.folder / "page.html").write_text(f"<h1>Reports</h1><ul>{entries}</ul>", encoding="utf-8")
        status, said = service.run("ingest", "page", "--accept-drift")
        if status:
            seen.errors.append(f"ingest: {said[-200:]}")
        else:
            seen.ingests += 1


def _crowd(service: Service, seen: Seen, *, slow: int, idle: int) -> None:
    """Ask while so many read their answers byte by byte, and so many say nothing at all."""
    stop = threading.Event()
    with ExitStack() as stack:
        for _ in range(idle):
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=30))
        readers = [stack.enter_context(_slow_connection(service.port)) for _ in range(slow)]
        sipper = threading.Thread(target=_sip, args=(readers, stop))
        sipper.start()
        try:
            for path in (LIST, "/oai?verb=Identify", "/", "/healthz") * 10:
                began = time.perf_counter()
                try:
                    service.get(path)
                except (OSError, http.client.HTTPException) as error:
                    seen.errors.append(f"beside: {path}: {error!r}")
                seen.beside.append(time.perf_counter() - began)
        finally:
            stop.set()
            sipper.join()


@contextmanager
def _slow_connection(port: int) -> Iterator[socket.socket]:
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.settimeout(30)
        reader.connect(("127.0.0.1", port))
        reader.sendall(f"GET {LIST} HTTP/1.1\r\nHost: siege\r\n\r\n".encode() * 5)
        yield reader


def _sip(readers: Sequence[socket.socket], stop: threading.Event) -> None:
    for reader in readers:
        reader.settimeout(0.0)
    while not stop.wait(0.1):
        for reader in readers:
            try:
                reader.recv(1)
            except BlockingIOError:
                continue


def _memory(pid: int) -> int:
    """Resident bytes of a process and all that it started."""
    total, waiting = 0, [pid]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            found = re.search(r"VmRSS:\s+(\d+) kB", (one / "status").read_text())
            children = (one / "task" / one.name / "children").read_text().split()
        except OSError:
            continue  # it has just ended
        total += int(found[1]) * 1024 if found else 0
        waiting += [int(child) for child in children]
    return total


if __name__ == "__main__":
    sys.exit(main())
