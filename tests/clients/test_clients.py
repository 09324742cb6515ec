"""Five clients by others, on feeds in both kinds of database: each gets exactly what the imported file holds, and all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cli.shell import Shell
from tests.clients.library import CROWD, LINES, PAGE, QUESTIONS, SIZE, Item, answer
from tests.oai.wire import judged

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CLIENTS = {
    "Sickle": [sys.executable, "-m", "tests.clients.with_sickle"],
    "oaipmh-scythe": [sys.executable, "-m", "tests.clients.with_scythe"],
    "pyoai": [sys.executable, "-m", "tests.clients.with_pyoai"],
    "HTTP::OAI": ["perl", str(HERE / "with_http_oai.pl")],
    "oai-pmh": ["node", str(HERE / "with_oai_pmh.js")],
}
# What a client cannot do with any feed, and what it says of it. Once it can, its line here fails, and goes.
CANNOT = {
    # HTTP::OAI::Repository::validate_setSpec_2_0 lacks `~`, which OAI-PMH.xsd has in setSpecType: it never asks.
    ("HTTP::OAI", "a set named with a tilde"): "Set spec not in OAI format",
    # src/oai-pmh-list.js goes through a page's items as a list, but src/oai-pmh-xml.js makes no list of a single one.
    ("oai-pmh", "a set of one record"): "is not iterable",
}
KINDS = ["sqlite", "postgresql"]
Answers = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def serve(
    tmp_path_factory: pytest.TempPathFactory, new_database_url_for_module: Callable[[str], str]
) -> Iterator[Callable[[str], Shell]]:
    """Starts the feed in a kind of database, once: the lines, imported by the command and served by the command."""
    with ExitStack() as running:

        @cache
        def start(kind: str) -> Shell:
            shell = Shell(tmp_path_factory.mktemp(kind), new_database_url_for_module(kind))
            shell.configure(f"[feed]\npage_size = {PAGE}\n")
            text = "".join(json.dumps(line.as_dict(), ensure_ascii=False) + "\n" for line in reversed(LINES))
            (shell.folder / "feed.jsonl").write_text(text, encoding="utf-8")
            done = shell.run("import", "--migrate", "feed.jsonl")
            assert done.status == 0, done.err
            running.enter_context(shell.running("serve", "--workers", "1"))
            shell.get("/healthz")
            return shell

        yield start


@pytest.fixture(scope="module")
def harvest(serve: Callable[[str], Shell]) -> Callable[[str, str], Answers]:
    """Has a client answer each question, in a row and once, on the feed in a kind of database."""

    @cache
    def answers(client: str, kind: str) -> Answers:
        done = subprocess.run(
            [*CLIENTS[client], f"http://127.0.0.1:{serve(kind).port}/oai"],
            input="".join(json.dumps(question) + "\n" for question in QUESTIONS.values()),
            cwd=ROOT,
            env={**os.environ, "NODE_PATH": str(Path(sys.prefix) / "node" / "node_modules")},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return dict(zip(QUESTIONS, map(json.loads, done.stdout.splitlines()), strict=True))

    return answers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_client_gets_exactly_what_was_imported(
    harvest: Callable[[str, str], Answers], client: str, kind: str, name: str
) -> None:
    given = harvest(client, kind)[name]
    if (client, name) in CANNOT:
        assert CANNOT[client, name] in given["error"]
    else:
        assert "error" not in given, given
        got = [Item(**item) for item in given["items"]]
        assert sorted(got, key=lambda item: item.identifier) == answer(QUESTIONS[name])


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_that_clients_get_is_valid(serve: Callable[[str], Shell], kind: str) -> None:
    feed = serve(kind)
    for question in QUESTIONS.values():
        found, query = 0, urlencode(question)
        while query:
            status, body = feed.get(f"/oai?{query}")
            assert status == 200
            response = judged(body)
            found += len(response.payload.findall(".//{*}header"))
            token = response.payload.findtext("{*}resumptionToken")
            query = urlencode({"verb": question["verb"], "resumptionToken": token}) if token else ""
        assert found == len(answer(question))


def test_the_feed_is_as_hard_as_it_claims() -> None:
    assert len(LINES) == len({line.identifier for line in LINES}) == SIZE
    assert sum(line.datestamp == LINES[0].datestamp for line in LINES) == CROWD > PAGE
    assert {"2021-03-01T23:59:59Z", "2021-03-02T00:00:00Z"} <= {line.datestamp for line in LINES}
    expected = {name: answer(question) for name, question in QUESTIONS.items()}
    assert all(len(items) > 0 for items in expected.values())
    lists = {name: items for name, items in expected.items() if QUESTIONS[name]["verb"] != "GetRecord"}
    assert {name for name, items in lists.items() if len(items) % PAGE == 1} == {"a set of one record"}
    assert {item.deleted for item in expected["every record"]} == {True, False}
    assert {spec for item in expected["a set and what is below it"] for spec in item.sets} >= {"a", "a:b", "a:b:c"}
    text = "".join(value for line in LINES for values in line.dc.values() for value in values)
    assert all(sign in text for sign in ["&", "<", ">", '"', "'", "]]>"])
    assert max(map(ord, text)) > 0xFFFF
    identifiers = "".join(line.identifier for line in LINES)
    assert all(sign in identifiers for sign in "-._~:/?#@!$&'()*+,;=%")
    specs = "".join(spec for line in LINES for spec in line.sets)
    assert all(sign in specs for sign in ":-_.!~*'()")
