"""The client that authors of ResourceSync wrote, against a server of ours: what is in its folder is what the feed holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.validate import validator

import pytest
from lxml import etree
from resync.client import Client  # type: ignore[import-untyped]  # it states no types
from resync.client_state import ClientState  # type: ignore[import-untyped]  # it states no types
from resync.sitemap import Sitemap  # type: ignore[import-untyped]  # it states no types
from sqlalchemy import Engine

from repo_harvest.model import utc_text
from tests.oai.library import Library
from tests.store.kit import Wanted
from tests.web.copier import canonical, harvested, service


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A folder that the client keeps, of a server at `home`."""

    library: Library
    home: str
    folder: Path
    client: Client

    def check(self) -> None:
        """Every file is the document of an item, and every item has one."""
        files = {
            f"{self.home}{path.relative_to(self.folder)}": canonical(etree.fromstring(path.read_bytes()))
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        assert files == harvested(self.library.engine, self.home)


@pytest.fixture(params=[2, 100], ids=["in parts", "whole"])
def copy(
    request: pytest.FixtureRequest, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Copy]:
    monkeypatch.chdir(tmp_path)  # where the client notes what it has seen
    with WSGIServer(("127.0.0.1", 0), _Quiet) as server:
        home, folder = f"http://127.0.0.1:{server.server_port}/", tmp_path / "copy"
        library = Library(engine)
        app = service(engine, size=request.param, clock=library.clock, base_url=f"{home}oai")
        server.set_app(validator(app))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = Client(hashes=["sha-256"])
        client.set_mappings([home, str(folder)])
        yield Copy(library=library, home=home, folder=folder, client=client)
        server.shutdown()
        thread.join()


def test_a_client_that_others_wrote_keeps_a_copy(copy: Copy) -> None:
    library, client = copy.library, copy.client
    library.put({number: Wanted(f"Title {number}") for number in range(7)})
    library.put({3: Wanted("Title 3", deleted=True)}, after=10)
    client.baseline_or_audit(allow_deletion=True)
    copy.check()
    library.put({1: Wanted("Another"), 3: Wanted("Title 3"), 7: Wanted("Title 7")}, after=10)
    library.put({2: Wanted("Title 2", deleted=True), 5: Wanted("Another")}, after=10)
    follow(copy)
    copy.check()
    library.put({7: Wanted("Title 7", deleted=True)}, after=10)
    follow(copy)
    copy.check()


def follow(copy: Copy) -> None:
    """An incremental synchronization. The client cannot read an index of change lists: it wants each part to be a change.

    So its parser reads the index, and it is told of the parts one by one.
    """
    with urlopen(f"{copy.home}changelist.xml") as answer:
        index = Sitemap()
        listed = index.parse_xml(fh=answer)
    if not index.parsed_index:
        copy.client.incremental(allow_deletion=True)
        return
    since = utc_text(int(ClientState().get_state(copy.client.sitemap)))
    for part in sorted(one.uri for one in listed):
        copy.client.incremental(allow_deletion=True, change_list_uri=part, from_datetime=since)
