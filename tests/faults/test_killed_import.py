"""An `import` killed at several moments, and run again: every line is there, once."""

from __future__ import annotations

import json
import time
from pathlib import Path

from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import Asked, killed

LINES = 1500


def test_an_import_killed_at_several_moments_ends_whole(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [{"id": str(n), "title": f"A title that is number {n} of many", "date": "2020"} for n in range(LINES)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    shell, engine, cut = Shell(tmp_path, database_url), open_engine(database_url), 0
    for seconds in (0.8, 1.5, 2.5):
        cut += killed(shell, "import", str(file), after=seconds)
        Asked(engine, time.time).harvest()  # held against the schemas, whatever it is
    assert cut > 0
    done = shell.run("import", str(file))
    assert done.status == 0, done.err
    time.sleep(2.5)  # the second of its publication is over
    assert len(Asked(engine, time.time).harvest()) == LINES
    engine.dispose()
