"""An entry that a page no longer lists is deleted when enough good runs agree, never too many at once, and comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from repo_harvest.ingest import Report
from repo_harvest.ingest.lines import import_file
from repo_harvest.model import Kind, Listed, Outcome, Window
from repo_harvest.store import ledger
from tests.laws import tries
from tests.pages_kit import WORKS, Site
from tests.store.kit import dump, empty, walk


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return patient(Site(engine, tmp_path), 3)


def patient(site: Site, runs: int, *, most: int = 30) -> Site:
    """The site, whose entries are deleted after so many runs."""
    site.source = replace(site.source, delete_after=runs, delete_most=most)
    return site


def feed(site: Site) -> list[Listed]:
    return walk(site.engine, Window(prefix="oai_dc"), 100, site.clock.now)


def counts(report: Report) -> dict[str, int]:
    assert report.run.outcome is Outcome.DONE, report.run.message
    return {kind.value: number for kind in Kind if (number := getattr(report.run, kind.value))}


def reasons(report: Report) -> list[str]:
    return [change.reason for change in report.changes if change.kind is Kind.MISSING]


def test_an_entry_is_deleted_when_so_many_runs_in_a_row_have_missed_it(site: Site) -> None:
    site.run(WORKS)
    before = feed(site)
    for run in (1, 2):
        report = site.run(WORKS[1:])
        assert counts(report) == {"same": 4, "missing": 1}
        assert reasons(report) == [f"not on the page in {run} of the 3 runs that must agree before it is deleted"]
        assert report.run.seen == 4
        assert ledger.last_runs(site.engine)["page"].missing == 1
        assert (feed(site), report.datestamp) == (before, None)
    assert counts(site.run(WORKS[1:])) == {"same": 4, "gone": 1}
    assert sum(row.metadata is None for row in feed(site)) == 1
    assert counts(site.run(WORKS[1:])) == {"same": 4}
    assert counts(site.run(WORKS)) == {"same": 4, "new": 1}
    assert [row.metadata for row in feed(site)].count(None) == 0
    assert counts(site.run(WORKS[1:])) == {"same": 4, "missing": 1}


def test_an_entry_that_is_back_starts_anew_and_no_harvester_has_seen_a_thing(site: Site) -> None:
    site.run(WORKS)
    before = feed(site)
    for works in [WORKS[1:], WORKS[1:], WORKS, WORKS[1:], WORKS[1:], WORKS]:
        site.run(works)
    assert counts(site.run(WORKS)) == {"same": 5}
    assert feed(site) == before


def test_an_entry_may_come_back_edited_and_elsewhere(site: Site) -> None:
    site.run(WORKS)
    site.run(WORKS[1:])
    report = site.run([*WORKS[1:], WORKS[0].but(abstract=f"{WORKS[0].abstract} The text is open to all.")])
    assert counts(report) == {"same": 4, "changed": 1}
    assert counts(site.run(WORKS[1:])) == {"same": 4, "missing": 1}


def test_a_refused_run_agrees_with_nobody(site: Site) -> None:
    site.run(WORKS)
    site.run(WORKS[1:])
    kept = dump(site.engine, without=["runs"])
    for _ in range(5):
        assert site.run(WORKS[3:]).run.outcome is Outcome.REFUSED
    assert dump(site.engine, without=["runs"]) == kept
    assert counts(site.run(WORKS[1:])) == {"same": 4, "missing": 1}


def test_a_dry_run_tells_what_is_missing_and_does_not_count(site: Site) -> None:
    site.run(WORKS)
    for _ in range(4):
        assert reasons(site.run(WORKS[1:], dry_run=True)) == [
            "not on the page in 1 of the 3 runs that must agree before it is deleted"
        ]


def test_a_person_who_accepts_the_page_is_worth_all_the_runs(site: Site) -> None:
    site.run(WORKS)
    site.run(WORKS[1:])
    assert counts(site.run(WORKS[3:], accept_drift=True)) == {"same": 2, "gone": 3}


def test_a_page_that_shrinks_run_by_run_is_held_against_the_last_one_each_time(site: Site) -> None:
    site.run(WORKS)
    assert counts(site.run(WORKS[1:])) == {"same": 4, "missing": 1}
    assert counts(site.run(WORKS[2:])) == {"same": 3, "missing": 2}
    assert counts(site.run(WORKS[2:])) == {"same": 3, "missing": 1, "gone": 1}
    assert counts(site.run(WORKS[2:])) == {"same": 3, "gone": 1}


def test_never_more_than_the_share_is_deleted_by_one_run(site: Site) -> None:
    patient(site, 9).run(WORKS)
    site.run(WORKS[1:])
    site.run(WORKS[2:])
    report = patient(site, 1).run(WORKS[2:])
    assert report.run.outcome is Outcome.REFUSED
    assert report.run.message.startswith("deletions: 2 of 5 entries in this run (at most 1 may be). ")
    assert counts(patient(site, 1, most=40).run(WORKS[2:])) == {"same": 3, "gone": 2}


def test_with_a_share_of_nothing_only_a_person_deletes(site: Site) -> None:
    patient(site, 1, most=0).run(WORKS)
    assert site.run(WORKS[1:]).run.outcome is Outcome.REFUSED
    assert counts(site.run(WORKS[1:], accept_drift=True)) == {"same": 4, "gone": 1}


def test_an_import_deletes_at_once_and_as_many_as_it_says(site: Site, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    texts = [f'{{"id": "{i}", "title": "Line number {i} of a file", "date": "2020"' for i in range(5)]
    lines.write_text("\n".join(f"{text}}}" for text in texts))
    assert counts(import_file(lines, site.press)) == {"new": 5}
    lines.write_text("\n".join(f'{text}, "deleted": true}}' for text in texts))
    assert counts(import_file(lines, site.press)) == {"gone": 5}


def test_a_work_that_another_page_still_lists_keeps_what_the_missing_entry_gives_it(
    engine: Engine, tmp_path: Path
) -> None:
    one, two = patient(Site(engine, tmp_path, name="one", sets=("one",)), 2), Site(engine, tmp_path, name="two")
    one.run(WORKS[:3])
    two.clock.now = one.clock.now
    two.run(WORKS[2:])
    one.clock.now = two.clock.now
    before = feed(one)
    assert counts(one.run(WORKS[:2])) == {"same": 2, "missing": 1}
    assert feed(one) == before
    assert counts(one.run(WORKS[:2])) == {"same": 2, "gone": 1}
    (left,) = set(feed(one)) - set(before)
    assert left.metadata is not None
    assert b"<setSpec>one</setSpec>" not in left.header


def test_a_page_that_stays_as_it_is_is_read_in_full_until_the_runs_agree(site: Site) -> None:
    def run() -> tuple[dict[str, int], bool]:
        """What a run does with the page as it stands, and whether it was told that nothing has changed."""
        report = site.run()
        return counts(report), any("has not changed" in problem.what for problem in report.run.problems)

    site.run(WORKS)
    assert run() == ({"same": 5}, True)
    site.write(WORKS[1:])
    assert [run() for _ in range(4)] == [
        ({"same": 4, "missing": 1}, False),
        ({"same": 4, "missing": 1}, False),
        ({"same": 4, "gone": 1}, False),
        ({"same": 4}, True),
    ]


@settings(max_examples=tries(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.lists(st.sets(st.integers(0, 4)), max_size=12))
def test_exactly_those_are_deleted_that_the_last_runs_have_all_missed(
    site: Site, runs: int, absences: list[set[int]]
) -> None:
    empty(site.engine, 0)
    site.source = replace(site.source, name=f"page-{site.clock.now:.0f}", delete_after=runs, delete_most=100)
    site.run(WORKS)
    missed = [0] * 5
    for absent in absences:
        works = [work for number, work in enumerate(WORKS) if number not in absent]
        if site.run(works).run.outcome is not Outcome.DONE:
            assert works == []
            continue
        missed = [missed[number] + 1 if number in absent else 0 for number in range(5)]
        live = {row.metadata for row in feed(site)} - {None}
        there = [number for number, work in enumerate(WORKS) if any(work.title.encode() in xml for xml in live if xml)]
        assert there == [number for number in range(5) if missed[number] < runs]
