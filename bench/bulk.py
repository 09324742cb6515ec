"""Match made records with a bulk engine: time and peak memory, or that all engines make the same clusters of them.

    python bench/bulk.py --records 1000000 [--engine memory|duckdb|spark] [--processes N] [--memory SIZE] [--master URL]
    python bench/bulk.py --agree 20000

The first prints the time of each step and the peak memory: of this process, of the largest of those that it started, and
the most that all can have held at once. Spark's own processes are not among them. --memory is what DuckDB may use before
it spills to disk. The second imports the records into a store, some thousand at a time, and holds what that made of them
against the plain engine, DuckDB, Spark with two threads, and a Spark cluster of a master and a worker on loopback: hot keys
(which begin with those of more than twice WINDOW holders), pairs, and clusters. Exit status: 1 when two engines differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from corpus import records
from sqlalchemy import Engine as Database

from repo_harvest.catalogue import from_line
from repo_harvest.ingest import Press
from repo_harvest.ingest.lines import import_file
from repo_harvest.ingest.rebuild import settle_keys
from repo_harvest.match import Verdict
from repo_harvest.match.bulk import Engine, Entries, engine, grouped
from repo_harvest.match.bulk.base import describe
from repo_harvest.match.candidates import WINDOW
from repo_harvest.store.engine import open_engine
from repo_harvest.store.known import open_view
from repo_harvest.store.schema import upgrade
from repo_harvest.store.tables import hot_keys

BATCH = 3000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("memory", "duckdb", "spark"), default="duckdb")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--master")
    parser.add_argument("--agree", type=int, metavar="RECORDS")
    options = parser.parse_args()
    if options.agree:
        return agree(options.agree, options.seed)
    return measure(options)


def measure(options: argparse.Namespace) -> int:
    """Time each step over records made beforehand, which are read from a file as they would be from a database."""
    made = engine(options.engine, memory=options.memory, processes=options.processes, master=options.master)
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as file:
        for entry_id, text in entries(options.records, options.seed):
            file.write(f"{entry_id} {text}\n")
        file.seek(0)
        begun = time.perf_counter()
        with made.over(((int(entry_id), text) for entry_id, _, text in (line.partition(" ") for line in file))) as work:
            read = time.perf_counter()
            judged = list(work.judged())
            compared = time.perf_counter()
            clusters = list(grouped(judged, work.features))
            done = time.perf_counter()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(
        f"{options.engine}: {options.records:,} records, {len(judged):,} pairs, {len(work.hot)} hot keys, {len(clusters):,} clusters"
    )
    print(
        f"read and keyed {read - begun:.1f} s, paired and compared {compared - read:.1f} s, grouped {done - compared:.1f} s"
    )
    print(f"together {done - begun:.1f} s: {options.records / (done - begun):,.0f} records/s")
    print(
        f"peak memory {own:.2f} GB here, {largest:.2f} GB in the largest of the other processes: "
        f"at most {own + options.processes * largest:.2f} GB"
    )
    return 0


def agree(n: int, seed: int) -> int:
    """Print what matching records as they come made of them, and what each engine makes of the same store."""
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder), n, seed)
        with open_view(store) as view:
            known, hot, item_of = list(view.every_entry()), view.every_hot(), dict(place[:2] for place in view.places())
            kept = view.same_pairs(item_of)
        together: dict[int, list[int]] = {}
        for entry_id, item_id in item_of.items():
            together.setdefault(item_id, []).append(entry_id)
        store.dispose()
    found = {"incremental": told(hot, kept, [sorted(group) for group in together.values() if len(group) > 1])}
    found |= {name: digest(engine(name), known, hot) for name in ("memory", "duckdb")}
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}
    found["spark local[2]"] = digest(engine("spark", master="local[2]"), known, hot)
    with standalone() as master:
        found["spark standalone"] = digest(engine("spark", master=master), known, hot)
    for name, words in found.items():
        print(f"{name:<17} {words}")
    same = len(set(found.values())) == 1
    print("identical" if same else "NOT identical")
    return int(not same)


def filled(folder: Path, n: int, seed: int) -> Database:
    """A store into which the records were imported, some thousand at a time, in an order of no meaning."""
    store = open_engine(f"sqlite:///{folder}/feed.db")
    upgrade(store)
    press = Press(engine=store, clock=time.time, repository="bulk.example")
    settle_keys(press)
    with store.begin() as connection:  # few keys are hot among so few records: these count as hot already
        connection.execute(hot_keys.insert(), [{"key": key} for key in common_keys(entries(n, seed))])
    lines = list(records(n, seed))
    Random(seed).shuffle(lines)
    for number, begin in enumerate(range(0, n, BATCH)):
        file = folder / f"batch-{number}.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines[begin : begin + BATCH]), encoding="utf-8")
        import_file(file, press)
    return store


def common_keys(known: Entries) -> list[int]:
    """Keys of more than twice WINDOW holders."""
    held = Counter(key for _, text in known for key in describe(text)[1])
    return [key for key, times in held.items() if times > 2 * WINDOW]


def told(hot: Collection[int], pairs: Collection[tuple[int, int]], clusters: list[list[int]]) -> str:
    said = [sorted(hot), sorted(pairs), sorted(clusters)]
    marks = [hashlib.sha256(repr(each).encode()).hexdigest()[:16] for each in said]
    return (
        f"{len(hot)} hot keys {marks[0]}, {len(pairs)} pairs the same {marks[1]}, {len(clusters)} clusters {marks[2]}"
    )


def digest(made: Engine, known: Entries, hot: Collection[int]) -> str:
    with made.over(iter(known), hot=hot) as work:
        judged = list(work.judged())
        clusters = list(grouped(judged, work.features))
        same = [(pair.one, pair.other) for pair in judged if pair.verdict is Verdict.SAME]
        return told(work.hot, same, clusters)


def entries(n: int, seed: int) -> Iterator[tuple[int, str]]:
    """Made records as the store keeps them."""
    for entry_id, line in enumerate(records(n, seed), 1):
        yield entry_id, json.dumps(from_line(line, where=f"record {entry_id}").record.as_dict(), ensure_ascii=False)


@contextmanager
def standalone() -> Iterator[str]:
    """The URL of a Spark cluster of a master and one worker, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"spark://127.0.0.1:{free.getsockname()[1]}"
    at = ["--host", "127.0.0.1", "--webui-port", "0"]
    with tempfile.TemporaryDirectory() as folder:
        master = started("master.Master", *at, "--port", url.rpartition(":")[2])
        worker = started("worker.Worker", *at, "--cores", "2", "--memory", "2g", "--work-dir", folder, url)
        try:
            yield url
        finally:
            for process in (worker, master):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def started(name: str, *arguments: str) -> subprocess.Popen[bytes]:
    import pyspark  # noqa: PLC0415 -- an extra

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    return subprocess.Popen(
        [program, f"org.apache.spark.deploy.{name}", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


if __name__ == "__main__":
    sys.exit(main())
