"""Imports that tell of a part of their records: what they leave out stays, also where it shares an item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine

from repo_harvest.ingest import Press
from repo_harvest.ingest.lines import import_file, migrate_file
from repo_harvest.model import Outcome, Window
from repo_harvest.store import ledger
from tests.store.kit import Clock, walk

LINE = {"title": "One work that two lines of a file list", "creators": ["Ito, Kei"], "date": "2020"}
FIRST = {**LINE, "id": "a", "identifiers": ["https://x.org/a"]}
SECOND = {**LINE, "id": "b", "identifiers": ["https://x.org/b"]}


class Lines:
    """A file of lines and the database it is imported into."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.path, self.clock = folder / "lines.jsonl", Clock()
        self.press = Press(engine=engine, clock=self.clock, repository="x.org")

    def load(self, *lines: Mapping[str, object]) -> None:
        self.path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        self.clock.now += 60
        import_file(self.path, self.press)

    def served(self) -> list[set[str | None] | None]:
        """The identifiers in each record; `None` for a deleted one."""
        rows = walk(self.press.engine, Window(prefix="oai_dc"), 10, self.clock.now)
        return [
            None if row.metadata is None else {e.text for e in etree.fromstring(row.metadata).iterfind("{*}identifier")}
            for row in rows
        ]


@pytest.fixture
def lines(engine: Engine, tmp_path: Path) -> Lines:
    return Lines(engine, tmp_path)


def test_a_line_taken_away_leaves_the_item_that_another_line_still_holds(lines: Lines) -> None:
    lines.load(FIRST, SECOND)
    assert lines.served() == [{"https://x.org/a", "https://x.org/b"}]
    lines.load({**SECOND, "deleted": True})
    assert lines.served() == [{"https://x.org/a"}]
    lines.load({**FIRST, "deleted": True})
    assert lines.served() == [None]


def test_an_updated_line_keeps_what_a_line_left_out_gave_the_item(lines: Lines) -> None:
    lines.load(FIRST, SECOND)
    lines.load({**FIRST, "language": "en"})
    assert lines.served() == [{"https://x.org/a", "https://x.org/b"}]


def test_a_line_that_was_moved_here_is_updated_by_its_identifier(lines: Lines) -> None:
    moved = {**LINE, "identifier": "oai:y.org:1", "datestamp": "2020-01-01"}
    lines.path.write_text(json.dumps(moved), encoding="utf-8")
    migrate_file(lines.path, lines.press)
    lines.load({**moved, "title": "Another title altogether", "date": "1999", "identifiers": ["https://x.org/a"]})
    assert lines.served() == [{"https://x.org/a"}]
    lines.load({**moved, "deleted": True})
    assert lines.served() == [None]


def test_an_import_that_fails_says_so_in_the_ledger(lines: Lines, engine: Engine) -> None:
    lines.load(FIRST)
    press = Press(engine=engine, clock=lines.clock, repository="x.org", advance=_fail)
    with pytest.raises(ZeroDivisionError):
        import_file(lines.path, press)
    run = ledger.last_runs(engine)["import-lines"]
    assert (run.outcome, run.message) == (Outcome.FAILED, "ZeroDivisionError: planning broke")


def _fail(_steps: int) -> None:
    raise ZeroDivisionError("planning broke")
