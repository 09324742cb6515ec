"""Our own feed passes; with a fault planted in it, each is named by the check that is there for it."""

from __future__ import annotations

import pytest

from repo_harvest.check import Limits
from repo_harvest.check.outcome import Status
from tests.check.conftest import Honest
from tests.check.endpoint import blamed, failed, judge, valid
from tests.check.faults import FAULTS, Planted

# The records of the library hold a title and nothing else.
_BARE_RECORDS = {"metadata.link", "list.page-size"}


def test_our_own_feed_passes(honest: Honest) -> None:
    report = judge(valid(honest.ask), wall=honest.wall)
    assert failed(report) == set()
    assert blamed(report) <= _BARE_RECORDS
    assert report.passed
    unchecked = {result.check.id: result.reason for result in report.results if result.status is Status.UNCHECKED}
    assert unchecked == {}


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.name)
def test_a_planted_fault_is_named(honest: Honest, planted: Planted) -> None:
    report = judge(planted.plant(honest.ask), wall=honest.wall)
    assert planted.named_by <= blamed(report)
    assert report.problem == ""


def test_a_record_that_one_list_leaves_out_is_missed_though_both_are_read_in_part(honest: Honest) -> None:
    """Pages of two, four of the five: the deleted record is on the fourth of ListIdentifiers, and in no ListRecords."""
    (planted,) = [row for row in FAULTS if row.name == "missing tombstone"]
    library = Honest(honest.library.split(2))
    few = Limits(pause=0, requests=2000, pages=4)
    assert "list.agree" in failed(judge(planted.plant(library.ask), wall=honest.wall, limits=few))
    assert failed(judge(valid(library.ask), wall=honest.wall, limits=few)) == set()


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({planted.name for planted in FAULTS}) == len(FAULTS)
