"""Bring about every fault that years bring, and say how the service bore it.

    python -m bench.faults [--database sqlite postgresql] [--only NAME …] [--locked 60]

Some faults of SQLite need a disk of their own: run it as root on Linux, or leave them out. Real commands on a real database: `serve` with two workers is asked for records all the time, in most faults. One row each:

    outcome   what came of it
    healed    seconds from the end of the fault to the first right answer, restarts included; where serving went on
              through the fault, the seconds of the run that made good
    memory    the most that the processes of `serve` or `up` held together, in MB
    errors    answers that were neither right nor 503 with Retry-After
    valid     answers that the schemas accept

Exit status: 1 when a bound is missed: a refusal within 10 s, healing within 10 s without a restart, every answer valid, nothing lost.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import text

from repo_harvest import formats
from repo_harvest.store import schema
from repo_harvest.store.backup import back_up
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.store.restamp import restamp
from tests.cli.shell import Outcome, Shell
from tests.faults.kit import LIST, Asked, killed
from tests.faults.locks import lock_watch
from tests.faults.postgresql import own_server
from tests.faults.revisions import kill_init, make_earlier
from tests.faults.scene import BOUND, TITLES, Scene, administer, fresh, made
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state
from tests.test_crash import edition, survive

MEMORY = 900 * 2**20  # bytes of address space for `up` with a page that needs more


# --- the faults: each returns its outcome in words ---


def kill_ingests(scene: Scene) -> str:
    other = made(f"sqlite:///{scene.folder}/undisturbed.db")
    folder = scene.folder / "killed"
    folder.mkdir()
    cut = survive(Shell(folder, fresh(scene)), other, kills=10)
    scene.expect("no run was killed", holds=cut > 0)
    return f"10 runs, {cut} killed: valid after each, whole in the end"


def kill_migration(scene: Scene) -> str:
    held, engine = scene.held(), open_engine(scene.url)
    make_earlier(engine)
    kill_init(scene.shell, engine)
    scene.make_good("init")
    schema.check(engine)
    engine.dispose()
    scene.expect("records were lost", holds=scene.held() == held)
    return "killed inside the migration: the second init succeeds"


def kill_import(scene: Scene) -> str:
    lines = [{"id": str(n), "title": f"A title that is number {n} of many", "date": "2020"} for n in range(3000)]
    file = scene.folder / "many.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    chance, cut = random.Random(3), 0
    for _ in range(4):
        cut += killed(scene.shell, "import", str(file), after=chance.uniform(0.8, 4))
        scene.held()
    scene.make_good("import", str(file))
    scene.expect("no import was killed", holds=cut > 0)
    scene.expect("records were lost", holds=len(scene.held()) == len(lines) + len(TITLES))
    return f"{cut} of 4 killed: the next one brings all {len(lines)}"


def kill_publications(scene: Scene) -> str:
    page, engine = scene.folder / "page.html", open_engine(scene.url)
    page.write_text(page_html(edition(0)), encoding="utf-8")
    scene.shell.run("ingest", "--accept-drift")
    inside, held = lock_watch(engine), dict[str, str]()
    for number in range(1, 6):
        held = scene.held()
        page.write_text(page_html(edition(number)), encoding="utf-8")
        process = scene.shell.start("ingest")
        while not inside() and process.poll() is None:
            time.sleep(0.0005)
        process.kill()
        process.wait()
        scene.expect("it ended before it was killed", holds=process.returncode == -signal.SIGKILL)
        scene.expect("half of a publication is served", holds=scene.held() == held)
    engine.dispose()
    scene.make_good()
    scene.expect("the feed was not brought up to date", holds=scene.held() != held)
    return "killed 5 times inside the transaction: nothing of it is served"


def fill_disk(scene: Scene) -> str:
    held = scene.held()
    with _disk(scene):
        ballast = scene.file.parent / "ballast"
        scene.list_pages("second")
        with scene.served():
            with suppress(OSError), ballast.open("wb", buffering=0) as full:
                while True:
                    full.write(b"x" * 4096)
            done = scene.shell.run("ingest")
            scene.expect(f"not plain: {done.err}", holds=done.status == 1 and "see that its disk has room" in done.err)
            scene.expect("the feed was touched", holds=scene.held() == held)
            scene.expect("it was not served", holds=scene.watch.ask().status == 200)
            ballast.unlink()
            scene.make_good()
        scene.expect("the feed was not filled", holds=len(scene.held()) > len(held))
    return "the run fails plainly, the feed is served, the next run succeeds"


@contextmanager
def _disk(scene: Scene) -> Iterator[None]:
    """A small disk that holds the database of the scene while the block runs."""
    disk, before = scene.folder / "disk", scene.url
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True, capture_output=True)
    try:
        shutil.copy(scene.file, disk)
        scene.shell.environment["REPO_HARVEST_DATABASE_URL"] = f"sqlite:///{disk}/{scene.file.name}"
        yield
    finally:
        scene.shell.environment["REPO_HARVEST_DATABASE_URL"] = before
        subprocess.run(["umount", str(disk)], check=True, capture_output=True)


def forbid_writing(scene: Scene) -> str:
    scene.list_pages("second")
    with scene.served():
        if scene.server is None:
            done = _run_where_nothing_may_be_written(scene)
        else:
            administer(scene, "ALTER DATABASE postgres SET default_transaction_read_only = on")
            done = scene.shell.run("ingest")
        scene.expect(f"not plain: {done.err}", holds=done.status == 1 and "run this again" in done.err)
        scene.expect("it was not served", holds=scene.watch.ask().status == 200)
        if scene.server is not None:
            administer(scene, "ALTER DATABASE postgres RESET default_transaction_read_only")
        scene.make_good()
    return "served meanwhile; the run says what to do, the next succeeds"


def _run_where_nothing_may_be_written(scene: Scene) -> Outcome:
    """`ingest`, for which the folder of the database is mounted read-only, and for nobody else."""
    folder = scene.file.parent
    mounts = f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}"
    command = ["unshare", "--mount", "sh", "-c", f'{mounts} && cd {scene.folder} && exec "$@"', "sh"]
    done = subprocess.run(
        [*command, *scene.shell.command("ingest")],
        env=scene.shell.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(status=done.returncode, out=done.stdout, err=done.stderr)


def lock(scene: Scene) -> str:
    scene.list_pages("second")
    engine = open_engine(scene.url)
    with scene.served():
        with writing(engine) as connection:
            connection.execute(text("SELECT 1 FROM feed_clock" + (" FOR UPDATE" * (scene.kind == "postgresql"))))
            running = scene.shell.start("ingest")
            until, slowest = time.monotonic() + scene.locked, 0.0
            while time.monotonic() < until:
                seen = scene.watch.ask()
                slowest = max(slowest, seen.seconds)
                scene.expect(f"status {seen.status} while locked", holds=seen.status == 200)
                time.sleep(0.3)
        running.wait(60)
        said = running.err
        scene.expect(f"not plain: {said}", holds="Traceback" not in said and running.returncode in {0, 1})
        scene.expect(f"an answer took {slowest:.1f} s", holds=slowest < BOUND)
        scene.make_good()
    engine.dispose()
    scene.expect("records were lost", holds=len(scene.held()) > len(TITLES))
    came = "waits" if running.returncode == 0 else "says so"
    return f"locked for {scene.locked:g} s: slowest answer {slowest:.2f} s; the run {came}"


def stop_server(scene: Scene) -> str:
    assert scene.server is not None
    return _away(scene, scene.server.stop, scene.server.start)


def freeze_server(scene: Scene) -> str:
    assert scene.server is not None
    return _away(scene, scene.server.freeze, scene.server.thaw)


def _away(scene: Scene, go: Callable[[], None], come: Callable[[], None]) -> str:
    held = scene.held()
    with scene.served(), scene.shell.running("schedule") as scheduling:
        scheduling.await_words("on schedule", patience=60)
        go()
        took = scene.unavailable()
        time.sleep(5)
        come()
        scene.heal(time.monotonic())
        scene.expect("the scheduler died", holds=scheduling.poll() is None)
        done = scene.shell.run("ingest")
        scene.expect(f"the next run failed: {done.err}", holds=done.status == 0)
    scene.expect("records were lost", holds=held.keys() <= scene.held().keys())
    return f"503 with Retry-After after {took:.1f} s; healed by itself"


def step_clock(scene: Scene) -> str:
    engine, clock, stamps = open_engine(scene.url), Clock(time.time() + 60), list[int]()
    for number, step in enumerate((0, -3600, 1, 3600, 86400, 1, -86400, 1)):
        clock.now += step
        stamps.append(publish_state(engine, {"oai:x.org:clock": Wanted(f"Edition {number}")}, clock) or 0)
    engine.dispose()
    scene.expect("a datestamp went back", holds=stamps == sorted(set(stamps)))
    return "an hour back and a day forward: datestamps only rise"


def exhaust_memory(scene: Scene) -> str:
    held = scene.held()
    page = page_html(WORKS).replace("</body>", "<p>words, words" * 380_000 + "</body>")
    (scene.folder / "huge.html").write_text(page, encoding="utf-8")
    scene.shell.configure(
        '[[source]]\nname = "huge"\npath = "huge.html"\nschedule = "* * * * *"\n[scheduler]\njitter = 0\n'
    )
    with scene.served("up", limits={resource.RLIMIT_AS: MEMORY}) as serving:
        until = time.monotonic() + 120  # the next minute, and what the page may take of it
        while time.monotonic() < until and "of huge" not in serving.out:
            scene.expect("it was not served", holds=scene.watch.ask().status == 200)
            time.sleep(0.3)
    scene.expect(f"not said: {scene.shell.output[-300:]}", holds="memory" in scene.shell.output)
    scene.expect("a traceback", holds="Traceback" not in scene.shell.output)
    scene.expect("the feed was touched", holds=scene.held() == held)
    return "the run is refused plainly while `up` goes on serving"


def corrupt(scene: Scene) -> str:
    held, engine = scene.held(), open_engine(scene.url)
    good = scene.folder / "good.db"
    back_up(engine, good)
    engine.dispose()
    with scene.served():
        with scene.file.open("r+b") as opened:
            opened.write(b"\xa5" * 16384)
        took = scene.unavailable()
        for command in ("init", "ingest"):
            said = scene.shell.run(command)
            scene.expect(f"{command} does not say what to do: {said.err}", holds="restore a backup" in said.err)
    for beside in ("-wal", "-shm"):
        Path(f"{scene.file}{beside}").unlink(missing_ok=True)
    shutil.copy(good, scene.file)
    ended = time.monotonic()
    with scene.served():
        scene.heal(ended)
    scene.expect("records were lost", holds=scene.held() == held)
    return f"503 after {took:.1f} s; commands say to restore; restored, it serves"


def restore(scene: Scene) -> str:
    if scene.server is None:
        engine = open_engine(scene.url)
        back_up(engine, scene.folder / "old.db")
        last = publish_state(engine, {"oai:x.org:late": Wanted("Late")}, time.time)
        engine.dispose()
        shutil.copy(scene.folder / "old.db", scene.file)
    else:
        address = scene.url.replace("+psycopg", "")
        scene.server.run("pg_dump", "--format=custom", "--file=dump", address)
        engine = open_engine(scene.url)
        last = publish_state(engine, {"oai:x.org:late": Wanted("Late")}, time.time)
        engine.dispose()
        scene.server.run("pg_restore", "--clean", f"--dbname={address}", "dump")
    said = scene.shell.run("serve")
    scene.expect(f"not noticed: {said.err}", holds=said.status == 1 and "restamp" in said.err)
    engine = open_engine(scene.url)
    count, stamp = restamp(engine, clock=time.time, header_xml=formats.header)
    engine.dispose()
    ended = time.monotonic()
    with scene.served():
        scene.heal(ended)
    engine = open_engine(scene.url)
    got = Asked(engine, lambda: max(time.time(), stamp + 5)).harvest(LIST)
    engine.dispose()
    scene.expect(
        f"a harvester gets {len(got)} of {count} records, from {stamp} after {last}",
        holds=len(got) == count and stamp > (last or 0),
    )
    return "the start is refused until restamp; then all is later than what was lost"


BOTH, SQLITE, POSTGRESQL = ("sqlite", "postgresql"), ("sqlite",), ("postgresql",)
FAULTS: dict[str, tuple[Callable[[Scene], str], tuple[str, ...]]] = {
    "stopped": (stop_server, POSTGRESQL),
    "frozen": (freeze_server, POSTGRESQL),
    "kill-ingest": (kill_ingests, BOTH),
    "kill-publish": (kill_publications, BOTH),
    "kill-init": (kill_migration, BOTH),
    "kill-import": (kill_import, BOTH),
    "disk-full": (fill_disk, SQLITE),
    "read-only": (forbid_writing, BOTH),
    "locked": (lock, BOTH),
    "clock": (step_clock, BOTH),
    "memory": (exhaust_memory, SQLITE),
    "corrupt": (corrupt, SQLITE),
    "restored": (restore, BOTH),
}


def suffer(name: str, kind: str, locked: float) -> bool:
    """Bring about one fault and print its row; whether every bound was kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(own_server()) if kind == "postgresql" else None
        url = made(server.url if server else f"sqlite:///{folder}/feed.db")
        scene = Scene(kind, folder, Shell(folder, url), server, locked)
        scene.list_pages()
        assert scene.shell.run("ingest").status == 0
        try:
            outcome = FAULTS[name][0](scene)
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            outcome = "not borne"
            scene.faults.append(repr(error))
    watch = scene.watch
    scene.expect(f"invalid: {watch.invalid[:1]}", holds=not watch.invalid)
    scene.expect(f"{watch.errors} wrong answers", holds=watch.errors == 0)
    healed = "" if scene.healed is None else f"{scene.healed:.1f}"
    memory = f"{scene.memory / 2**20:.0f}" if scene.memory else ""
    print(f"{name:<12} {kind:<11} {outcome:<72} {healed:>7} {memory:>7} {watch.errors:>6} {watch.valid:>6}", flush=True)
    for fault in dict.fromkeys(scene.faults):
        print(f"    missed: {fault}")
    return not scene.faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=BOTH, default=list(BOTH))
    parser.add_argument("--only", nargs="+", choices=list(FAULTS), default=list(FAULTS), metavar="NAME")
    parser.add_argument("--locked", type=float, default=60, help="seconds that the database is locked")
    options = parser.parse_args()
    titles = ("fault", "database", "outcome", "healed", "memory", "errors", "valid")
    print("{:<12} {:<11} {:<72} {:>7} {:>7} {:>6} {:>6}".format(*titles))
    good = True
    for name in options.only:
        for kind in FAULTS[name][1]:
            if kind in options.database:
                good &= suffer(name, kind, options.locked)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
