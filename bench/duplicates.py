"""Find the duplicates of labelled sets with this program, bib-dedupe and Splink, and print what each got right, in one table.

    python -m bench.duplicates [--shared DIR] [--venvs DIR] [--sets NAME …] [--programs ours|bib-dedupe|splink …]

The sets, their labels and the scorer are not part of this project: they lie in `data` below --shared, which is the folder
`shared` beside the checkout unless named. Ours is what anybody types: `import FILE`, then `duplicates clusters`, into a
new SQLite database, with the settings as they come. The peers are installed by pip, in the versions that the lists
beside this file name, each into a virtual environment of its own below --venvs (by default a folder that goes away
again); bench/peer_*.py feed them, as their documentation asks, and one setup serves all sets.

Scores are over pairs of records (`--cross`, only those between the two sources, where the set was made by linking two).
Seconds are of the wall, from starting a program to its clusters, on whatever the machine has. A program that fails has
no scores, and what it said stands below the table. Exit status: 2 when the sets are absent; 1 when a program failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = ("cytology_screening", "respiratory", "diabetes", "dblp_acm", "cora", "dblp_scholar_valid")
CROSS = {"dblp_acm"}
PEERS = {"bib-dedupe": "peer_bib_dedupe", "splink": "peer_splink"}
OURS = "ours"
MEASURES = ("f1", "precision", "recall")
CONFIG = """\
[repository]
name = "Duplicates"
identifier = "duplicates.example"
admin_email = "admin@duplicates.example"

[database]
url = "sqlite:///{database}"
"""

Program = Callable[[Path, Path], None]


class Failed(Exception):
    """A command ended badly; carries the last line that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a program did on a set: the scores over pairs by the name of the measure, or why there are none."""

    seconds: float = 0.0
    scores: dict[str, float] | None = None
    failure: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--venvs", type=Path, help="where the peers are installed, and found again by a later run")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--programs", nargs="+", choices=(OURS, *PEERS), default=(OURS, *PEERS))
    options = parser.parse_args()
    data: Path = options.shared / "data"
    scorer = data / "score_clusters.py"
    if not scorer.is_file() or not (data / "dedupe").is_dir():
        print(f"the labelled sets are not in {data}: give --shared DIR", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        programs = {name: program(name, options.venvs or Path(work) / "venvs") for name in options.programs}
        results = {
            (each, name): measure(run, data / "dedupe", each, scorer)
            for each in options.sets
            for name, run in programs.items()
        }
    print_table(options.sets, options.programs, results)
    return int(any(result.failure for result in results.values()))


def program(name: str, venvs: Path) -> Program:
    """What turns a file of records into a file of clusters; a peer is installed first."""
    if name == OURS:
        return ours
    try:
        python = installed(PEERS[name], venvs)
    except Failed as failure:
        return partial(not_installed, str(failure))
    return partial(peer, python, PEERS[name])


def ours(records: Path, clusters: Path) -> None:
    """Import the file into a new database and write its clusters; raises `Failed`."""
    config = clusters.with_name("repo-harvest.toml")
    config.write_text(CONFIG.format(database=clusters.with_name("records.db")), encoding="utf-8")
    command = (sys.executable, "-m", "repo_harvest", "--config", str(config))
    run(
        (*command, "import", str(records))
    )  # which fails as well when it refuses a record: none would be missing unnoticed
    clusters.write_bytes(run((*command, "duplicates", "clusters")))


def peer(python: Path, adapter: str, records: Path, clusters: Path) -> None:
    """Run a peer's adapter in its own environment; raises `Failed`."""
    run((str(python), str(ROOT / "bench" / f"{adapter}.py"), str(records), str(clusters)))


def not_installed(why: str, _records: Path, _clusters: Path) -> None:
    raise Failed(f"not installed: {why}")


def installed(adapter: str, venvs: Path) -> Path:
    """The Python of the environment that holds what the adapter's list names, made if need be; raises `Failed`."""
    listed = Path(__file__).with_name(f"{adapter}.txt")
    folder = venvs / f"{adapter}-{hashlib.sha256(listed.read_bytes()).hexdigest()[:12]}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"installing what {listed.name} lists", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        run(
            (
                str(python),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--requirement",
                str(listed),
            )
        )
        ready.touch()
    return python


def run(command: Sequence[str]) -> bytes:
    """What a command prints, run in the checkout; raises `Failed`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("REPO_HARVEST_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise Failed(f"{said[-1]} (exit status {done.returncode})")
    return done.stdout


def measure(program: Program, sets: Path, name: str, scorer: Path) -> Result:
    """Run a program over a set and score its clusters."""
    print(f"{name} …", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        clusters = Path(folder) / "clusters.csv"
        started = time.perf_counter()
        try:
            program(sets / f"{name}.jsonl", clusters)
            seconds = time.perf_counter() - started
            told = run((
                sys.executable, str(scorer), str(clusters), str(sets / f"{name}.gold.csv"), "--json",
                *(["--cross"] if name in CROSS else []),
            ))  # fmt: skip  # a command and its arguments
        except Failed as failure:
            return Result(failure=str(failure))
    return Result(seconds=seconds, scores=json.loads(told)["pair"])


def print_table(sets: Sequence[str], programs: Sequence[str], results: dict[tuple[str, str], Result]) -> None:
    width = max(len(label(each)) for each in sets)
    print(" " * width, *(f"| {name:^31}" for name in programs))
    print(f"{'pairs of records':{width}}", *("|     F1  precis.  recall  seconds" for _ in programs))
    for each in sets:
        print(f"{label(each):{width}}", *("| " + cell(results[each, name]) for name in programs))
    for (each, name), result in results.items():
        if result.failure:
            print(f"{name} failed on {each}: {result.failure}")


def label(name: str) -> str:
    return f"{name} --cross" if name in CROSS else name


def cell(result: Result) -> str:
    if result.scores is None:
        return f"{'failed':^31}"
    return "  ".join(f"{result.scores[one]:6.4f}" for one in MEASURES) + f"  {result.seconds:7.1f}"


if __name__ == "__main__":
    sys.exit(main())
