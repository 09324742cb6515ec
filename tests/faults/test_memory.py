"""A page that needs more memory than there is: the run fails plainly, and the feed is as it was."""

from __future__ import annotations

import re
import resource
from collections.abc import Callable
from pathlib import Path

from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell
from tests.faults.kit import Asked, ingest_under
from tests.pages_kit import WORKS, page_html
from tests.store.kit import Clock, Wanted, publish_state

MEMORY = 700 * 2**20  # bytes of address space: the program starts in it, and cannot hold the page as a tree


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
    done = ingest_under(shell, lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr, done.stderr
    assert re.search(r"took more than [0-9]+ MB of memory", done.stdout + done.stderr), done.stderr
    assert set(Asked(engine, Clock()).harvest()) == {"oai:x.org:1"}
    engine.dispose()
