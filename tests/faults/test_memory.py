"""A page that needs more memory than there is: the run fails plainly, and the feed is as it was."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

from repo_harvest.model import Outcome
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import Asked, ingest_under
from tests.faults.watching import Watch
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

MEMORY = 700 * 2**20  # bytes of address space: the program starts in it, and cannot hold the page as a tree
UP_MEMORY = 900 * 2**20  # the same, for a service of several threads


def test_a_page_too_big_for_memory_fails_plainly_and_leaves_the_feed(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    url = new_database_url("sqlite")
    engine = open_engine(url)
    publish_state(engine, {"oai:x.org:1": Wanted("One")}, Clock())
    shell = Shell(tmp_path, url)
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n')
    page = page_html(WORKS)
    (tmp_path / "page.html").write_text(
        page.replace("</body>", "<p>words, words" * 380_000 + "</body>"), encoding="utf-8"
    )
    done = ingest_under(shell, {resource.RLIMIT_AS: MEMORY})
    assert done.status == 1
    assert "Traceback" not in done.err, done.err
    assert re.search(r"took more than [0-9]+ MB of memory", done.out + done.err), done.err
    assert set(Asked(engine, Clock()).harvest()) == {"oai:x.org:1"}
    engine.dispose()


def test_up_goes_on_serving_beside_a_page_too_big_for_memory(
    new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    url = new_database_url("sqlite")
    engine = open_engine(url)
    publish_state(engine, {"oai:x.org:1": Wanted("One")}, time.time)
    shell = Shell(tmp_path, url)
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\nschedule = "* * * * *"\n[scheduler]\njitter = 0\n')
    page = page_html(WORKS)
    (tmp_path / "page.html").write_text(
        page.replace("</body>", "<p>words, words" * 380_000 + "</body>"), encoding="utf-8"
    )
    with shell.running("up", "--workers", "1", limits={resource.RLIMIT_AS: UP_MEMORY}):
        watch = Watch(shell)
        shell.get("/healthz")
        until = time.monotonic() + 60
        while (run := ledger.last_runs(engine).get("page")) is None or run.ended is None:
            assert watch.ask().status == 200
            assert time.monotonic() < until
            time.sleep(0.3)
        assert watch.ask().status == 200
    assert run.outcome is not Outcome.DONE
    assert "memory" in run.message
    assert "Traceback" not in shell.output
    assert watch.invalid == []
    assert watch.errors == 0
    engine.dispose()
