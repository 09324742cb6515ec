"""A feed moved from SQLite to PostgreSQL and back by the command that people type: no harvester can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url

from repo_harvest.oai import respond
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from tests.cli.shell import Shell
from tests.oai.library import REPOSITORY
from tests.oai.wire import judged
from tests.pages_kit import WORKS, page_html

NOW = 2_000_000_000  # later than anything that is published here
QUERIES = [
    "verb=Identify",
    "verb=ListSets",
    "verb=ListMetadataFormats",
    "verb=ListRecords&metadataPrefix=oai_dc",
    "verb=ListIdentifiers&metadataPrefix=oai_dc&set=social-work",
    "verb=ListRecords&metadataPrefix=oai_dc&from=1999-01-01&until=2099-01-01",
]
DATE = re.compile(rb"<responseDate>[^<]*</responseDate>")


def answers(url: str, queries: list[str]) -> dict[str, bytes]:
    """Every answer to these, and to the tokens that they lead to, but for their dates."""
    engine = open_engine(url)
    repository = replace(REPOSITORY, token_key=schema.token_key(engine))
    found: dict[str, bytes] = {}
    waiting = list(queries)
    while waiting:
        query = waiting.pop()
        body = respond(query, feed=SqlFeed(engine), repository=repository, now=NOW).body
        assert body is not None
        answer = judged(body)
        found[query] = DATE.sub(b"", body)
        if answer.kind.startswith("List") and (resumption := answer.resumption) is not None and resumption.token:
            waiting.append(f"verb={answer.kind}&resumptionToken={quote(resumption.token)}")
    engine.dispose()
    return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A feed on SQLite with a page's works, one of which has left it, and somebody's decision."""
    made = Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")
    made.configure(
        '[sets]\n"social-work" = "Social work"\n'
        '[[source]]\nname = "page"\npath = "page.html"\nsets = ["social-work"]\ndelete_most = 90\n'
    )
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    assert made.run("init").status == 0
    assert made.run("ingest").status == 0
    (tmp_path / "page.html").write_text(page_html(WORKS[1:]), encoding="utf-8")
    assert made.run("ingest").status == 0
    return made


def test_there_and_back_again_nothing_can_be_told(
    shell: Shell, tmp_path: Path, new_database_url: Callable[[str], str]
) -> None:
    urls = [f"sqlite:///{tmp_path}/feed.db", new_database_url("postgresql"), f"sqlite:///{tmp_path}/back.db"]
    before = answers(urls[0], QUERIES)
    assert any("resumptionToken" in query for query in before)
    for here, there in pairwise(urls):
        shell.environment["REPO_HARVEST_DATABASE_URL"] = here
        done = shell.run("move", "--to", there)
        assert done.status == 0, done.err
        assert f'url = "{make_url(there).render_as_string()}"' in done.out
        assert answers(there, [*before]) == before, "tokens that were given out before go on after"
        shell.environment["REPO_HARVEST_DATABASE_URL"] = there
        assert shell.run("validate").status == 0
        told = json.loads(shell.run("ingest", "--json").out)
        assert [(run["new"], run["changed"], run["gone"]) for run in told] == [(0, 0, 0)]
        assert answers(there, [*before]) == before


def test_what_cannot_be_moved_to_is_refused_with_what_to_do(
    shell: Shell, tmp_path: Path, new_database_url: Callable[[str], str]
) -> None:
    here = shell.environment["REPO_HARVEST_DATABASE_URL"]
    before = answers(here, QUERIES)
    done = shell.run("move", "--to", here)
    assert done.status != 0
    assert "is not empty" in done.err
    full = new_database_url("postgresql")
    assert shell.run("move", "--to", full).status == 0
    done = shell.run("move", "--to", full)
    assert done.status != 0
    assert "is not empty" in done.err
    done = shell.run("move", "--to", "mysql://host/x")
    assert done.status == 2
    assert "use sqlite or postgresql+psycopg" in done.err
    assert answers(here, QUERIES) == before
    assert not (tmp_path / "x").exists()
