"""A short siege: everybody is answered, and validly, while pages are ingested. How fast, bench/siege.py measures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from siege import LONGEST, SPARE, Seen, Service, besiege, faults_of


def test_a_short_siege_leaves_nobody_without_an_answer(new_database_url: Callable[[str], str], tmp_path: Path) -> None:
    service = Service(tmp_path, new_database_url("sqlite"), 2)
    seen = besiege(service, seconds=2, harvesters=8, count=120, slow=5, idle=50)
    assert seen.errors == []
    assert seen.invalid == 0
    assert seen.ingests > 0
    assert len(seen.kept) > 0
    assert len(seen.beside) == 40


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({}, None),
        ({"errors": ["503"]}, "requests failed"),
        ({"invalid": 1}, "answers were invalid"),
        ({"seconds": [0.1] * 90 + [LONGEST] * 10}, "the slowest hundredth took too long"),
        ({"memory": [80_000_000] * 3 + [100_000_000 + SPARE + 1] * 3}, "memory grew too much"),
        ({"beside": [0.1, LONGEST]}, "others waited too long beside the slow and the idle"),
        ({"ingests": 0}, "nothing was ingested"),
    ],
)
def test_what_is_out_of_bounds_is_said(wrong: dict[str, object], fault: str | None) -> None:
    seen = Seen(seconds=[0.1] * 100, memory=[80_000_000] * 6, beside=[0.1], ingests=1)
    for name, value in wrong.items():
        setattr(seen, name, value)
    assert faults_of(seen) == ([] if fault is None else [f"out of bounds: {fault}"])
