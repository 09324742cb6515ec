"""The queue of duplicates at the desk: two records side by side, what a merge would keep, a decision and its undoing."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.model import Record
from repo_harvest.store.browse import count_feed, detail
from repo_harvest.store.review import doubts, stored_rulings
from repo_harvest.web.desk.difference import LABELS, differences
from tests.pages_kit import WORKS, Site, Work
from tests.store.kit import dump
from tests.web.test_desk import Scene, scene_on

LIKE = (
    Work("Editorial", "Buck, Gillian (2016)", "Mentors open the year with what they heard on the wings.", None),
    Work("Editorial", "Buck, Gillian (2016)", "Mentors close the year with what they heard at the gates.", None),
)


@pytest.fixture
def scene(engine: Engine, tmp_path: Path) -> Scene:
    """Two pages, of which each lists a work that may be one."""
    made = scene_on(engine, tmp_path)
    (tmp_path / "b").mkdir()
    other = Site(engine, tmp_path / "b", name="other")
    made.site.run([*WORKS[:2], LIKE[0]])
    other.clock.now = made.site.clock.now
    other.run([*WORKS[2:4], LIKE[1]])
    made.site.clock.now = other.clock.now + 60
    assert [(found.one_record.title, found.other_record.title) for found in doubts(engine)] == [(("Editorial",),) * 2]
    return made


def test_the_identifiers_of_names_and_the_funders_of_both_records_are_shown() -> None:
    one = Record(name_identifiers=("Lee, Ann | https://orcid.org/0000-0002-1825-0097",), funding=("Council",))
    other = Record(affiliations=("Lee, Ann | An Archive",), funding=("Council",))
    told = {found.label: found.same for found in differences(one, other, every=True)}
    assert told == {"Identifiers of names": False, "Affiliations": False, "Funding": True}
    assert list(LABELS) == [field.name for field in fields(Record)]


def test_a_pair_is_shown_side_by_side_with_score_reasons_and_what_a_merge_would_keep(scene: Scene) -> None:
    before = dump(scene.engine, without=["sessions"])
    (doubt,) = doubts(scene.engine)
    answer, text = scene.anna.get("admin/duplicates"), scene.text("admin/duplicates")
    assert "Pair 1 of 1" in text
    assert f"(score {doubt.score:.2f})" in text
    assert all(reason in text for reason in doubt.reasons)
    assert "<mark>open</mark> the year" in answer.text
    assert f"{doubt.one} stays." in text
    assert f"{doubt.other} becomes a deleted record" in text
    assert "Creators Buck, Gillian both" in text
    assert [key in answer.text for key in ('accesskey="s"', 'accesskey="d"', 'accesskey="l"')] == [True] * 3
    assert dump(scene.engine, without=["sessions"]) == before, "to foresee a merge changes nothing"
    assert "1 pair of records may be the same work. Decide" in scene.text("admin/")


def test_a_merge_is_done_and_undone(scene: Scene) -> None:
    (doubt,) = doubts(scene.engine)
    live = count_feed(scene.engine, now=0).live
    done = scene.press("admin/duplicates/same", one=doubt.one, other=doubt.other, skip="0", note="one report")
    assert "Nothing is in doubt" in scene.anna.follow(done).text
    gone = detail(scene.engine, doubt.other)
    assert gone is not None
    assert gone.item.merged_into == doubt.one
    (ruling,) = stored_rulings(scene.engine)
    assert (ruling.verdict, ruling.made_by, ruling.note) == ("same", "anna", "one report")
    assert "Merged away" in scene.text(f"admin/record?identifier={doubt.other}")
    assert "decision 1" in scene.text(f"admin/record?identifier={doubt.one}")
    assert "one report" in scene.text("admin/decisions")
    assert 'accesskey="u"' in scene.anna.get("admin/duplicates").text
    back = scene.anna.follow(scene.press(f"admin/decisions/{ruling.id}/undo"))
    assert "; undone on" in back.text
    assert count_feed(scene.engine, now=0).live == live
    assert len(doubts(scene.engine)) == 1
    assert scene.press(f"admin/decisions/{ruling.id}/undo").status_code == 409


def test_different_works_stay_and_are_doubted_no_more(scene: Scene) -> None:
    (doubt,) = doubts(scene.engine)
    live = count_feed(scene.engine, now=0).live
    scene.press("admin/duplicates/different", one=doubt.one, other=doubt.other, skip="0")
    assert (doubts(scene.engine), count_feed(scene.engine, now=0).live) == ([], live)


def test_what_cannot_be_decided_is_refused_and_changes_nothing(scene: Scene) -> None:
    (doubt,) = doubts(scene.engine)
    before = dump(scene.engine, without=["sessions"])
    for one, other in ((doubt.one, doubt.one), (doubt.one, "oai:x.org:none"), ("", ""), ("<b>", doubt.other)):
        answer = scene.press("admin/duplicates/same", one=one, other=other, skip="x")
        assert answer.status_code == 409, (one, other)
        assert "<b>" not in answer.text
    assert scene.press("admin/duplicates/same", one="\0", other=doubt.other).status_code == 404
    assert scene.press("admin/duplicates/later", one=doubt.one, other=doubt.other).status_code == 404
    for skip in ("7", "-1", "x", "99999999999", ""):
        assert scene.anna.get(f"admin/duplicates?skip={skip}").status_code == 200
    assert dump(scene.engine, without=["sessions"]) == before
