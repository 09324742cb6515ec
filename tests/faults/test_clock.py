"""The clock steps back an hour and forward a day: no datestamp goes back, and an incremental harvester misses nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.faults.kit import LIST, Asked
from tests.store.kit import Clock, Wanted, publish_state


@pytest.mark.parametrize("step", [-3600, 86400])
def test_after_a_step_of_the_clock_and_back_nothing_is_missed(engine: Engine, step: int) -> None:
    clock = Clock()
    asked = Asked(engine, clock)
    held: dict[str, str] = {}
    stamps: list[int] = []
    since = ""
    for number, move in enumerate((0, step, 1, -step, 1)):
        clock.now += move
        name = f"oai:x.org:{number}"
        stamp = publish_state(engine, {name: Wanted("New"), "oai:x.org:same": Wanted(f"Edition {number}")}, clock)
        assert stamp is not None
        stamps.append(stamp)
        date = asked.page("verb=Identify").date
        got = asked.harvest(LIST + since)
        assert {name, "oai:x.org:same"} <= set(got)
        assert got["oai:x.org:same"] > held.get("oai:x.org:same", "")
        held |= got
        since = f"&from={date}"
    assert stamps == sorted(set(stamps))
    assert held == asked.harvest()
