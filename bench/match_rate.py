"""Import further records into a small and a large store by turns, on one core, and print how fast each takes them.

    python -m bench.match_rate [--stored 10000 1000000] [--batch 5000] [--batches 5] [--stores DIR]

A store is made by `import --migrate` of records that bench/corpus.py makes, and kept below --stores (by default a folder
that goes away again), where a later run finds it. A batch is of records that go on where the largest store ends, one in
ten of them replaced by a work that its store holds, told in another way; batches differ between the stores in nothing
else. It is imported as `import` does, in this process, which may use one core, into a fresh copy of its store: what is
stored stays as many as the table says. The stores take turns, batch by batch, so that the noise of the machine meets both.

A store is used as it is between two foldings of the keys of its newest entries (see repo_harvest/store/filing.py): half of
what may be recent is. What folding costs is measured once for each store, and its share for a batch is part of the whole.

Records in a second are those of the middle batch: by the wall and by the processor for the whole import, then by the
wall for the parts of it that `PARTS` names, and for the share of folding. The ratio of the costs is that of the largest store to the smallest; beside
each store stands what share of its batches was merged. Exit status: 1 when the ratio of the whole import is above 1.3,
or a store takes fewer than 2,000 records in a second of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import delete, func, insert, select

from repo_harvest.cli.context import Context
from repo_harvest.ingest import carry
from repo_harvest.ingest.lines import import_file
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.store.filing import MOST_RECENT, fold
from repo_harvest.store.schema import HEAD
from repo_harvest.store.tables import keys, recent_keys

sys.path.insert(0, str(Path(__file__).parent))  # also when run by `-m`
from corpus import records

PARTS = ("rematch", "decide", "draft_plan", "publish")  # functions that `carry` calls, one after the other
RATIO = 1.3  # a record into the largest store may cost this many times one into the smallest
RATE = 2_000  # records in a second
KNOWN = 0.1  # the share of a batch that is stored already
SEED = 1
IDENTIFIER = "rate.example"
CONFIG = """\
[repository]
name = "Rate"
identifier = "{identifier}"
admin_email = "admin@rate.example"

[database]
url = "sqlite:///{database}"
"""

Line = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What a batch cost, in seconds; `parts` of `wall` by the name of the function; and how many records it merged."""

    wall: float
    processor: float
    parts: Mapping[str, float]
    merged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """What folding keys into a store costs, in seconds for one row; `each` is how many rows an entry has."""

    wall: float
    processor: float
    each: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--batches", type=int, default=5)
    parser.add_argument("--stores", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        stores: Path = options.stores or work / "stores"
        stores.mkdir(parents=True, exist_ok=True)
        sizes = sorted(options.stored)
        for size in sizes:
            make_store(stores, size)
        write_batches(work, sizes, options.batches, options.batch)
        lived = {size: live_in(store_file(stores, size), work, size) for size in sizes}
        timings = take_turns(work, sizes, options.batches)
    return report(timings, lived, options.batch)


def make_store(stores: Path, size: int) -> None:
    """A store of so many records, unless it is there."""
    database = store_file(stores, size)
    if database.exists():
        return
    print(f"storing {size:,} records", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=stores) as name:
        file, made = Path(name) / "stored.jsonl", Path(name) / "made.db"
        write_lines(file, (stored(line) for line in records(size, SEED)))
        started = time.perf_counter()
        command = (
            sys.executable,
            "-m",
            "repo_harvest",
            "--config",
            str(configured(made)),
            "import",
            "--migrate",
            str(file),
        )
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"stored in {time.perf_counter() - started:,.0f} s", file=sys.stderr)
        assert not made.with_name("made.db-wal").exists(), "SQLite has everything in the one file that is copied"
        made.rename(database)


def store_file(stores: Path, size: int) -> Path:
    """Where a store of so many records is, at this program's version of the database."""
    return stores / f"{size}-{HEAD}.db"


def stored(line: Line) -> Line:
    return {**line, "identifier": f"oai:{IDENTIFIER}:{line['id']}"}


def configured(database: Path) -> Path:
    """A config file for the database, beside it."""
    config = database.with_suffix(".toml")
    config.write_text(CONFIG.format(identifier=IDENTIFIER, database=database), encoding="utf-8")
    return config


def write_batches(work: Path, sizes: Sequence[int], batches: int, size: int) -> None:
    """The batches of each store, as `batch_file` names them: the works of a batch are drawn from all over its store."""
    drawn = int(size * KNOWN)
    random = Random(SEED)
    wanted = {one: sorted(random.sample(range(one), min(drawn * batches, one))) for one in sizes}
    held: dict[int, dict[int, Line]] = {one: {} for one in sizes}
    picked = {one: set(places) for one, places in wanted.items()}
    lines = records(max(sizes) + batches * (size - drawn), SEED)
    for place, line in enumerate(islice(lines, max(sizes))):
        for one in sizes:
            if place in picked[one]:
                held[one][place] = line
    for batch in range(batches):
        new = list(islice(lines, size - drawn))
        for one in sizes:
            known = [held[one][place] for place in wanted[one][batch::batches]]
            mixed = [*new, *(told_again(line) for line in known)]
            Random(batch).shuffle(mixed)
            write_lines(batch_file(work, one, batch), mixed)


