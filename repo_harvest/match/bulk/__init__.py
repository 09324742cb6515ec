"""Entries by the million in, the pairs of them that are or may be one work out: three engines over the same functions.

    with engine("duckdb").over(entries, hot=known) as work:
        work.hot                                      # the keys that are hot now
        judged = list(work.judged())                  # every pair that is the same or uncertain
        merged = grouped(judged, work.features)      # the clusters of two and more

`memory` is the plain one that the others are held against; `duck` is for one big machine, `spark` for many. This is the
only part of `match` that is not pure: it has temporary files, processes and connections, and no say in what is alike.
"""

from __future__ import annotations

from pathlib import Path

from repo_harvest.errors import MissingPackage
from repo_harvest.match.bulk.base import Engine, Entries, Judged, Work
from repo_harvest.match.bulk.grouping import grouped
from repo_harvest.match.bulk.memory import Memory

__all__ = ["Engine", "Entries", "Judged", "Work", "engine", "grouped"]


def engine(
    name: str,
    *,
    memory: str = "1GB",
    processes: int | None = None,
    folder: Path | None = None,
    master: str | None = None,
) -> Engine:
    """The engine `memory`, `duckdb` or `spark`.

    `memory` is what DuckDB may use before it spills into `folder` (the system's one for temporary files unless named);
    `processes` compare beside each other, one for each processor unless said. `master` is the URL of a Spark
    cluster; without one it is that of `spark-submit`. Raises `MissingPackage` when the engine's package is not installed.
    """
    if name == "memory":
        return Memory()
    if name == "duckdb":
        try:
            from repo_harvest.match.bulk.duck import Duck  # noqa: PLC0415 -- duckdb is an extra
        except ModuleNotFoundError as error:
            raise _missing(error, "duckdb", "bulk") from None
        return Duck(memory=memory, processes=processes, folder=folder)
    if name == "spark":
        try:
            from repo_harvest.match.bulk.spark import Spark  # noqa: PLC0415 -- pyspark is an extra
        except ModuleNotFoundError as error:
            raise _missing(error, "pyspark", "spark") from None
        return Spark(master=master)
    raise ValueError(name)


def _missing(error: ModuleNotFoundError, package: str, extra: str) -> Exception:
    if error.name != package:
        return error
    return MissingPackage(f"this engine needs {package}, which is not installed: pip install 'repo-harvest[{extra}]'")
