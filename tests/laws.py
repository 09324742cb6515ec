"""How often a law is tried: some times by the suite, many more by whoever looks for what no run has tried."""

from __future__ import annotations

from hypothesis import settings

__all__ = ["EXPLORE", "tries"]

EXPLORE = "explore"
"""The profile of `pytest --hypothesis-profile=explore`: other examples each time, and eight times as many."""
_MORE = 8


def tries(count: int) -> int:
    """The examples of a law that has so many in the suite."""
    return count * _MORE if settings.get_current_profile_name() == EXPLORE else count
