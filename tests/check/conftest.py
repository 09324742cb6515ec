"""The feed that is judged: a real one, filled once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from repo_harvest.check.client import Ask
from repo_harvest.store.engine import open_engine
from repo_harvest.web.oai_app import oai_app
from tests.check.endpoint import over_wsgi
from tests.oai.library import REPOSITORY, Library, fill


@dataclass(frozen=True)
class Honest:
    """Our own endpoint, and its clock."""

    library: Library

    @property
    def ask(self) -> Ask:
        return over_wsgi(oai_app(self.library.feed, self.library.repository, now=self.library.clock))

    def wall(self) -> float:
        return self.library.clock.now


@pytest.fixture(scope="session")
def honest(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Honest]:
    path = tmp_path_factory.mktemp("honest") / "feed.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    repository = replace(
        REPOSITORY,
        compression=("gzip",),
        friends=("https://example.com/oai",),
        metadata_rights="https://creativecommons.org/publicdomain/zero/1.0/",
    )
    library = Library(engine, repository=repository)
    fill(library)
    yield Honest(library)
    engine.dispose()
