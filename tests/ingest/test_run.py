"""A page read again and again: what moves, what stays, what comes back; and what a bad page cannot do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine

from repo_harvest.errors import Busy, StoreUnavailable
from repo_harvest.ingest import Report
from repo_harvest.model import Kind, Listed, Outcome, Window
from repo_harvest.store import ledger
from repo_harvest.store.browse import detail
from repo_harvest.store.engine import open_engine
from tests.pages_kit import WORKS, Site, page_html
from tests.store.kit import dump, walk


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path)


def feed(site: Site) -> dict[str, Listed]:
    rows = walk(site.engine, Window(prefix="oai_dc"), 3, site.clock.now)
    return {str(etree.fromstring(row.header).findtext("identifier")): row for row in rows}


def live(site: Site) -> dict[str, bytes]:
    return {identifier: row.metadata for identifier, row in feed(site).items() if row.metadata is not None}


def counts(report: Report) -> dict[str, int]:
    run = report.run
    found = {kind.value: getattr(run, kind.value) for kind in Kind}
    assert run.seen == sum(found.values()) - run.gone
    return {name: number for name, number in found.items() if number}


def moved(before: dict[str, Listed], after: dict[str, Listed]) -> set[str]:
    return {identifier for identifier, row in after.items() if row != before.get(identifier)}


def test_every_entry_of_a_page_becomes_a_record(site: Site) -> None:
    report = site.run(WORKS)
    assert (report.run.outcome, counts(report)) == (Outcome.DONE, {"new": 5})
    assert {etree.fromstring(xml).findtext("{*}title") for xml in live(site).values()} == {work.title for work in WORKS}


def test_an_unchanged_page_writes_nothing_to_the_feed(site: Site) -> None:
    site.run(WORKS)
    before = dump(site.engine, without=["runs"])
    for _ in range(2):
        assert counts(site.run(WORKS)) == {"same": 5}
    assert dump(site.engine, without=["runs"]) == before


def test_a_page_in_another_order_or_layout_moves_no_datestamp(site: Site) -> None:
    site.run(WORKS)
    before = feed(site)
    assert counts(site.run(WORKS[::-1])) == {"same": 5}
    site.path.write_text(page_html(WORKS).replace("<h4>", "<p><strong>").replace("</h4>", "</strong></p>"))
    assert counts(site.run()) == {"same": 5}
    assert feed(site) == before


@pytest.mark.parametrize(
    "edit",
    [
        {"abstract": "An abstract written anew, of some length, with nothing in it that was there before."},
        {"title": "Mentoring – crossing boundaries, with care?"},
        {"byline": "Gosling, Helena, Buck, Gillian (2016)"},
        {"link": "https://repository.example/handle/1/2"},
    ],
)
def test_an_edited_entry_moves_exactly_one_datestamp(site: Site, edit: dict[str, str]) -> None:
    site.run(WORKS)
    before = feed(site)
    report = site.run([WORKS[0], WORKS[1].but(**edit), *WORKS[2:]])
    assert counts(report) == {"changed": 1, "same": 4}
    after = feed(site)
    (changed,) = moved(before, after)
    assert after.keys() == before.keys()
    assert after[changed].datestamp == report.datestamp


def test_a_removed_entry_is_deleted_and_comes_back_under_its_identifier(site: Site) -> None:
    site.run(WORKS)
    before = feed(site)
    report = site.run(WORKS[1:])
    assert counts(report) == {"same": 4, "gone": 1}
    gone = feed(site)
    (identifier,) = moved(before, gone)
    assert gone[identifier].metadata is None
    assert etree.fromstring(gone[identifier].header).get("status") == "deleted"
    assert counts(site.run(WORKS[1:])) == {"same": 4}
    assert feed(site) == gone
    assert counts(site.run(WORKS)) == {"new": 1, "same": 4}
    back = feed(site)
    assert back.keys() == before.keys()
    assert back[identifier].metadata == before[identifier].metadata
    found = detail(site.engine, identifier)
    assert found is not None
    assert [version.deleted for version in found.versions] == [False, True]


def test_the_same_work_on_two_pages_is_one_item_until_both_have_lost_it(engine: Engine, tmp_path: Path) -> None:
    one = Site(engine, tmp_path, name="one", sets=("one",))
    two = Site(engine, tmp_path, name="two", sets=("two",))
    one.run(WORKS[:3])
    assert counts(two.run(WORKS[2:])) == {"new": 2, "merged": 1}
    assert len(live(one)) == 5
    two.clock.now = one.clock.now = one.clock.now + 100
    assert counts(one.run(WORKS[:2])) == {"same": 2, "gone": 1}
    assert len(live(one)) == 5
    assert counts(two.run(WORKS[3:])) == {"same": 2, "gone": 1}
    assert len(live(one)) == 4


def test_an_entry_listed_twice_is_one_item(site: Site) -> None:
    assert counts(site.run([*WORKS, WORKS[2]])) == {"new": 5, "merged": 1}
    assert counts(site.run(WORKS)) == {"same": 5, "gone": 1}
    assert len(live(site)) == 5


def test_a_correction_that_makes_two_entries_one_leaves_a_tombstone(site: Site) -> None:
    twin = WORKS[3].but(
        byline="Atherton, Peter; Buck, Gillian (2011)",
        abstract="Quite another text, about a survey of ten years before.",
    )
    site.run([*WORKS, twin])
    assert len(live(site)) == 6
    report = site.run([*WORKS, WORKS[3]])
    assert counts(report) == {"same": 5, "merged": 1}
    assert len(live(site)) == 5
    (lost,) = feed(site).keys() - live(site).keys()
    found = detail(site.engine, lost)
    assert found is not None
    assert found.item.merged_into in live(site)


def test_a_dry_run_tells_and_writes_nothing(site: Site) -> None:
    untouched = dump(site.engine)
    assert counts(site.run(WORKS, dry_run=True)) == {"new": 5}
    assert dump(site.engine) == untouched
    site.run(WORKS)
    before = dump(site.engine)
    assert counts(site.run([*WORKS[1:], WORKS[0].but(abstract="Another text altogether.")], dry_run=True)) == {
        "changed": 1,
        "same": 4,
    }
    assert dump(site.engine) == before


def refusals() -> Iterator[tuple[str, Callable[[Path], object], str]]:
    yield "missing", lambda path: path.unlink(), "no such file"
    yield "empty", lambda path: path.write_bytes(b""), "empty"
    yield "a picture", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20), "(?i)not|image"
    yield (
        "a login page",
        lambda path: path.write_text("<html><body><h1>Log in</h1><form><input></form></body></html>"),
        "no publications",
    )
    yield "no entries", lambda path: path.write_text(page_html([])), "no publications"
    yield (
        "another list",
        lambda path: path.write_text(
            page_html(
                [
                    w.but(title=f"Other {w.title[::-1]}", byline=f"Ito, K ({i + 1990})", abstract=w.abstract[::-1])
                    for i, w in enumerate(WORKS)
                ]
            )
        ),
        "accept-drift",
    )


@pytest.mark.parametrize(("spoil", "reason"), [pytest.param(s, r, id=n) for n, s, r in refusals()])
def test_a_bad_page_is_refused_with_its_reason_and_the_feed_stays(
    site: Site, spoil: Callable[[Path], object], reason: str
) -> None:
    site.run(WORKS)
    before = dump(site.engine, without=["runs"])
    spoil(site.path)
    report = site.run()
    assert report.run.outcome is Outcome.REFUSED
    assert "\n" not in report.run.message
    assert pytest.raises(ValueError, match=reason).matches(ValueError(report.run.message))
    assert dump(site.engine, without=["runs"]) == before
    assert counts(site.run(WORKS)) == {"same": 5}


def test_a_person_may_accept_a_page_that_lost_most_entries(site: Site) -> None:
    site.run(WORKS)
    assert site.run(WORKS[:1]).run.outcome is Outcome.REFUSED
    assert counts(site.run(WORKS[:1], accept_drift=True)) == {"same": 1, "gone": 4}


def test_an_unreadable_byline_keeps_the_entry_and_is_reported(site: Site) -> None:
    spoiled = WORKS[1].but(byline="Gosling, Helena; Buck, Gillian (2015-13-45)")
    report = site.run([WORKS[0], spoiled, *WORKS[2:]])
    assert counts(report) == {"new": 5}
    assert any("2015-13-45" in str(problem) or "entries[1]" in problem.where for problem in report.run.problems)
    found = [etree.fromstring(xml) for xml in live(site).values()]
    (kept,) = [xml for xml in found if xml.findtext("{*}title") == spoiled.title]
    assert kept.findtext("{*}date") is None


def test_two_runs_of_one_source_never_overlap(site: Site, database_url: str) -> None:
    site.run(WORKS)
    other = open_engine(database_url)
    state = ledger.source_state(other, "page", str(site.path))
    with ledger.run_lock(other, state.id), pytest.raises(Busy):
        site.run(WORKS)
    assert counts(site.run(WORKS)) == {"same": 5}
    other.dispose()


def test_a_folder_that_takes_no_lock_is_said_to(new_database_url: Callable[[str], str]) -> None:
    engine = open_engine(new_database_url("sqlite"))
    lock = Path(f"{engine.url.database}.run-1.lock")
    lock.mkdir()  # as good as a folder that this user may not write: root may write all
    with (
        pytest.raises(StoreUnavailable, match=r"run-1\.lock cannot be written: Is a directory"),
        ledger.run_lock(engine, 1),
    ):
        pytest.fail("nobody holds it")
    engine.dispose()
