"""Read the labelled pages of a data folder with `inspect --json` and score what was read against their labels.

    python bench/score_pages.py [--shared DIR] [--split seed|dev] [--per-page] [--profiles] [--time]

The pages, their labels and the scorer are not part of this project: they lie in `data` below --shared, which is the folder
`shared` beside the checkout unless named. With --profiles each page of two entries or more is read by the profile that `inspect --write-profile` makes of
its first two titles. With --time the pages are only read, in one process, and the processor's seconds of the shortest of
three rounds are printed. Exit status: the scorer's; 2 when they are absent; 1 when a page cannot be read.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from repo_harvest import parse
from repo_harvest.source import decode, fetch

INSPECT = (sys.executable, "-m", "repo_harvest", "inspect")
FOLDERS = {"seed": "seed", "dev": "pages"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--split", choices=FOLDERS, default="seed")
    parser.add_argument("--per-page", action="store_true")
    parser.add_argument("--profiles", action="store_true")
    parser.add_argument("--time", action="store_true")
    options = parser.parse_args()
    data: Path = options.shared / "data"
    scorer, folder = data / "score_pages.py", data / FOLDERS[options.split]
    if not scorer.is_file() or not folder.is_dir():
        print(f"the labelled pages are not in {data}: give --shared DIR", file=sys.stderr)
        return 2
    if options.time:
        return time_reading(sorted((data / FOLDERS[options.split]).glob("*.html")))
    with tempfile.TemporaryDirectory() as name:
        return score(scorer, folder, Path(name), options)


def score(scorer: Path, folder: Path, work: Path, options: argparse.Namespace) -> int:
    """Score from a copy: the scorer looks for its list of pages beside itself."""
    labels = sorted(label.stem for label in folder.glob("*.json"))
    pages = {label: page_of(folder, label) for label in labels}
    shutil.copy(scorer, work)
    (work / "split.json").write_text(json.dumps({"dev": [], "holdout": [], options.split: labels}), encoding="utf-8")
    (work / "read").mkdir()
    failed = [
        label
        for label, page in pages.items()
        if not read(
            page, work / "read" / f"{label}.json", *(profile(folder, page, label, work) if options.profiles else ())
        )
    ]
    command = [sys.executable, str(work / scorer.name), str(folder), str(work / "read"), "--split", options.split]
    status = subprocess.run([*command, *(["--per-page"] if options.per_page else [])], check=False).returncode
    if failed:
        print(f"not read: {', '.join(failed)}", file=sys.stderr)
    return status or bool(failed)


def page_of(folder: Path, label: str) -> Path:
    """The page with the label's name; the one without a page of its own name is the only text."""
    page = folder / f"{label}.html"
    return page if page.is_file() else next(folder.glob("*.txt"))


def time_reading(pages: list[Path]) -> int:
    """Read every page three times over, and print what the shortest round took."""
    texts = [decode(fetch(str(page), now=lambda: datetime.now(UTC))) for page in pages]
    rounds = []
    for _ in range(3):
        begun = time.process_time()
        for page, text in zip(pages, texts, strict=True):
            parse.read(text, location=page.as_uri(), content_type="text/html")
        rounds.append(time.process_time() - begun)
    print(f"{len(pages)} pages, {sum(map(len, texts)) / 1000:.0f} kB: {min(rounds):.2f} s")
    return 0


def profile(folder: Path, page: Path, label: str, work: Path) -> list[str]:
    """What makes `inspect` read the page by the profile that two of its titles teach; nothing where there are no two."""
    titles = [
        record["title"] for record in json.loads((folder / f"{label}.json").read_text(encoding="utf-8"))["records"]
    ]
    if len(titles) < 2:
        return []
    file = str(work / f"{label}.toml")
    wanted = ["--title", titles[0], "--title", titles[1], "--write-profile", file]
    subprocess.run([*INSPECT, page, *wanted], capture_output=True, check=True)
    return ["--profile", file]


def read(page: Path, to: Path, *options: str) -> bool:
    done = subprocess.run([*INSPECT, "--json", page, *options], capture_output=True, text=True, check=False)
    to.write_text(done.stdout or "[]", encoding="utf-8")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
