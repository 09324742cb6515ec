"""What work costs, for laws that hold one cost against another: never a time by itself."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

__all__ = ["seconds"]


def seconds(work: Callable[[], object]) -> float:
    """The processor's time of the shortest of three runs."""
    times = []
    for _ in range(3):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)
