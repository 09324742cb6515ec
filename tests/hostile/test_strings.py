"""Whatever long string stands in a page, reading it ends soon; `bench.adversarial` measures how the cost grows."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.strings import READERS, UNITS, repeated

_MOST = 10.0  # seconds of the processor's time; what grows with the square of the length takes minutes
_SIZE = 100_000  # characters

units = st.lists(st.sampled_from(UNITS), min_size=1, max_size=4).map("".join)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(unit=units, end=st.sampled_from(("", "x", "!", "(2020)", "\n")))
def test_a_long_string_is_soon_read(name: str, unit: str, end: str) -> None:
    begun = process_time()
    READERS[name](repeated(unit, _SIZE) + end)
    assert process_time() - begun < _MOST
