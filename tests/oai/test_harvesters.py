"""A harvester that comes back misses nothing, whichever way it chooses `from`: ten thousand steps of random life.

The six ways are those that the publication promises: the responseDate of the first or last page of a list that was
harvested to its end, the largest datestamp that is held, and each of these and a second. By whole days, which begin
earlier, nothing can be missed either.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from repo_harvest.model import Feed
from tests.oai.faults import AFTER_PUBLISHING, FEEDS, Wrong
from tests.oai.harvesters import Harvesting
from tests.oai.stage import Aftermath

STEPS = 5_000  # on each kind of database
_STEPS_OF_ONE = 50
_FOUND = sorted(set(FEEDS) - {"an exclusive until", "pages that overlap", "flat sets", "a wrong size"})
"""Which wrong feeds make a harvester miss something; the others are found by walking pages."""


def machine(
    arena: Engine, *, aftermath: Aftermath | None = None, wrong: Callable[[Feed], Feed] | None = None
) -> type[Harvesting]:
    """The machine on a database, with a fault if one is planted."""
    values = {"arena": arena, "aftermath": staticmethod(aftermath) if aftermath else None}
    return type("Harvesters", (Harvesting,), {**values, "wrong": staticmethod(wrong) if wrong else None, "steps": 0})


def test_no_harvester_misses_a_change_in_ten_thousand_steps(arena: Engine) -> None:
    life = machine(arena)
    while life.steps < STEPS:
        left = (STEPS - life.steps) // _STEPS_OF_ONE + 1
        run_state_machine_as_test(
            life,
            settings=settings(
                max_examples=left,
                stateful_step_count=_STEPS_OF_ONE,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert life.steps >= STEPS


def _must_be_found(life: type[Harvesting]) -> None:
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(
            life,
            settings=settings(
                max_examples=300,
                stateful_step_count=_STEPS_OF_ONE,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.parametrize("fault", _FOUND)
@pytest.mark.parametrize("arena", ["sqlite"], indirect=True)
def test_a_feed_that_is_wrong_is_found(arena: Engine, fault: str) -> None:
    _must_be_found(machine(arena, wrong=lambda true: Wrong(true, FEEDS[fault])))


@pytest.mark.parametrize("fault", sorted(AFTER_PUBLISHING))
@pytest.mark.parametrize("arena", ["sqlite"], indirect=True)
def test_a_publisher_that_is_wrong_is_found(arena: Engine, fault: str) -> None:
    _must_be_found(machine(arena, aftermath=AFTER_PUBLISHING[fault]))
