"""Double long strings that mean harm, at every way in by which a source's text is read, and hold what that costs.

    python -m bench.adversarial [--size N] [--readers NAME …]

Run it from the folder of the checkout, with the tests' packages. Strings and ways in are those of tests/hostile/strings.py:
every string at most ways in, and at some those that have their form.
Each string grows from 6,000 characters to N (400,000), until reading it takes 2 seconds of the processor's time. What
doubling costs is the least of three rounds in which half and whole take turns. Prints a line for each way in: how many
strings, the dearest one with its seconds for a million characters, and the worst ratio. Exit status: 1 when doubling a
string, one that takes a quarter of a second or more, costs more than three times as much.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from time import process_time

from tests.hostile.strings import READERS, SHAPES, UNITS, repeated

FIRST, LONG, LEAST, ROUNDS = 6_000, 2.0, 0.25, 3
RATIO = 3.0
WAYS = {**{name: (reader, UNITS) for name, reader in READERS.items()}, **SHAPES}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=400_000)
    parser.add_argument("--readers", nargs="+", choices=list(WAYS), default=list(WAYS), metavar="NAME")
    options = parser.parse_args()
    worst = max(told(name, options.size) for name in options.readers)
    print(f"worst ratio {worst:.2f}, at most {RATIO:g}")
    return int(worst > RATIO)


def told(name: str, most: int) -> float:
    """Prints the line of one way in; the worst ratio of its strings."""
    reader, units = WAYS[name]
    dearest, ratios = (0.0, ""), [(0.0, "")]
    for unit in units:
        size, ratio = grown(reader, unit, most)
        cost = seconds(reader, repeated(unit, size)) / size * 1_000_000
        dearest = max(dearest, (cost, unit))
        ratios.append((ratio, unit))
    ratio, unit = max(ratios)
    print(
        f"{name:24} {len(units)} strings, dearest {dearest[1][:60]!r} {dearest[0]:.1f} s/MB, worst {unit[:60]!r} {ratio:.2f}",
        flush=True,
    )
    return ratio


def grown(reader: Callable[[str], object], unit: str, most: int) -> tuple[int, float]:
    """The size that a string was doubled to, and the worst ratio on the way, 0 where nothing took long enough to tell."""
    size, worst, before = FIRST, 0.0, seconds(reader, repeated(unit, FIRST))
    while size * 2 <= most and before <= LONG:
        size *= 2
        after = seconds(reader, repeated(unit, size))
        if after >= LEAST and after > RATIO * before:
            rounds = [[seconds(reader, repeated(unit, each)) for each in (size // 2, size)] for _ in range(ROUNDS)]
            before, after = (min(times) for times in zip(*rounds, strict=True))
        if after >= LEAST:
            worst = max(worst, after / before)
        before = after
    return size, worst


def seconds(reader: Callable[[str], object], text: str) -> float:
    begun = process_time()
    reader(text)
    return process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
