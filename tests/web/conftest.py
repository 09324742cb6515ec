"""The whole service on a new database of each kind, and a reader of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine

from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.app import make_app
from repo_harvest.web.oai_app import oai_app
from tests.oai.library import Library
from tests.store.kit import Wanted
from tests.web.http import Http
from tests.web.reader import Reader
from tests.web.shelf import REPOSITORY, Shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@pytest.fixture
def shelf(engine: Engine) -> Shelf:
    return Shelf(engine)


@pytest.fixture
def app_at(shelf: Shelf) -> Callable[[str], WSGIApplication]:
    """Makes the whole service, as one that is reached at a base URL."""

    def make(base_url: str) -> WSGIApplication:
        repository = replace(REPOSITORY, base_url=base_url)
        oai = oai_app(SqlFeed(shelf.engine), repository, now=shelf.clock)
        return make_app(engine=shelf.engine, oai=oai, repository=repository, clock=shelf.clock)

    return make


@pytest.fixture
def reader(app_at: Callable[[str], WSGIApplication]) -> Reader:
    return Reader(app_at(REPOSITORY.base_url))


@pytest.fixture
def http(new_database_url: Callable[[str], str]) -> Iterator[Http]:
    """A feed of five items in a set."""
    engine = open_engine(new_database_url("sqlite"))
    library = Library(engine)
    library.put({number: Wanted(f"Title {number}", ("a:b",)) for number in range(5)})
    yield Http(library)
    engine.dispose()


@pytest.fixture
def break_database(engine: Engine, database_url: str) -> Callable[[], None]:
    """Really takes the database away: its file holds something else, or it is dropped from its server."""

    def breaking() -> None:
        if engine.dialect.name == "sqlite":
            engine.dispose()
            Path(str(engine.url.database)).write_bytes(b"This is no database.\n" * 1000)
            return
        name = str(engine.url.database)
        server = create_engine(database_url.replace(f"/{name}?", "/postgres?"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()

    return breaking
