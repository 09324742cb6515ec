"""Match made records with a bulk engine: time and peak memory, or that all engines make the same clusters of them.

    python bench/bulk.py --records 1000000 [--engine memory|duckdb|spark] [--processes N] [--memory SIZE] [--master URL]
    python bench/bulk.py --agree 20000

The first prints the time of each step and the peak memory: of this process, of the largest of those that it started, and
the most that all can have held at once. Spark's own processes are not among them. --memory is what DuckDB may use before
it spills to disk. The second holds DuckDB, Spark with two threads, and a Spark cluster of a master and a worker on loopback
against the plain engine: hot keys (which begin with those of more than twice WINDOW holders), pairs with their scores and
reasons, and clusters. Exit status: 1 when two engines differ.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus import records

from repo_harvest.catalogue import from_line
from repo_harvest.match.bulk import Engine, Entries, engine, grouped
from repo_harvest.match.bulk.base import describe
from repo_harvest.match.candidates import WINDOW


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
    """Print what each engine makes of the same records."""
    known = list(entries(n, seed))
    hot = common_keys(known)
    found = {name: digest(engine(name), known, hot) for name in ("memory", "duckdb")}
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_SCALA_VERSION": "2.13"}
    found["spark local[2]"] = digest(engine("spark", master="local[2]"), known, hot)
    with standalone() as master:
        found["spark standalone"] = digest(engine("spark", master=master), known, hot)
    for name, told in found.items():
        print(f"{name:<17} {told}")
    same = len(set(found.values())) == 1
    print("identical" if same else "NOT identical")
    return int(not same)


def common_keys(known: Entries) -> list[int]:
    """Keys that are to count as hot already, so that there are such however few the records are."""
    held = Counter(key for _, text in known for key in describe(text)[1])
    return [key for key, times in held.items() if times > 2 * WINDOW]


def digest(made: Engine, known: Entries, hot: list[int]) -> str:
    with made.over(iter(known), hot=hot) as work:
        judged = sorted(work.judged(), key=lambda pair: (pair.one, pair.other))
        clusters = list(grouped(judged, work.features))
    told = [hashlib.sha256(repr(each).encode()).hexdigest()[:16] for each in (sorted(work.hot), judged, clusters)]
    return f"{len(work.hot)} hot keys {told[0]}, {len(judged)} pairs {told[1]}, {len(clusters)} clusters {told[2]}"


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
