"""Write citations of generated works in each style, read them back, and print how many of each field are right.

    python bench/citations.py [--citations N] [--seed N] [--plain]

Each page has 25 citations of one style, with titles and containers in italics as the style has them; with --plain, without.
Exit status: 1 when a field of a style is right in less than 97 of 100.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from repo_harvest.parse.citation import read
from tests.parse.citation.strategies import STYLES, unit, work
from tests.parse.citation.test_styles import RIGHT, expected, fields

PAGE = 25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--citations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    worst = 1.0
    for style in STYLES:
        right = measured(style, Random(options.seed), options)
        worst = min(worst, *right.values())
        print(f"{style:<10}", "  ".join(f"{name} {share:.3f}" for name, share in right.items()))
    print(f"worst {worst:.3f}, at least {RIGHT}")
    return int(worst < RIGHT)


def measured(style: str, random: Random, options: argparse.Namespace) -> dict[str, float]:
    """The share of the citations of a style in which each field is read back as it was written."""
    wrong: Counter[str] = Counter()
    names: dict[str, object] = {}
    for _ in range(0, options.citations, PAGE):
        stated = [work(random) for _ in range(PAGE)]
        units = [unit(STYLES[style](each), marked=not options.plain, number=at) for at, each in enumerate(stated, 1)]
        for each, found in zip(stated, read(units), strict=True):
            told, names = fields(found), expected(style, each)
            wrong.update(name for name, value in names.items() if told[name] != value)
    count = len(range(0, options.citations, PAGE)) * PAGE
    return {name: 1 - wrong[name] / count for name in names}


if __name__ == "__main__":
    sys.exit(main())
