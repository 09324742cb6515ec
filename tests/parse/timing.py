"""What work costs, for laws that hold one cost against another: never a time by itself."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

__all__ = ["seconds"]


def seconds(work: Callable[[], object]) -> float:
    """The processor's time of the shortest of three runs, without the collector, which looks at everybody's objects."""
    times = []
    for _ in range(3):
        gc.disable()
        start = process_time()
        work()
        times.append(process_time() - start)
        gc.enable()
    return min(times)
