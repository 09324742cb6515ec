"""A collection behind a real server, with everything that its pages can show; a scheduler does what managers ask for."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from repo_harvest.model import Run
from repo_harvest.scheduler import Scheduler, next_due
from repo_harvest.settings.adding import add_source
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.app import make_app, make_pages
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.door import Access, Door
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.receipts import Receipts
from repo_harvest.web.server import repository_of
from tests.browser.staff import SOURCES, Staff, filled
from tests.web.desk import USERS
from tests.web_kit import Web, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["House", "open_house"]

_CONFIG = """\
[repository]
name = "Research on Peer Mentoring"
identifier = "example.org"
admin_email = "feed@example.org"
base_url = "{root}oai"

[sets]
"work:mentoring" = "Mentoring"
"""
_SOURCE = """
[[source]]
name = "{name}"
url = "http://{at}/{name}"
schedule = "30 3 * * *"
sets = ["work:mentoring"]
[source.defaults]
language = "en"
type = "article"
"""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- named by the library
        """Nothing: tests are quiet."""


@dataclass(frozen=True, kw_only=True)
class House:
    """A collection that is served at `root`, which ends in a slash.

    `pages` makes its pages; `web` is the site that it reads; `named` are identifiers and numbers that addresses of pages have.
    """

    root: str
    engine: Engine
    pages: Flask
    web: Web
    named: dict[str, str]

    def until(self, is_so: Callable[[], bool], patience: float = 60.0) -> None:
        """Wait until the scheduler has done something."""
        ends = time.monotonic() + patience
        while not is_so():
            assert time.monotonic() < ends, "the scheduler did not do it"
            time.sleep(0.02)

    def last_run(self, source: str) -> Run:
        return ledger.history(self.engine, source)[0]


@contextmanager
def open_house(database_url: str, folder: Path) -> Iterator[House]:
    """The collection while the block runs, on a database that is new."""
    engine = open_engine(database_url)
    with _house(engine, folder) as house:
        yield house
    engine.dispose()


@contextmanager
def _house(engine: Engine, folder: Path) -> Iterator[House]:
    config = folder / "feed.toml"
    server = make_server("127.0.0.1", 0, app=_closed, threaded=True, request_handler=_Quiet)
    root = f"http://127.0.0.1:{server.port}/"
    with serving() as web:
        sources = "".join(_SOURCE.format(name=name, at=web.at) for name in SOURCES)
        config.write_text(_CONFIG.format(root=root) + sources, encoding="utf-8")
        staff = Staff(engine, config, web)
        with filled(staff) as named:
            scheduler = Scheduler(staff.planned, engine=engine, run=staff.run, preview=staff.preview, every=0.2)
            receipts = Receipts(engine)
            server.app, pages = _service(staff, config, receipts)
            with _going_on(server.serve_forever, server.shutdown):
                scheduler.start()
                try:
                    house = House(root=root, engine=engine, pages=pages, web=web, named=named)
                    _harvest(house, receipts)
                    yield house
                finally:
                    scheduler.stop()
    server.server_close()


def _closed(_environ: object, _start: object) -> list[bytes]:
    raise AssertionError("somebody came before the house was open")


@contextmanager
def _going_on(begin: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=begin)
    thread.start()
    try:
        yield
    finally:
        end()
        thread.join()


def _service(staff: Staff, config: Path, receipts: Receipts) -> tuple[WSGIApplication, Flask]:
    """The service as a worker puts it together, and its pages alone."""
    engine, settings = staff.engine, staff.followed.now()
    repository, clients = repository_of(settings, engine), Clients()
    desk = Desk(
        door=Door(Access(users=USERS), engine, clients),
        sources=lambda: [(one.name, one.address, one.schedule) for one in staff.followed.now().sources],
        due=next_due,
        sets={spec: one.name for spec, one in settings.sets.items()},
        press=staff.press,
        config=config.name,
        add_source=partial(add_source, config, {}),
    )
    oai = oai_app(SqlFeed(engine), repository, clients=clients, receipts=receipts)
    app = make_app(engine=engine, oai=oai, repository=repository, desk=desk)
    return app, make_pages(engine=engine, repository=repository, desk=desk)


def _harvest(house: House, receipts: Receipts) -> None:
    """Somebody harvests: one has the first page of a list, another all of it."""
    for agent, query in (("Catalogue of the North 2.1", "ListIdentifiers"), ("", "ListRecords")):
        url = f"{house.root}oai?verb={query}&metadataPrefix=oai_dc"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"User-Agent": agent})) as answer:
            assert answer.status == 200
    assert receipts.flush()
