"""A real PostgreSQL and a real standby of it, which stands still, catches up and dies, under a service that reads from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from tests.cli.shell import Shell
from tests.faults.postgresql import Server, own_server
from tests.oai.wire import Response, judged

LIST = "verb=ListIdentifiers&metadataPrefix=oai_dc"
BOUND = 20.0  # seconds


@pytest.fixture
def servers(postgresql_server: str) -> Iterator[tuple[Server, Server]]:
    del postgresql_server  # it has prepared what its package needs of the environment
    with own_server() as primary, own_server(primary) as standby:
        yield primary, standby


class Service:
    """The program on both servers."""

    def __init__(self, folder: Path, primary: Server, standby: Server) -> None:
        self.shell = Shell(folder, primary.url)
        self.shell.configure("[feed]\npage_size = 2\n")
        self.shell.environment["REPO_HARVEST_DATABASE_READ_URL"] = standby.url
        self._standby = standby

    def publish(self, *numbers: int) -> None:
        """Import so many records, as one file of lines."""
        lines = [f'{{"id": "{number}", "title": "Record {number}"}}\n' for number in numbers]
        (self.shell.folder / "records.jsonl").write_text("".join(lines), encoding="utf-8")
        assert self.shell.run("import", "records.jsonl").status == 0

    def ask(self, query: str) -> Response:
        status, body = self.shell.get(f"/oai?{query}")
        assert status == 200, body
        return judged(body)

    def rest(self, page: Response) -> list[str]:
        """The identifiers of this page and of all that follow it."""
        found = list(page.identifiers)
        while page.resumption is not None and page.resumption.token:
            page = self.ask(f"verb=ListIdentifiers&resumptionToken={quote(page.resumption.token)}")
            found += page.identifiers
        return found

    def now(self) -> str:
        """The responseDate of the primary, which is ahead of a standby that stands still."""
        return self.ask("verb=ListSets").date

    def tell_standby(self, statement: str) -> None:
        engine = create_engine(self._standby.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + BOUND
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_standby_serves_lists_and_makes_nobody_miss_anything(servers: tuple[Server, Server], tmp_path: Path) -> None:
    primary, standby = servers
    service = Service(tmp_path, primary, standby)
    assert service.shell.run("init").status == 0
    with service.shell.running("serve", "--workers", "1"):
        assert service.shell.get("/readyz")[0] == 200
        service.publish(1, 2, 3)
        eventually(lambda: len(service.rest(service.ask(LIST))) == 3)
        first = service.ask(LIST)
        service.tell_standby("SELECT pg_wal_replay_pause()")
        service.publish(4, 5)
        time.sleep(2)
        assert len(service.rest(service.ask(LIST))) == 3, "the standby answers, and stands still"
        eventually(lambda: service.ask(f"{LIST}&from={service.now()}").codes == ["noRecordsMatch"])
        service.tell_standby("SELECT pg_wal_replay_resume()")
        eventually(lambda: len(service.rest(service.ask(LIST))) == 5)
        assert len(service.rest(first)) == 5, "a list goes on with what came meanwhile"
        standby.stop()
        assert len(service.rest(service.ask(LIST))) == 5, "the primary answers in its place"
        assert service.shell.get("/readyz")[0] == 200
        standby.start()
        primary.stop()
        try:
            eventually(lambda: service.shell.get(f"/oai?{LIST}")[0] == 200)
            assert len(service.rest(service.ask(LIST))) == 5, "the standby answers alone"
            assert service.shell.get("/readyz")[0] == 200
        finally:
            primary.start()
    assert "answers again" in service.shell.output
