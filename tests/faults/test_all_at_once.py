"""Two services, two schedulers and two ingests on one PostgreSQL at once, while a harvester comes back again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from repo_harvest.store.engine import open_engine
from tests.cli.shell import Shell, free_port
from tests.faults.kit import Asked
from tests.oai.wire import judged
from tests.pages_kit import WORKS, page_html

LIST = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"
SOURCES = 3
ROUNDS = 2


def configured(folder: Path, url: str, port: int) -> Shell:
    folder.mkdir()
    shell = Shell(folder, url)
    shell.port = port
    shell.environment["REPO_HARVEST_SERVER_PORT"] = str(port)
    blocks = [
        f'[[source]]\nname = "page-{number}"\npath = "page-{number}.html"\nschedule = "* * * * *"\n'
        for number in range(SOURCES)
    ]
    shell.configure("".join(blocks) + "[scheduler]\njitter = 0\n")
    for number in range(SOURCES):
        (folder / f"page-{number}.html").write_text(page_html(WORKS[number::SOURCES]), encoding="utf-8")
    return shell


def test_many_processes_on_one_database_serve_one_feed(tmp_path: Path, new_database_url: Callable[[str], str]) -> None:
    url = new_database_url("postgresql")
    both = [configured(tmp_path / name, url, free_port()) for name in ("one", "other")]
    with ExitStack() as stack:
        for shell in both:
            stack.enter_context(shell.running("serve", "--workers", "1"))
            stack.enter_context(shell.running("schedule"))
        for shell in both:
            assert shell.get("/readyz")[0] == 200
        for _ in range(ROUNDS):
            running = [shell.start("ingest") for shell in both]
            while any(process.poll() is None for process in running):
                for shell in both:
                    status, body = shell.get(LIST)
                    assert status == 200
                    assert judged(body).codes in ([], ["noRecordsMatch"])
                time.sleep(0.1)
            for process in running:
                said = process.err
                assert "Traceback" not in said
                assert process.returncode == 0 or "is going on" in said or "kept publishing" in said, said
    engine = open_engine(url)
    assert len(Asked(engine, time.time).harvest()) == len(WORKS)
    engine.dispose()
