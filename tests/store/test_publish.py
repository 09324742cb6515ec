"""Sealed-second publication: what moves, what does not, and what a harvester is shown of it."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Engine, select

from repo_harvest import formats
from repo_harvest.errors import Stale
from repo_harvest.model import Position, Window
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.publish import lock_clock, publish
from repo_harvest.store.tables import feed_clock, items
from tests.store.kit import Clock, Wanted, dump, plan_for, publish_state, walk

ALL = Window(prefix="oai_dc")


def sealed(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(feed_clock.c.sealed)).scalar_one())


def header(row_header: bytes) -> etree._Element:
    return etree.fromstring(row_header)


def test_the_datestamp_is_now_or_one_second_past_the_watermark(engine: Engine) -> None:
    clock = Clock()
    assert publish_state(engine, {"oai:x.org:1": Wanted("One")}, clock) == int(clock.now)
    assert publish_state(engine, {"oai:x.org:1": Wanted("Two")}, clock) == int(clock.now) + 1
    clock.now -= 3600  # a clock that was set back never takes a datestamp back
    assert publish_state(engine, {"oai:x.org:1": Wanted("Three")}, clock) == 1_800_000_002
    assert sealed(engine) == 1_800_000_002


def test_publishing_what_is_there_already_writes_nothing(engine: Engine) -> None:
    clock = Clock()
    state = {"oai:x.org:1": Wanted("One", ("a:b",)), "oai:x.org:2": Wanted("Two", deleted=True)}
    publish_state(engine, state, clock)
    before = dump(engine)
    clock.now += 100
    assert publish_state(engine, state, clock) is None
    assert dump(engine) == before


def test_only_what_differs_moves(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {f"oai:x.org:{i}": Wanted(f"Title {i}") for i in range(5)}, clock)
    clock.now += 10
    second = publish_state(
        engine, {f"oai:x.org:{i}": Wanted("New" if i == 3 else f"Title {i}") for i in range(5)}, clock
    )
    moved = [row for row in walk(engine, ALL, 2, clock.now) if row.datestamp == second]
    assert [header(row.header).findtext("identifier") for row in moved] == ["oai:x.org:3"]


def test_a_plan_made_before_another_publication_is_stale_and_writes_nothing(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One")}, clock)
    late = plan_for(engine, {"oai:x.org:1": Wanted("Late")})
    publish_state(engine, {"oai:x.org:1": Wanted("Early")}, clock)
    before = dump(engine)
    with pytest.raises(Stale):
        publish(engine, late, clock=clock, header_xml=formats.header)
    assert dump(engine) == before


def test_a_tombstone_keeps_its_sets_and_stays_in_every_list(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One", ("a:b",))}, clock)
    publish_state(engine, {"oai:x.org:1": Wanted("One", ("a:b",), deleted=True)}, clock)
    for window in (ALL, Window(prefix="oai_dc", set_spec="a"), Window(prefix="oai_dc", set_spec="a:b")):
        (row,) = walk(engine, window, 10, clock.now)
        assert row.metadata is None
        assert header(row.header).get("status") == "deleted"
        assert [e.text for e in header(row.header).iterfind("setSpec")] == ["a:b"]


def test_leaving_a_set_shows_a_deleted_header_there_and_nowhere_else(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One", ("a:b", "c"))}, clock)
    left = publish_state(engine, {"oai:x.org:1": Wanted("One", ("a:d",))}, clock)

    def status(spec: str | None) -> list[tuple[int, str | None, bool]]:
        rows = walk(engine, Window(prefix="oai_dc", set_spec=spec), 10, clock.now)
        return [(row.datestamp, header(row.header).get("status"), row.metadata is None) for row in rows]

    assert status("a:b") == status("c") == [(left, "deleted", True)]
    assert status("a") == status("a:d") == status(None) == [(left, None, False)]
    clock.now += 50
    edited = publish_state(engine, {"oai:x.org:1": Wanted("Edited", ("a:d",))}, clock)
    assert status("c") == [(left, "deleted", True)]  # what a harvester of `c` sees did not change again
    assert status("a") == [(edited, None, False)]
    back = publish_state(engine, {"oai:x.org:1": Wanted("Edited", ("c",))}, clock)
    assert status("c") == [(back, None, False)]
    assert status("a") == status("a:d") == [(back, "deleted", True)]


def test_a_merged_item_names_its_survivor_and_is_deleted(engine: Engine) -> None:
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One"), "oai:x.org:2": Wanted("Two")}, clock)
    publish_state(
        engine,
        {"oai:x.org:2": Wanted("Two", deleted=True, merged_into="oai:x.org:1"), "oai:x.org:1": Wanted("One+")},
        clock,
    )
    with reading(engine) as connection:
        rows = {r.identifier: r for r in connection.execute(select(items))}
    assert rows["oai:x.org:2"].merged_into == rows["oai:x.org:1"].id
    assert rows["oai:x.org:2"].datestamp == rows["oai:x.org:1"].datestamp


IDS = [f"oai:x.org:{n}" for n in range(6)]
SPECS = ["a", "a:b", "a:c", "d"]
WANTED = st.builds(
    Wanted,
    title=st.sampled_from(["One", "Two", "Three"]),
    sets=st.sets(st.sampled_from(SPECS), max_size=2).map(lambda s: tuple(sorted(s))),
    deleted=st.booleans(),
)
STEPS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(IDS), WANTED, min_size=1, max_size=6), st.integers(-5, 5)), max_size=6
)


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, page_size=st.integers(1, 4), data=st.data())
def test_pages_are_the_list_and_the_list_is_what_was_published(
    engine: Engine, steps: list[tuple[dict[str, Wanted], int]], page_size: int, data: st.DataObject
) -> None:
    """Law: after any publications, walking any window page by page gives exactly what the last state says is in it."""
    clock, now = Clock(), _latest(engine)
    prefix = f"oai:{uuid.uuid4()}:"  # the examples share a database
    state: dict[str, tuple[Wanted, int]] = {}
    for wanted, step in steps:
        now += step
        clock.now = now
        new = {prefix + identifier: want for identifier, want in wanted.items()}
        before = sealed(engine)
        stamp = publish_state(engine, new, clock)
        assert sealed(engine) >= before
        for identifier, want in new.items():
            if identifier not in state or _served(state[identifier][0]) != _served(want):
                assert stamp is not None
                assert stamp > before
                state[identifier] = (want, stamp)
    window = data.draw(st.sampled_from([None, *SPECS]))
    rows = walk(engine, Window(prefix="oai_dc", set_spec=window), page_size, clock.now)
    places = [Position(row.datestamp, row.id) for row in rows]
    assert places == sorted(set(places))
    found = {header(row.header).findtext("identifier"): row for row in rows}
    members = {i: v for i, v in state.items() if window is None or any(_inside(s, window) for s in v[0].sets)}
    # an item that was deleted before it was ever live has no record in any format
    for identifier, (want, stamp) in members.items():
        row = found.get(identifier)
        if row is not None:
            assert (row.datestamp, row.metadata is None) == (stamp, want.deleted)
        else:
            assert want.deleted


def _served(want: Wanted) -> tuple[object, ...]:
    return want.deleted, want.sets, None if want.deleted else want.title


def _inside(spec: str, window: str) -> bool:
    return spec == window or spec.startswith(f"{window}:")


def _latest(engine: Engine) -> int:
    return max(sealed(engine), 1_800_000_000)


def test_a_held_clock_is_answered_from_the_older_watermark(engine: Engine) -> None:
    """Sealing is tried once and without waiting: a long publication never makes a harvester wait."""
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One")}, clock)
    feed = SqlFeed(engine)
    with writing(engine) as connection:
        lock_clock(connection)
        with feed.snapshot(clock.now + 500) as snapshot:
            assert snapshot.sealed == int(clock.now)
    with feed.snapshot(clock.now + 500) as snapshot:
        assert snapshot.sealed == int(clock.now) + 499


def test_who_was_never_shown_leaves_no_header_in_the_set_it_left(engine: Engine) -> None:
    """Found by the law of harvesters: the header came up when the item went live, in a second long answered."""
    clock = Clock()
    publish_state(engine, {"oai:x.org:1": Wanted("One", ("a",), deleted=True)}, clock)
    publish_state(engine, {"oai:x.org:1": Wanted("One", deleted=True)}, clock)
    answered = sealed(engine)
    live = publish_state(engine, {"oai:x.org:1": Wanted("One")}, clock)
    assert walk(engine, Window(prefix="oai_dc", set_spec="a", until=answered), 10, clock.now) == []
    assert [row.datestamp for row in walk(engine, ALL, 10, clock.now)] == [live]
