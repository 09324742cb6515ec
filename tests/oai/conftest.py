"""A library on each kind of database, and one that is filled once for tests that only read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.store.engine import open_engine
from tests.oai.library import Library, fill


@pytest.fixture
def library(new_database_url: Callable[[str], str]) -> Iterator[Library]:
    """An empty library."""
    engine = open_engine(new_database_url("sqlite"))
    yield Library(engine)
    engine.dispose()


@pytest.fixture
def either(engine: Engine) -> Library:
    """An empty library, on each kind of database in turn."""
    return Library(engine)


@pytest.fixture(scope="session")
def shelf(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A filled library, only to be read."""
    path = tmp_path_factory.mktemp("shelf") / "feed.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    library = Library(engine)
    fill(library)
    yield library
    engine.dispose()
