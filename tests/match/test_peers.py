"""What the measurement of duplicates beside other programs hands to them, and what it says when one of them fails."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def peer_records(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCH)  # as when it is run
    return import_module("peer_records")


@pytest.fixture
def duplicates(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCH)
    return import_module("duplicates")


@pytest.mark.parametrize(
    ("stated", "inverted"),
    [
        ("Adeli K.", "Adeli, K."),
        ("Le Caer H.", "Le Caer, H."),
        ("Gruenberger J. B.", "Gruenberger, J. B."),
        ("D. Scott Mackay", "Mackay, D. Scott"),
        ("k tan", "tan, k"),
        ("Zuna, R E", "Zuna, R E"),
        ("WHO", "WHO"),
    ],
)
def test_a_peer_is_given_the_surname_first(
    peer_records: ModuleType, tmp_path: Path, stated: str, inverted: str
) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(json.dumps({"id": "1", "title": "Tidal mills", "creators": [stated]}) + "\n", encoding="utf-8")
    (row,) = peer_records.read_rows(file)
    assert row.authors == (inverted,)


def test_a_peer_is_given_what_a_line_says_and_nothing_else(peer_records: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    line = {
        "id": 7,
        "title": "Tidal  mills",
        "date": "2021-03",
        "identifiers": ["isbn:1", "doi:10.1/A"],
        "pages": "1-2",
    }
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (row,) = peer_records.read_rows(file)
    assert (row.id, row.title, row.year, row.doi, row.pages) == ("7", "Tidal mills", "2021", "10.1/A", "1-2")
    assert (row.authors, row.container, row.volume, row.abstract) == ((), "", "", "")


def test_what_a_peer_put_in_no_cluster_is_one_of_its_own(peer_records: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "clusters.csv"
    peer_records.write_clusters(file, ["c", "a", "b"], [["b", "a"]])
    assert file.read_text(encoding="utf-8").splitlines() == ["id,cluster", "c,c", "a,a", "b,a"]


def test_a_program_that_fails_has_no_scores_and_its_reason_is_printed(
    duplicates: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    good = duplicates.Result(seconds=2.5, scores={"f1": 0.5, "precision": 0.75, "recall": 0.25})
    bad = duplicates.Result(failure="out of paper (exit status 3)")
    duplicates.print_table(["cora"], ["ours", "splink"], {("cora", "ours"): bad, ("cora", "splink"): good})
    lines = capsys.readouterr().out.splitlines()
    assert [cell.split() for cell in lines[2].split("|")] == [
        ["cora"],
        ["failed"],
        ["0.5000", "0.7500", "0.2500", "2.5"],
    ]
    assert lines[3:] == ["ours failed on cora: out of paper (exit status 3)"]


def test_a_command_that_fails_is_told_by_its_last_words(duplicates: ModuleType) -> None:
    command = (sys.executable, "-c", "import sys; print('one', file=sys.stderr); sys.exit('two')")
    with pytest.raises(duplicates.Failed, match=r"^two \(exit status 1\)$"):
        duplicates.run(command)
    assert duplicates.run((sys.executable, "-c", "print('three')")) == b"three\n"


def test_without_the_sets_it_says_where_they_were_looked_for(
    duplicates: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["duplicates", "--shared", str(tmp_path)])
    assert duplicates.main() == 2
    assert f"not in {tmp_path / 'data'}: give --shared" in capsys.readouterr().err
