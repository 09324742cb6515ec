"""Whatever a source says, a run ends with a plain word and the feed as it was; `bench.hostile_sources` measures the cost.

The slow cases, and time and memory of all, are for the bench; here the others go through the same front door. Those
whose name moves need a process of their own, whose resolver the machine's own start-up file replaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from lxml import etree

from tests.hostile.arena import Arena, apart, arena, within
from tests.hostile.cases import CASES, Case
from tests.hostile.items import ITEMS

_QUICK = [case for case in (*CASES, *ITEMS) if not case.slow and case.url is None]
_MOVING = [case for case in CASES if case.url is not None]
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """An arena in which nobody waits long between two attempts: the bench waits as long as people do."""
    with pytest.MonkeyPatch.context() as patch, arena(tmp_path_factory.mktemp("hostile"), within) as made:
        patch.setattr(import_module("repo_harvest.source.fetch"), "_PAUSE", 0.001)
        yield made


@pytest.mark.parametrize("case", _QUICK, ids=lambda case: case.name)
def test_a_hostile_source_is_met_in_words(ground: Arena, case: Case) -> None:
    fight = ground.fight(case)
    assert fight.faults() == [], fight.said


def test_a_name_that_moves_is_judged_where_it_leads_now(tmp_path_factory: pytest.TempPathFactory) -> None:
    with arena(tmp_path_factory.mktemp("moving"), apart) as ground:
        for case in _MOVING:
            fight = ground.fight(case)
            assert fight.faults() == [], fight.said


def test_a_title_that_means_harm_is_served_as_words(ground: Arena) -> None:
    (case,) = (case for case in CASES if case.name == "scripts and overrides in a title")
    ground.fight(case)
    trees = [etree.fromstring(record) for record in ground.rendered("oai_dc")]
    (title,) = (found for tree in trees for found in [tree.findtext(_TITLE) or ""] if "alert" in found)
    assert "<script>alert(1)</script>" in title
    assert "txet desrever and bells" in title
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", title)
