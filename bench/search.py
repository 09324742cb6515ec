"""Search collections of several sizes by HTTP, all by turns in one run, and print what an answer takes at the median.

    python bench/search.py [--records 1000 100000] [--rounds 15] [--stores DIR]

A store is made by `import --migrate` of records that bench/corpus.py makes, and kept below --stores (by default a folder that
goes away again), where a later run finds it. Each is served by `repo-harvest serve` with one worker, and asked each of
`QUESTIONS` and for pages of items; no answer is kept anywhere, and words are drawn anew for each round. A number is the
median in milliseconds, of a whole answer on a connection that stays open. Exit status: 1 when a median of the search is
above 200 ms, or one of the page of an item above 20 ms.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))  # also when run by `-m`
from corpus import records
from match_rate import IDENTIFIER, SEED, configured, make_store, store_file

SEARCH_MS, ITEM_MS = 200, 20
_DRAWN = 500  # records that words and names are drawn from

Drawn = dict[str, str]
QUESTIONS: dict[str, Callable[[Drawn], Drawn]] = {
    "everything": lambda _: {},
    "everything, by title": lambda _: {"sort": "title"},
    "everything, a late page": lambda drawn: {"sort": "title", "page": drawn["late"]},
    "a title": lambda drawn: {"q": drawn["title"]},
    "a name": lambda drawn: {"q": drawn["name"]},
    "a word": lambda drawn: {"q": drawn["word"]},
    "two letters and a star": lambda drawn: {"q": f"{drawn['word'][:2]}*"},
    "a word that many have": lambda _: {"q": "of"},
    "without a word that many have": lambda _: {"q": "-of"},
    "a phrase": lambda drawn: {"q": f'"{drawn["phrase"]}"'},
    "a year": lambda drawn: {"year": drawn["year"]},
    "a type that most have": lambda _: {"type": "article"},
    "a creator": lambda drawn: {"creator": drawn["creator"]},
    "a word in a year, by change": lambda drawn: {"q": "in", "year": drawn["year"], "sort": "changed"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--stores", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stores: Path = options.stores or Path(folder)
        stores.mkdir(parents=True, exist_ok=True)
        for size in options.records:
            make_store(stores, size)
        served = {size: stack.enter_context(serving(store_file(stores, size))) for size in options.records}
        taken = by_turns(served, options.rounds)
    return report(taken)


@contextmanager
def serving(database: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a service of its own, while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "repo_harvest", "--config", str(configured(database)), "serve", "--workers", "1"]
    environment = {**os.environ, "REPO_HARVEST_SERVER_PORT": str(port)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield connected(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def connected(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            asked(connection, "/readyz")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return connection


def asked(connection: http.client.HTTPConnection, path: str) -> float:
    """Seconds that the whole answer took; raises `OSError` for any status but 200."""
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(f"{path}: {answer.status}")
    return time.perf_counter() - started


def by_turns(served: dict[int, http.client.HTTPConnection], rounds: int) -> dict[int, dict[str, list[float]]]:
    """Ask each question of each collection, round after round."""
    kinds = [*QUESTIONS, "page of an item"]
    taken: dict[int, dict[str, list[float]]] = {size: {kind: [] for kind in kinds} for size in served}
    for drawn in islice(draws(min(served)), rounds):
        for kind in kinds:
            for size, connection in served.items():
                taken[size][kind].append(asked(connection, path_of(kind, {**drawn, "late": str(size // 60)})))
    return taken


def path_of(kind: str, drawn: Drawn) -> str:
    if kind in QUESTIONS:
        return f"/search?{urlencode(QUESTIONS[kind](drawn))}"
    return f"/item/{drawn['identifier']}"


def draws(size: int) -> Iterator[Drawn]:
    """What is asked with, taken from records that every collection begins with."""
    random = Random(SEED)
    first = [line for line in islice(records(size, SEED), _DRAWN) if line["creators"]]
    while True:
        line = random.choice(first)
        title, creators = str(line["title"]), line["creators"]
        assert isinstance(creators, list)
        words = title.replace(":", "").split()
        yield {
            "title": title,
            "name": creators[0],
            "creator": creators[0],
            "word": max(words, key=len),
            "phrase": " ".join(words[:2]),
            "year": str(line["date"])[:4],
            "identifier": f"oai:{IDENTIFIER}:{line['id']}",
        }


def report(taken: dict[int, dict[str, list[float]]]) -> int:
    """Print the medians; whether one is too long."""
    middle = {size: {kind: 1000 * median(each) for kind, each in kinds.items()} for size, kinds in taken.items()}
    print(f"{'ms at the median':32}", *(f"{size:>12,}" for size in middle))
    for kind in next(iter(middle.values())):
        print(f"{kind:32}", *(f"{kinds[kind]:12.1f}" for kinds in middle.values()))
    bounds = [(kind, ITEM_MS if kind == "page of an item" else SEARCH_MS) for kind in next(iter(middle.values()))]
    return int(any(kinds[kind] > bound for kinds in middle.values() for kind, bound in bounds))


if __name__ == "__main__":
    sys.exit(main())
