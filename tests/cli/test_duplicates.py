"""Duplicates from the command line, as a library's staff would meet them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell

EDITORIAL = {"title": "Editorial", "creators": ["Buck, Gillian"], "date": "2016"}
PAPER = {"title": "Peer mentoring and the prison gate", "creators": ["Buck, Gillian"], "date": "2016", "language": "en"}
LINES = [
    {**EDITORIAL, "id": "a"},
    {**EDITORIAL, "id": "b"},
    {**PAPER, "id": "c", "publisher": "Gate Press", "identifiers": ["https://doi.org/10.1000/1"]},
    {**PAPER, "id": "d", "date": "2016-05", "identifiers": ["https://doi.org/10.1000/1"]},
]


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    shell = Shell(tmp_path, database_url)
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    assert shell.run("import", "lines.jsonl").out.startswith("import-lines: 3 new, 0 changed, 0 same, 0 gone, 1 merged")
    return shell


def in_doubt(shell: Shell) -> list[str]:
    """The identifiers of the first pair in doubt."""
    listed = json.loads(shell.run("duplicates", "list", "--json").out)["listed"]
    return [listed[0][side]["identifier"] for side in ("one", "other")] if listed else []


def works(shell: Shell) -> set[frozenset[str]]:
    rows = list(csv.DictReader(io.StringIO(shell.run("duplicates", "clusters").out)))
    return {
        frozenset(row["id"] for row in rows if row["cluster"] == cluster) for cluster in {r["cluster"] for r in rows}
    }


def test_what_is_in_doubt_is_looked_at_decided_and_undone(shell: Shell) -> None:
    listed = shell.run("duplicates", "list")
    one, other = in_doubt(shell)
    for words in (
        one,
        other,
        "Editorial (Buck, Gillian, 2016)",
        "1 pair in doubt, of 2 records",
        "duplicates merge ONE OTHER",
    ):
        assert words in listed.out
    shown = shell.run("duplicates", "show", one, other).out
    for words in ("import-lines, line 1", "import-lines, line 2", "uncertain", "rules "):
        assert words in shown
    merged = shell.run(
        "duplicates", "merge", one, other.rpartition(":")[2], "--by", "Ada", "--note", "one text, printed twice"
    )
    assert merged.status == 0
    assert "merged into oai:x.org:" in merged.out
    assert works(shell) == {frozenset("ab"), frozenset("cd")}
    assert shell.run("duplicates", "list").out == "nothing is in doubt\n"
    decisions = shell.run("duplicates", "list", "--decisions").out
    for words in ("same", "Ada", "one text, printed twice"):
        assert words in decisions
    (decision,) = json.loads(shell.run("duplicates", "list", "--decisions", "--json").out)
    assert "back again" in shell.run("duplicates", "undo", str(decision["number"])).out
    assert "(undone " in shell.run("duplicates", "list", "--decisions").out
    assert works(shell) == {frozenset("a"), frozenset("b"), frozenset("cd")}
    assert shell.run("duplicates", "split", one, other).out == "kept; the feed stays as it is\n"
    assert in_doubt(shell) == []


def test_why_a_record_is_one_and_who_gave_what(shell: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.run("duplicates", "clusters").out)))
    (paper,) = {row["cluster"] for row in rows if row["id"] in {"c", "d"}}
    shown = json.loads(shell.run("duplicates", "show", paper, "--json").out)
    (record,) = shown["records"]
    assert record["record"]["date"] == ["2016-05"]
    assert record["given_by"]["date"] == "import-lines, line 4"
    assert record["given_by"]["publisher"] == "import-lines, line 3"
    (said,) = shown["said"]
    assert said["verdict"] == "same"
    assert any("DOI" in reason for reason in said["reasons"])
    told = shell.run("duplicates", "show", paper).out
    assert "Given by" in told
    assert "same" in shell.run("show", paper).out
    split = shell.run("duplicates", "split", paper)
    assert (split.status, works(shell)) == (0, {frozenset(x) for x in "abcd"})


def test_a_rebuild_says_what_it_would_do_first(shell: Shell) -> None:
    told = shell.run("duplicates", "rebuild", "--dry-run").out
    assert "4 entries: 1 pair the same; 1 pair of works in doubt; 0 groups of records would change" in told
    told = shell.run("duplicates", "rebuild", "--json").out
    assert json.loads(told) == {"entries": 4, "same": 1, "uncertain": 1, "dry_run": False, "regrouped": []}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("merge", "none", "nobody"), "oai:x.org:none: there is no such item"),
        (("show", "none"), "oai:x.org:none: there is no such item"),
        (("undo", "7"), "7: no such decision"),
        (("rebuild", "--engine", "oracle"), "'oracle' is not one of 'sql', 'duckdb', 'spark'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    outcome = shell.run("duplicates", *arguments)
    assert outcome.status == 2
    assert words in outcome.err
