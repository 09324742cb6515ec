"""Five harvesters that others wrote get exactly what was imported: every record, every deletion, every character."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from lxml import etree

from repo_harvest.model import utc_text
from tests.cli.shell import Shell
from tests.clients.drivers import CLIENTS, Found
from tests.clients.lines import COUNT, START, STEP, Line, changed, lines, write
from tests.conftest import PostgresqlDatabases

MIDDLE = START + COUNT // 2 * STEP


@dataclass(frozen=True)
class Served:
    """A feed that is served, and what is in it."""

    url: str
    held: list[Line]
    later: list[Line]
    """What was changed afterwards, and may be asked for with `from` = `since`."""
    since: str

    @property
    def now(self) -> list[Line]:
        """What is in it after all."""
        later = {line.identifier: line for line in self.later}
        return [later.get(line.identifier, line) for line in self.held]

    def stamped_from(self, moment: int) -> list[Line]:
        """What has a datestamp not before a moment (UTC seconds since 1970)."""
        changed_since = {line.identifier for line in self.later}
        return [line for line in self.now if line.datestamp >= moment or line.identifier in changed_since]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgresql_databases: PostgresqlDatabases,
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients")
    url = f"sqlite:///{folder}/feed.db" if request.param == "sqlite" else postgresql_databases.lend()
    shell = Shell(folder, url)
    shell.environment |= {"REPO_HARVEST_FEED_PAGE_SIZE": "40"}
    held, path = lines(), folder / "lines.jsonl"
    write(path, held)
    assert shell.run("import", "--migrate", "lines.jsonl").status == 0
    with shell.running("serve", "--workers", "1"):
        later, before = changed(held), _response_date(shell)
        write(path, later)
        assert shell.run("import", "lines.jsonl").status == 0
        while _response_date(shell) <= before:
            time.sleep(0.1)
        yield Served(f"http://127.0.0.1:{shell.port}/oai", held, later, before)
    if request.param == "postgresql":
        postgresql_databases.take_back(url)


def _response_date(shell: Shell) -> str:
    status, body = shell.get("/oai?verb=Identify")
    assert status == 200
    return str(etree.fromstring(body).findtext("{*}responseDate"))


def as_records(listed: list[Line]) -> list[Found]:
    return sorted(Found(line.identifier, line.deleted, None if line.deleted else line.title) for line in listed)


def as_headers(listed: list[Line]) -> list[Found]:
    return sorted(Found(line.identifier, line.deleted, None) for line in listed)


@pytest.fixture(params=list(CLIENTS))
def harvest(request: pytest.FixtureRequest, served: Served) -> Callable[..., list[Found]]:
    """Harvests with one of the clients; what it found, in the order of identifiers."""

    def ask(verb: str, **arguments: str) -> list[Found]:
        given = {name.rstrip("_"): value for name, value in arguments.items()}
        return sorted(CLIENTS[request.param](served.url, verb, {"metadataPrefix": "oai_dc", **given}))

    return ask


def test_everything_is_found_once_and_as_it_was_written(served: Served, harvest: Callable[..., list[Found]]) -> None:
    assert harvest("ListRecords") == as_records(served.now)
    assert harvest("ListIdentifiers") == as_headers(served.now)


@pytest.mark.parametrize("spec", ["a", "a:b", "c"])
def test_a_set_holds_those_in_it_and_those_below_it(
    served: Served, harvest: Callable[..., list[Found]], spec: str
) -> None:
    assert harvest("ListRecords", set=spec) == as_records([line for line in served.now if line.is_in(spec)])


def test_who_comes_back_is_given_what_changed_and_nothing_else(
    served: Served, harvest: Callable[..., list[Found]]
) -> None:
    assert harvest("ListRecords", from_=served.since) == as_records(served.later)
    assert harvest("ListRecords", from_=utc_text(MIDDLE)) == as_records(served.stamped_from(MIDDLE))
    day = MIDDLE // 86_400 * 86_400
    assert harvest("ListIdentifiers", from_=utc_text(day)[:10]) == as_headers(served.stamped_from(day))


def test_one_record_is_found_by_any_identifier(served: Served, harvest: Callable[..., list[Found]]) -> None:
    for line in [line for line in served.now if not line.deleted][:7]:
        assert harvest("GetRecord", identifier=line.identifier) == as_records([line])


def test_the_lines_are_as_nasty_as_they_claim_to_be() -> None:
    held, later = lines(), changed(lines())
    text = "".join(line.title for line in held)
    assert len({line.identifier for line in held}) == COUNT == 500
    assert all(
        re.search(pattern, text)
        for pattern in ("<", "&", '"', "'", "]]>", "[\u4e00-\u9fff]", "[\u0600-\u06ff]", "[\U00010000-\U0010ffff]")
    )
    assert 60 < sum(line.deleted for line in held) < 80
    assert {line.deleted for line in later} == {True, False}
    assert all(any(line.is_in(spec) for line in held) for spec in ("a", "a:b", "a:b:d", "c"))