def told_again(line: Line) -> Line:
    """The work as a page of another source would tell it: initials, the year alone, no identifiers and no abstract."""
    creators = line["creators"]
    assert isinstance(creators, list)
    left_out = {"identifiers", "description", "issue", "language"}
    kept = {key: value for key, value in line.items() if key not in left_out}
    initials = [f"{surname}, {given[:1]}." for surname, _, given in (str(name).partition(", ") for name in creators)]
    return {**kept, "id": f"again-{line['id']}", "creators": initials, "date": str(line["date"])[:4]}


def batch_file(work: Path, stored: int, batch: int) -> Path:
    return work / f"batch-{stored}-{batch}.jsonl"


def write_lines(file: Path, lines: Iterator[Line] | Sequence[Line]) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)


def live_in(store: Path, work: Path, size: int) -> Folding:
    """Copy a store to `lived_file`, let the keys of its newest entries be recent, and measure what folding them costs."""
    lived, copy = lived_file(work, size), work / "copy.db"
    shutil.copyfile(store, lived)
    engine = open_engine(f"sqlite:///{lived}")
    with writing(engine) as connection:
        rows = connection.execute(select(func.count()).select_from(keys)).scalar_one()
        first = size - int(min(MOST_RECENT, rows) / 2 / (rows / size))
        connection.execute(insert(recent_keys).from_select(list(keys.c), select(keys).where(keys.c.entry_id > first)))
        connection.execute(delete(keys).where(keys.c.entry_id > first))
        recent = connection.execute(select(func.count()).select_from(recent_keys)).scalar_one()
    engine.dispose()
    shutil.copyfile(lived, copy)
    os.sync()
    engine = open_engine(f"sqlite:///{copy}")
    wall, processor = time.perf_counter(), time.process_time()
    with writing(engine) as connection:
        fold(connection)
    spent = time.perf_counter() - wall, time.process_time() - processor
    engine.dispose()
    remove(copy)
    return Folding(wall=spent[0] / recent, processor=spent[1] / recent, each=rows / size)


def lived_file(work: Path, size: int) -> Path:
    return work / f"lived-{size}.db"


def remove(database: Path) -> None:
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()


def take_turns(work: Path, sizes: Sequence[int], batches: int) -> dict[int, list[Timing]]:
    """Import the batches on one core: the first of each store, the second of each, and so on."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    timings: dict[int, list[Timing]] = {size: [] for size in sizes}
    for batch in range(batches):
        for size in sizes:
            copy = work / "copy.db"
            shutil.copyfile(lived_file(work, size), copy)
            os.sync()  # the copy is on its way to the disk no longer while the import is timed
            timings[size].append(timed_import(batch_file(work, size, batch), copy))
            remove(copy)
    return timings


def timed_import(file: Path, database: Path) -> Timing:
    """Import a file as the command does. Opening the database and settling its sets are not part of what is timed."""
    context = Context(config=configured(database), environ={})
    context.begin()
    try:
        press = context.workshop.press()
        with timed_parts() as parts:
            wall, processor = time.perf_counter(), time.process_time()
            merged = import_file(file, press).run.merged
            return Timing(
                wall=time.perf_counter() - wall,
                processor=time.process_time() - processor,
                parts=parts,
                merged=merged,
            )
    finally:
        context.close()


@contextmanager
def timed_parts() -> Iterator[dict[str, float]]:
    """Seconds by the wall that `PARTS` take inside the block, counted while it runs."""
    spent = dict.fromkeys(PARTS, 0.0)
    plain = {name: getattr(carry, name) for name in PARTS}
    for name, function in plain.items():
        setattr(carry, name, timed(function, name, spent))
    try:
        yield spent
    finally:
        for name, function in plain.items():
            setattr(carry, name, function)


def timed(function: Callable[..., object], name: str, spent: dict[str, float]) -> Callable[..., object]:
    """The function, adding the seconds of each call to what is spent under the name."""

    def call(*arguments: object, **named: object) -> object:
        started = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[name] += time.perf_counter() - started

    return call


def report(timings: Mapping[int, Sequence[Timing]], folding: Mapping[int, Folding], batch: int) -> int:
    """Print the table; whether it says that something is too slow."""
    middle = {size: costs(each, folding[size], batch) for size, each in timings.items()}
    print(f"{'records/s':>12}", *(f"{name:>10}" for name in middle[min(middle)]), "   merged  batches, by the wall")
    for size, cost in middle.items():
        each = " ".join(f"{batch / one.wall:,.0f}" for one in timings[size])
        merged = sum(one.merged for one in timings[size]) / batch / len(timings[size])
        print(f"{size:12,}", *(f"{batch / seconds:10,.0f}" for seconds in cost.values()), f"{merged:9.1%}  {each}")
    small, large = middle[min(middle)], middle[max(middle)]
    ratios = {name: large[name] / small[name] for name in small}
    print(f"{'cost ratio':>12}", *(f"{ratio:10.2f}" for ratio in ratios.values()))
    slow = any(batch / cost["processor"] < RATE for cost in middle.values())
    return int(slow or max(ratios["wall"], ratios["processor"]) > RATIO)


def costs(timings: Iterable[Timing], folding: Folding, batch: int) -> dict[str, float]:
    """The middle of the seconds of each kind; those of a whole batch with its share of folding."""
    kinds = [{"wall": one.wall, "processor": one.processor, **one.parts} for one in timings]
    rows = batch * folding.each
    share = {"wall": rows * folding.wall, "processor": rows * folding.processor, "fold": rows * folding.wall}
    middle = {name: median(kind[name] for kind in kinds) for name in kinds[0]}
    return {name: middle.get(name, 0) + share.get(name, 0) for name in (*middle, "fold")}


if __name__ == "__main__":
    sys.exit(main())
