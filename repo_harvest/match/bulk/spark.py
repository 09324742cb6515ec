r"""The engine for many machines: Spark finds the candidate pairs by the same SQL as DuckDB, and compares them where they lie.

    repo-harvest duplicates rebuild --engine spark --master spark://HOST:7077

starts a session of its own there; a cluster that programs are handed to is given this one:

    spark-submit --master spark://HOST:7077 --driver-memory 4g \
        "$(python -c 'import repo_harvest; print(repo_harvest.__path__[0])')/__main__.py" duplicates rebuild --engine spark

The database is read here and nowhere else, so the entries pass through the driver, which holds their text (about a gigabyte
for a million). What the machines need is Python of the driver's version with `rapidfuzz` and `pyspark`, and PYSPARK_PYTHON
naming it where it is not `python3`; our own modules are sent to them. On this machine alone, all of it stays on loopback.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from pyspark import RDD, StorageLevel
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import DataFrame, Row, SparkSession

import repo_harvest
from repo_harvest.errors import MissingPackage
from repo_harvest.match.bulk.base import Entries, Judged, describe, judge
from repo_harvest.match.bulk.shelf import packed, unpacked
from repo_harvest.match.bulk.spread import chunked
from repo_harvest.match.bulk.sql import HOT_KEYS, RANKED, pairs
from repo_harvest.match.features import Features

__all__ = ["Spark"]

_ENTRIES = 20_000  # handed to Spark at a time
_PARTITION = 2_000  # entries described by one task
_SHUFFLED = 10_000  # entries for each partition of a join, about
_SENT = ("__init__.py", "errors.py", "model", "match")
_HERE = re.compile(r"local\b.*|spark://(?:127\.0\.0\.1|localhost|\[::1\]):[0-9]+")
_DESCRIBED = "id LONG, place LONG, keys ARRAY<LONG>, content BINARY"
_OVER_PAIRS = """
SELECT pairs.one, pairs.other, a.content AS left, b.content AS right
FROM pairs JOIN described AS a ON a.id = pairs.one JOIN described AS b ON b.id = pairs.other
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """`master` is the URL of a cluster, or `local[2]` for two threads here. A session that is there is used as it is."""

    master: str | None = None

    @contextmanager
    def over(self, entries: Entries, *, hot: Collection[int] = ()) -> Iterator[_Work]:
        """Take in the entries. See `Engine`. Raises `MissingPackage` where there is no Java for a session to start with."""
        with _session(self.master) as session, TemporaryDirectory(prefix="repo-harvest-") as folder:
            session.sparkContext.addPyFile(str(_zipped(Path(folder))))
            described, size = _described(session, entries)
            parallel = session.sparkContext.defaultParallelism
            session.conf.set("spark.sql.shuffle.partitions", str(max(parallel, size // _SHUFFLED)))
            described.createOrReplaceTempView("described")
            session.sql("SELECT explode(keys) AS key, place, id FROM described").createOrReplaceTempView("holders")
            ranked = session.sql(RANKED).persist(StorageLevel.MEMORY_AND_DISK)
            ranked.createOrReplaceTempView("ranked")
            found = frozenset(hot) | {row.key for row in session.sql(HOT_KEYS).toLocalIterator()}
            session.createDataFrame([(key,) for key in found], "key LONG").createOrReplaceTempView("hot")
            try:
                yield _Work(session=session, records=described, hot=found)
            finally:
                ranked.unpersist()
                described.unpersist()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    session: SparkSession
    records: DataFrame
    hot: frozenset[int]

    def judged(self) -> Iterator[Judged]:
        self.session.sql(pairs(hot=bool(self.hot))).createOrReplaceTempView("pairs")
        judged = self.session.sql(_OVER_PAIRS).rdd.mapPartitions(_judge_rows).persist(StorageLevel.MEMORY_AND_DISK)
        judged.count()  # makes all of it, everywhere at once; what follows fetches it part by part
        yield from judged.toLocalIterator()
        judged.unpersist()

    def features(self, ids: Collection[int]) -> Mapping[int, Features]:
        if not ids:
            return {}
        wanted = self.session.createDataFrame([(entry_id,) for entry_id in ids], "id LONG")
        found = self.records.select("id", "content").join(wanted, "id", "semi")
        return {row.id: unpacked(bytes(row.content)) for row in found.collect()}


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """A session with names of its own; of the context that there is, or of a new one, which ends with it."""
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running.newSession()
        return
    settings = SparkSession.builder.appName("repo-harvest").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        settings = settings.master(master)
        if _HERE.fullmatch(master):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            for name in ("spark.driver.host", "spark.driver.bindAddress"):
                settings = settings.config(name, "127.0.0.1")
            settings = settings.config("spark.ui.enabled", "false")
    try:
        session = settings.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise MissingPackage("Spark did not start: it needs Java 17 or newer, as `java` or in JAVA_HOME") from None
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def _zipped(folder: Path) -> Path:
    """The modules that the machines need, in a file of a name that no session has seen."""
    package = Path(repo_harvest.__file__).parent
    path = folder / f"{folder.name}.zip"
    with ZipFile(path, "w") as file:
        for name in _SENT:
            part = package / name
            for module in sorted(part.rglob("*.py")) if part.is_dir() else [part]:
                file.write(module, module.relative_to(package.parent))
    return path


def _described(session: SparkSession, entries: Entries) -> tuple[DataFrame, int]:
    """The entries described, and how many they are."""
    parts: list[RDD[tuple[int, str]]] = []
    size = 0
    for chunk in chunked(entries, _ENTRIES):
        parts.append(session.sparkContext.parallelize(chunk, -(-len(chunk) // _PARTITION)))
        size += len(chunk)
    texts = session.sparkContext.union(parts) if parts else session.sparkContext.parallelize([], 1)
    described = session.createDataFrame(texts.mapPartitions(_describe_part), _DESCRIBED)
    return described.persist(StorageLevel.MEMORY_AND_DISK), size


def _describe_part(entries: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, list[int], bytes]]:
    for entry_id, text in entries:
        features, keys, place = describe(text)
        yield entry_id, place, list(keys), packed(features)


def _judge_rows(rows: Iterable[Row]) -> Iterator[Judged]:
    for row in rows:
        left, right = unpacked(bytes(row.left)), unpacked(bytes(row.right))
        if judged := judge(row.one, row.other, left, right):
            yield judged
