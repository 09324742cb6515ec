"""Run `repo-harvest ingest` against every hostile source of tests/hostile, and print what each cost.

    python -m bench.hostile_sources [PART OF A NAME …]

Run it from the folder of the checkout, with the tests' packages. Exit status: 1 if a source cost more than 40 s (with
the start of the program), 400 MB of its processes or 12 requests (30 where entries are looked up elsewhere), if what came of it
or was said of it is not what is due, if a person was shown a traceback, or if the feed moved.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.arena import arena
from tests.hostile.cases import CASES
from tests.hostile.items import ITEMS


def main(parts: list[str]) -> int:
    wrong = 0
    print(f"{'source':44} {'exit':>4} {'s':>6} {'MB':>5} {'asked':>5} {'feed':9} message")
    with tempfile.TemporaryDirectory() as name, arena(Path(name)) as ground:
        for case in (*CASES, *ITEMS):
            if parts and not any(part in case.name for part in parts):
                continue
            fight = ground.fight(case)
            feed = "untouched" if fight.untouched else "moved"
            cost = f"{fight.status:>4} {fight.seconds:6.1f} {fight.peak / 1e6:5.0f} {fight.requests:>5} {feed:9}"
            print(f"{case.name[:44]:44} {cost} {fight.message[:150]}", flush=True)
            for fault in (*fight.faults(), *fight.excesses()):
                wrong += 1
                print(f"    OUT OF BOUNDS: {fault}", flush=True)
    print(f"{wrong} out of bounds")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
