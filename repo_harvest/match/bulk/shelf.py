"""The features of records in two files, found by id: written once, in any order, then read by any number of processes."""

from __future__ import annotations

import os
import pickle
from array import array
from bisect import bisect_left
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from repo_harvest.match.features import Features

__all__ = ["Shelf", "ShelfWriter", "packed", "unpacked"]

_CONTENT, _INDEX = "features", "features.index"


def packed(features: Features) -> bytes:
    """For a file of our own, or a machine of our own; `unpacked` is the inverse."""
    return pickle.dumps(features, pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Features:
    """The inverse of `packed`."""
    found = pickle.loads(content)  # noqa: S301 -- a file that this run wrote, in a folder that is ours alone
    assert isinstance(found, Features)
    return found


class ShelfWriter:
    """Fills a folder; what is added can be read by `Shelf` once the context is left."""

    def __init__(self, folder: Path) -> None:
        self._index = folder / _INDEX
        self._content = (folder / _CONTENT).open("wb")
        self._ids, self._ends = array("q"), array("q")
        self._end = 0

    def add(self, entry_id: int, content: bytes) -> None:
        """Put packed features there."""
        self._content.write(content)
        self._end += len(content)
        self._ids.append(entry_id)
        self._ends.append(self._end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._content.close()
        starts = array("q", [0, *self._ends[:-1]])
        order = sorted(range(len(self._ids)), key=self._ids.__getitem__)
        with self._index.open("wb") as index:
            for column in (self._ids, starts, self._ends):
                array("q", (column[at] for at in order)).tofile(index)


class Shelf:
    """Reads what a `ShelfWriter` left in the folder; to be left as a context."""

    def __init__(self, folder: Path) -> None:
        path = folder / _INDEX
        size = path.stat().st_size // 24
        self._ids, self._starts, self._ends = array("q"), array("q"), array("q")
        with path.open("rb") as index:
            for column in (self._ids, self._starts, self._ends):
                column.fromfile(index, size)
        self._content = (folder / _CONTENT).open("rb")

    def read(self, ids: Collection[int]) -> dict[int, Features]:
        """The features of these ids."""
        file = self._content.fileno()
        found = {}
        for entry_id in ids:
            at = bisect_left(self._ids, entry_id)
            start = self._starts[at]
            found[entry_id] = unpacked(os.pread(file, self._ends[at] - start, start))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._content.close()
