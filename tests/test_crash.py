"""A run killed at any moment leaves a valid feed, and the next one ends where an undisturbed one would have."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine, select

from repo_harvest.formats import validate_response
from repo_harvest.model import Outcome
from repo_harvest.oai import Repository, respond
from repo_harvest.store import ledger
from repo_harvest.store.engine import open_engine, reading
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.tables import feed_clock, items, runs
from tests.cli.shell import Shell
from tests.faults.kit import killed, seconds_of
from tests.faults.locks import lock_watch
from tests.pages_kit import WORKS, Work, page_html
from tests.store.kit import dump

ENTRIES = 160  # two pages of an answer
KILLS = {"sqlite": 5, "postgresql": 4}  # `bench.endure` kills hundreds


def edition(number: int) -> list[Work]:
    """A long list; in each edition every third entry has another abstract, and a few come and go."""
    works = []
    for i in range(ENTRIES):
        work = WORKS[i % len(WORKS)]
        text = f"{work.abstract} Edition {number}." if i % 3 == number % 3 else work.abstract
        if (i + number) % 40:
            works.append(
                work.but(title=f"{work.title} in the {i}th place", abstract=text, link=f"https://x.org/item/{i}")
            )
    return works


def harvest(engine: Engine) -> dict[str, bool]:
    """Identifier -> deleted, as a harvester gets them page by page; every page is held against the schemas."""
    repository = Repository(
        name="Test", base_url="http://x.org/oai", identifier="x.org", admin_emails=("a@x.org",), token_key=b"k" * 32
    )
    found: dict[str, bool] = {}
    query = "verb=ListRecords&metadataPrefix=oai_dc"
    while query:
        body = respond(query, feed=SqlFeed(engine), repository=repository, now=time.time()).body
        assert body is not None
        assert validate_response(body) == ()
        tree = etree.fromstring(body)
        for header in tree.iterfind(".//{*}header"):
            found[str(header.findtext("{*}identifier"))] = header.get("status") == "deleted"
        token = tree.findtext(".//{*}resumptionToken")
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_random_moments_the_feed_stays_valid_and_converges(
    kind: str, tmp_path: Path, new_database_url: Callable[[str], str]
) -> None:
    assert survive(Shell(tmp_path, new_database_url(kind)), new_database_url(kind), kills=KILLS[kind]) > 0


def survive(shell: Shell, undisturbed_url: str, *, kills: int) -> int:
    """Start so many runs and kill them, every second one as it publishes; after each the feed has to be valid, and at the end what it would be undisturbed.

    Returns how many of the runs were still going on when they were killed.
    """
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\nsets = ["a:b"]\n')
    page = shell.folder / "page.html"
    page.write_text(page_html(edition(0)), encoding="utf-8")
    length = seconds_of(shell, "ingest")
    engine = open_engine(shell.environment["REPO_HARVEST_DATABASE_URL"])
    chance, cut = random.Random(7), 0
    clock = 0
    for number in range(kills):
        page.write_text(page_html(edition(number % 3 + 1)), encoding="utf-8")
        if number % 2:
            cut += killed(shell, "ingest", after=length * chance.uniform(0.2, 1.1))
        else:
            cut += killed(shell, "ingest", after=length * chance.uniform(0, 0.05), inside=publishing(engine))
        assert ENTRIES * 0.9 < sum(not deleted for deleted in harvest(engine).values()) <= ENTRIES
        with reading(engine) as connection:
            sealed = connection.execute(select(feed_clock.c.sealed)).scalar_one()
            newest = connection.execute(
                select(items.c.datestamp).order_by(items.c.datestamp.desc()).limit(1)
            ).scalar_one()
        assert newest <= sealed
        assert sealed >= clock
        clock = sealed
    assert_converges(shell, engine, undisturbed_url)
    engine.dispose()
    return cut


def publishing(engine: Engine) -> Callable[[], bool]:
    """Whether a run that begins after this call has come to its publication: the ledger has it, and the lock is taken."""
    locked, last = lock_watch(engine), ledger.last_runs(engine)["page"].id
    return lambda: (ledger.last_runs(engine)["page"].id or 0) > (last or 0) and locked()


def assert_converges(shell: Shell, engine: Engine, undisturbed_url: str) -> None:
    done = shell.run("ingest")
    assert done.status == 0, done.err
    before = dump(engine, without=["runs"])
    assert shell.run("ingest").status == 0
    assert dump(engine, without=["runs"]) == before
    assert shell.run("ingest", environment={"REPO_HARVEST_DATABASE_URL": undisturbed_url}).status == 0
    undisturbed = open_engine(undisturbed_url)
    live = {identifier for identifier, deleted in harvest(engine).items() if not deleted}
    assert live == {identifier for identifier, deleted in harvest(undisturbed).items() if not deleted}
    undisturbed.dispose()
    with reading(engine) as connection:
        outcomes = set(connection.execute(select(runs.c.outcome)).scalars())
    assert outcomes <= {Outcome.DONE, Outcome.DIED}
    assert ledger.last_runs(engine)["page"].outcome is Outcome.DONE


def test_two_schedulers_on_one_database_run_a_due_source_once(tmp_path: Path, database_url: str) -> None:
    shell = Shell(tmp_path, database_url)
    sources = ""
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.html").write_text(
            page_html([w.but(title=f"{w.title} {name}", link="") for w in WORKS]), encoding="utf-8"
        )
        sources += f'[[source]]\nname = "{name}"\npath = "{name}.html"\nschedule = "0 0 1 1 *"\n'
    shell.configure(sources)
    engine = open_engine(database_url)
    with shell.running("schedule"), shell.running("schedule"):
        deadline = time.monotonic() + 60
        while len(done := ledger.last_runs(engine)) < 3 or any(run.ended is None for run in done.values()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1)
    with reading(engine) as connection:
        assert len(connection.execute(select(runs)).fetchall()) == 3
    assert len(harvest(engine)) == 15
    engine.dispose()
