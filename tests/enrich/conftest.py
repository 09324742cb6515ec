"""The web that entries are looked up in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from repo_harvest.store.engine import open_engine
from tests.enrich.kit import Web


@pytest.fixture
def web(httpserver: HTTPServer) -> Web:
    """A server of our own, without a robots.txt."""
    found = Web(httpserver)
    found.serve("/robots.txt", "no such page", status=404)
    return found


@pytest.fixture
def shelf(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A new database on SQLite, for what does not depend on its kind."""
    file = tmp_path / "shelf.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()
