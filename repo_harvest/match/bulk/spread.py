"""A function and chunks of work in, its results out, in order: made by several processes beside each other."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

__all__ = ["chunked", "spread"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_WAITING = 2  # chunks that wait for each process, so that it is never idle and memory is bounded


def spread(function: Callable[[_In], _Out], chunks: Iterable[_In], *, processes: int | None = None) -> Iterator[_Out]:
    """The results of a function that is importable by name; one process for each processor unless said, none for 1.

    Processes are started anew: a copy of one that has threads, as DuckDB's, may hang.
    """
    count = processes or os.cpu_count() or 1
    if count == 1:
        yield from map(function, chunks)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        under_way: deque[Future[_Out]] = deque()
        for chunk in chunks:
            under_way.append(pool.submit(function, chunk))
            if len(under_way) >= count * _WAITING:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def chunked(things: Iterable[_In], size: int) -> Iterator[list[_In]]:
    """The things in lists of `size`; the last one is shorter."""
    left = iter(things)
    while chunk := list(islice(left, size)):
        yield chunk
