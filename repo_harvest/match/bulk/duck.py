"""The engine for one big machine: DuckDB finds the candidate pairs and spills to disk, processes compare them.

Keys go through a text file, which DuckDB reads at once; features lie beside it, so that no process holds more
of them than the pairs it is comparing.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from repo_harvest.errors import Refused
from repo_harvest.match.bulk.base import Entries, Judged, describe, judge
from repo_harvest.match.bulk.shelf import Shelf, ShelfWriter, packed
from repo_harvest.match.bulk.spread import chunked, spread
from repo_harvest.match.bulk.sql import HOT_KEYS, RANKED, pairs
from repo_harvest.match.features import Features

__all__ = ["Duck"]

_ENTRIES = 2_000  # described at a time
_PAIRS = 50_000  # compared at a time
_FORM = "header = false, auto_detect = false, columns = {'key': 'BIGINT', 'place': 'BIGINT', 'id': 'BIGINT'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duck:
    """`memory` is DuckDB's own; the temporary `folder` needs about a kilobyte or two for each entry."""

    memory: str = "1GB"
    processes: int | None = None
    folder: Path | None = None

    @contextmanager
    def over(self, entries: Entries, *, hot: Collection[int] = ()) -> Iterator[_Work]:
        """Take in the entries. See `Engine`. Raises `Refused` where DuckDB fails, also from within the context."""
        with TemporaryDirectory(prefix="repo-harvest-", dir=self.folder) as name:
            folder = Path(name)
            _describe_all(entries, folder, self.processes)
            try:
                with duckdb.connect(folder / "pairs.duckdb", config=self._config(folder)) as connection:
                    found = _find_hot(connection, folder, hot)
                    yield _Work(connection=connection, folder=folder, hot=found, processes=self.processes)
            except duckdb.Error as error:
                why = str(error).partition("\n")[0]
                raise Refused(f"DuckDB gave up; more memory, or a folder with more room, may help: {why}") from None

    def _config(self, folder: Path) -> dict[str, str | bool | int | float | list[str]]:
        threads = {} if self.processes is None else {"threads": self.processes}
        return {
            "memory_limit": self.memory,
            "temp_directory": str(folder / "spilled"),
            "preserve_insertion_order": False,
            **threads,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    connection: duckdb.DuckDBPyConnection
    folder: Path
    hot: frozenset[int]
    processes: int | None

    def judged(self) -> Iterator[Judged]:
        for found in spread(partial(_judge_pairs, self.folder), self._pairs(), processes=self.processes):
            yield from found

    def features(self, ids: Collection[int]) -> Mapping[int, Features]:
        with Shelf(self.folder) as shelf:
            return shelf.read(ids)

    def _pairs(self) -> Iterator[bytes]:
        """The candidate pairs by the chunk, as the bytes of an array; those of one record are together."""
        found = self.connection.execute(f"{pairs(hot=bool(self.hot))} ORDER BY one, other")
        while rows := found.fetchmany(_PAIRS):
            yield array("q", (entry_id for row in rows for entry_id in row)).tobytes()


def _describe_all(entries: Entries, folder: Path, processes: int | None) -> None:
    with ShelfWriter(folder) as shelf, (folder / "holders.csv").open("w", encoding="ascii") as holders:
        for described, lines in spread(_describe_chunk, chunked(entries, _ENTRIES), processes=processes):
            holders.write(lines)
            for entry_id, content in described:
                shelf.add(entry_id, content)


def _describe_chunk(entries: list[tuple[int, str]]) -> tuple[list[tuple[int, bytes]], str]:
    """The packed features of a chunk, and its lines `key,place,id`."""
    contents, lines = [], []
    for entry_id, text in entries:
        features, keys, place = describe(text)
        contents.append((entry_id, packed(features)))
        lines += [f"{key},{place},{entry_id}\n" for key in keys]
    return contents, "".join(lines)


def _find_hot(connection: duckdb.DuckDBPyConnection, folder: Path, known: Collection[int]) -> frozenset[int]:
    file = folder / "holders.csv"
    connection.execute(
        f"CREATE TABLE ranked AS WITH holders AS (SELECT * FROM read_csv(?, {_FORM})) {RANKED}",  # noqa: S608 -- text of ours
        [str(file)],
    )
    file.unlink()
    found = frozenset(known) | {key for (key,) in connection.execute(HOT_KEYS).fetchall()}
    connection.execute("CREATE TABLE hot AS SELECT unnest(?::BIGINT[]) AS key", [sorted(found)])
    return found


def _judge_pairs(folder: Path, chunk: bytes) -> list[Judged]:
    ids = array("q")
    ids.frombytes(chunk)
    with Shelf(folder) as shelf:
        known = shelf.read(set(ids))
    judged = (judge(one, other, known[one], known[other]) for one, other in zip(ids[::2], ids[1::2], strict=True))
    return [pair for pair in judged if pair]
