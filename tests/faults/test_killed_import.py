"""An `import` killed at several moments, and run again: every line is there, once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import Asked, killed, seconds_of

LINES = 500


def test_an_import_killed_at_several_moments_ends_whole(
    database_url: str, new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    undisturbed = new_database_url(database_url.partition(":")[0].partition("+")[0])
    file = tmp_path / "many.jsonl"
    lines = [{"id": str(n), "title": f"A title that is number {n} of many", "date": "2020"} for n in range(LINES)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    shell, engine, cut = Shell(tmp_path, database_url), open_engine(database_url), 0
    length = seconds_of(shell, "import", str(file), environment={"REPO_HARVEST_DATABASE_URL": undisturbed})
    for part in (0.3, 0.6, 0.9):
        cut += killed(shell, "import", str(file), after=length * part)
        Asked(engine, time.time).harvest()  # held against the schemas, whatever it is
    assert cut > 0
    done = shell.run("import", str(file))
    assert done.status == 0, done.err
    time.sleep(2.5)  # the second of its publication is over
    assert len(Asked(engine, time.time).harvest()) == LINES
    engine.dispose()
