"""Write a page of many publications, the same at every run, or time how reading it grows with its size.

    python bench/big_page.py [--entries N] [--out FILE]
    python bench/big_page.py [--entries N] --time [--runs N]

The page has a heading for each year; an entry is a linked title, a byline, where it appeared, for two of three an
abstract, and what a site puts below. 5,000 entries are about 3 MB. `--time` reads N / 2 and N entries, takes the
processor's time of the shortest of some runs (seconds), and prints their ratio. Exit status: 1 when the ratio is above
2.3, so that twice the page costs more than twice the time, or when the reader finds another number of entries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from random import Random
from time import process_time

from repo_harvest.parse import read

LINEAR = 2.3  # a page doubled may cost this many times as much: the rest is noise and memory
LOCATION = "https://repository.example/list/"
NEWEST, YEARS = 2024, 40

SURNAMES = [
    "Adeyemi", "Brandt", "Castellanos", "Dupont", "Eriksen", "Fairweather", "Grant", "Hughes", "Ito", "Kowalczyk",
    "Lindqvist", "Mehta", "Nguyen", "Okafor", "Petrov", "Quintana", "Rahman", "Sørensen", "Tso", "Yamada", "Zeller",
]  # fmt: skip  # a list of words
GIVEN = [
    "Ann", "Boris", "Chloé", "Daniel", "Emi", "Farhana", "Grace", "Hans", "Inés", "Jonas", "Kenji", "Lucía", "Maja",
    "Ngozi", "Olu", "Per", "Rohan", "Siân", "Tunde", "Zofia",
]  # fmt: skip  # a list of words
ASPECTS = ["A history of", "What is known about", "The measurement of", "Against", "The future of", "Fieldwork on"]
SUBJECTS = ["hedges", "bus stops", "footnotes", "tidal mills", "choirs", "ledgers", "night shifts", "wells", "ferries"]
PLACES = ["in small towns", "after the flood", "by the sea", "in winter", "since 1945", "between neighbours"]
PUBLISHERS = ["Thornfield Press", "Harrow & Pine", "Kanaal Academic", "Taylor & Francis", "SAGE Publications"]
SENTENCES = (
    "Nobody had counted them before, so the first part of the work was to walk and to count.",
    "Interviews with forty people who use them every day show how much is agreed on without a word.",
    "The archive holds letters, bills and one map, and they do not agree with one another.",
    "Three methods are compared, and the cheapest turns out to be good enough for most purposes.",
    "What is usually called neglect is better understood as another kind of attention.",
    "The paper ends with advice for those who have a week, a bicycle and no budget.",
)


def page(entries: int) -> str:
    """The page: `entries` publications under headings by year, newest first."""
    body = "\n".join(sections(entries))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Publications</title></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/people">People</a></li></ul></nav></header>
<main><h1>Publications</h1>
{body}
</main><footer><p>Wexham Research Repository</p></footer></body></html>
"""


def sections(entries: int) -> Iterator[str]:
    random = Random(entries)
    for at in range(YEARS):
        year, numbers = NEWEST - at, range(entries * at // YEARS, entries * (at + 1) // YEARS)
        if numbers:
            yield f'<h2 id="y{year}">{year}</h2>\n<ul class="publications">'
            yield from (entry(number, year, random) for number in numbers)
            yield "</ul>"


def entry(number: int, year: int, random: Random) -> str:
    title = f"{random.choice(ASPECTS)} {random.choice(SUBJECTS)} {random.choice(PLACES)}: study {number + 1}"
    people = "; ".join(f"{random.choice(SURNAMES)}, {random.choice(GIVEN)}" for _ in range(random.randint(1, 5)))
    date = random.choice([f"{year}", f"{year}-{random.randint(1, 12):02d}", f"{year}-{random.randint(1, 12):02d}-15"])
    abstract = " ".join(random.choices(SENTENCES, k=random.randint(2, 7))) if number % 3 else ""
    return f"""<li class="publication">
<h3 class="title"><a href="/handle/20.500.12345/{number + 1}">{title}</a></h3>
<p class="byline">{people} ({escape(random.choice(PUBLISHERS))}, {date})</p>
{f'<p class="abstract">{abstract}</p>' if abstract else ""}
<p class="links"><a href="/bitstream/{number + 1}/paper.pdf">PDF</a> <a href="/export/{number + 1}.bib">BibTeX</a></p>
</li>"""


def seconds(text: str, expected: int) -> float:
    """The processor's time that reading takes; exits when not every entry is found."""
    start = process_time()
    found = len(read(text, location=LOCATION, content_type="text/html").entries)
    took = process_time() - start
    if found != expected:
        sys.exit(f"{found} entries were found of {expected}")
    return took


def timed(entries: int, runs: int) -> int:
    """Half and whole take turns, so that a busy machine is busy for both; prints a line for each, then the ratio."""
    sizes = (entries // 2, entries)
    pages = [page(size) for size in sizes]
    rounds = [[seconds(text, size) for text, size in zip(pages, sizes, strict=True)] for _ in range(runs)]
    half, whole = (min(times) for times in zip(*rounds, strict=True))
    for size, text, took in zip(sizes, pages, (half, whole), strict=True):
        print(f"{size} entries, {len(text.encode()) / 1e6:.2f} MB: {took:.2f} s")
    print(f"ratio {whole / half:.2f}, at most {LINEAR}")
    return int(whole / half > LINEAR)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--out", type=Path, help="where the page goes; standard output unless named")
    parser.add_argument("--time", action="store_true", help="read the page and half of it, and print the ratio")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if options.entries < 2 or options.runs < 1:
        parser.error("at least two entries and one run")
    if options.time:
        return timed(options.entries, options.runs)
    if options.out:
        options.out.write_text(page(options.entries), encoding="utf-8")
    else:
        sys.stdout.write(page(options.entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
