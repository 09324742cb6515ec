"""The bulk engines find the same pairs and the same clusters, whichever of them it is and in whatever order entries come."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repo_harvest.errors import MissingPackage, Refused
from repo_harvest.match import split
from repo_harvest.match.bulk import Engine, Judged, engine, grouped
from repo_harvest.match.bulk.base import describe
from repo_harvest.match.bulk.shelf import Shelf, ShelfWriter, packed
from repo_harvest.match.candidates import HOT
from repo_harvest.match.compare import Verdict
from repo_harvest.match.splitting import LARGE
from repo_harvest.model import Record

Entries = list[tuple[int, str]]
WORDS = "peer mentoring prison probation desistance women voice hope care justice theatre reading".split()  # noqa: SIM905 -- read as one line
NAMES = ("Buck, Gillian", "Buck, G.", "Müller, Anna", "Doe, Jane", "Lee, Min", "Smith, John")
A, B = "https://doi.org/10.4324/9780429273162", "https://doi.org/10.1177/1748895817699659"


def text(record: Record) -> str:
    return json.dumps(record.as_dict())


def some_records(n: int, seed: int) -> Entries:
    """Records of a small world, in which titles, names and years meet again and again, and one key is hot."""
    chance = random.Random(seed)
    found = []
    for i in range(n):
        title = " ".join(chance.sample(WORDS, 3)) if chance.random() < 0.8 else "Peer mentoring in prison"
        found.append(
            Record(
                title=(title if chance.random() < 0.7 else title.replace("e", "", 1),),
                creators=tuple(chance.sample(NAMES, chance.randrange(1, 4))),
                date=(str(chance.randrange(2019, 2022)),),
                identifiers=(f"https://doi.org/10.1000/{chance.randrange(n)}",) if chance.random() < 0.4 else (),
                pages=(str(i),),
            )
        )
    editorial = Record(title=("Editorial",), creators=("Buck, Gillian",), date=("2020",))
    found += [
        replace(editorial, volume=(str(i),), identifiers=(f"https://doi.org/10.2000/{i // 2}",)[: i % 3])
        for i in range(HOT + 30)
    ]
    whole = Record(
        title=("Women, hope and desistance after prison",),
        creators=("Buck, Gillian", "Lee, Min"),
        date=("2021",),
        container=("Probation Review",),
        volume=("7",),
        pages=("11-29",),
        identifiers=("https://doi.org/10.3000/1",),
    )
    found += [replace(whole, **{name: ()}) for name in ("container", "volume", "pages", "date")]
    chance.shuffle(found)
    return [(100 + 3 * i, text(record)) for i, record in enumerate(found)]


def outcome(
    made: Engine, entries: Entries, hot: tuple[int, ...] = ()
) -> tuple[list[Judged], frozenset[int], list[list[int]]]:
    with made.over(iter(entries), hot=hot) as work:
        judged = sorted(work.judged(), key=lambda pair: (pair.one, pair.other))
        return judged, work.hot, list(grouped(judged, work.features))


texts = st.builds(
    lambda words, names, year, doi: text(
        Record(
            title=(" ".join(words),),
            creators=tuple(names),
            date=(year,),
            identifiers=(f"https://doi.org/10.1000/{doi}",) if doi else (),
        )
    ),
    st.lists(st.sampled_from(WORDS[:4]), min_size=1, max_size=3),
    st.lists(st.sampled_from(NAMES), max_size=2),
    st.sampled_from(["2020", "2021"]),
    st.integers(0, 3),
)


@settings(max_examples=15)
@given(st.lists(texts, max_size=30), st.integers(0, 2**40))
def test_duckdb_finds_what_the_plain_engine_finds(found: list[str], first: int) -> None:
    entries = [(first + i, record) for i, record in enumerate(found)]
    assert outcome(engine("duckdb", processes=1), entries) == outcome(engine("memory"), entries)


def test_duckdb_with_several_processes_finds_the_same_with_keys_that_are_hot(tmp_path: Path) -> None:
    entries = some_records(300, seed=1)
    expected = outcome(engine("memory"), entries)
    assert expected[1]
    assert any(len(cluster) > 2 for cluster in expected[2])
    assert outcome(engine("duckdb", processes=2, folder=tmp_path, memory="200MB"), entries) == expected
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_was_hot_stays_hot() -> None:
    entries = some_records(0, seed=1)
    hot = tuple(outcome(engine("memory"), entries)[1])
    fewer = entries[: HOT - 1]
    expected = outcome(engine("memory"), fewer, hot)
    assert expected[1] == set(hot)
    assert outcome(engine("duckdb", processes=1), fewer, hot) == expected
    assert len(expected[0]) < len(outcome(engine("memory"), fewer)[0])


@pytest.mark.parametrize("name", ["memory", "duckdb"])
def test_nothing_gives_nothing(name: str) -> None:
    assert outcome(engine(name, processes=1), []) == ([], frozenset(), [])


def test_the_order_of_arrival_changes_nothing() -> None:
    found = [record for _, record in some_records(200, seed=2)]
    assert len(set(found)) == len(found)

    def clusters(arrived: list[str]) -> set[frozenset[str]]:
        entries = list(enumerate(arrived, 1))
        return {frozenset(arrived[i - 1] for i in cluster) for cluster in outcome(engine("memory"), entries)[2]}

    assert clusters(found) == clusters(found[::-1]) == clusters(random.Random(3).sample(found, len(found)))


BOOK = Record(title=("Peer Mentoring in Criminal Justice",), creators=("Buck, Gillian",), date=("2020",))
ONE, TWO = (replace(BOOK, title=(f"Peer Mentoring in Criminal Justice. Part {i}",)) for i in (1, 2))
THREE = [(1, text(ONE)), (2, text(BOOK)), (3, text(TWO))]
LIKE_BOTH = [
    Judged(one=1, other=2, verdict=Verdict.SAME, score=0.9, reasons=()),
    Judged(one=1, other=3, verdict=Verdict.UNCERTAIN, score=0.8, reasons=()),
    Judged(one=2, other=3, verdict=Verdict.SAME, score=0.95, reasons=()),
]


def test_two_in_conflict_are_not_one_although_a_third_is_like_both() -> None:
    with engine("memory").over(THREE) as work:
        assert list(grouped(LIKE_BOTH, work.features)) == [[2, 3]]


@pytest.mark.parametrize(
    ("together", "apart", "expected"),
    [
        ([(1, 3)], [], [[1, 2, 3]]),
        ([(3, 1)], [(2, 1)], [[1, 3]]),
        ([(3, 2)], [], [[2, 3]]),
        ([], [(1, 2), (3, 2)], []),
        ([(9, 3)], [(2, 3), (2, 9)], [[1, 2], [3, 9]]),
    ],
)
def test_what_people_ruled_comes_first(
    together: list[tuple[int, int]], apart: list[tuple[int, int]], expected: list[list[int]]
) -> None:
    other = (9, text(Record(title=("Reading aloud",))))
    with engine("memory").over([*THREE, other]) as work:
        found = list(grouped(LIKE_BOTH, work.features, together=together, apart=apart))
    assert found == expected


def test_a_large_component_is_split_the_same_whatever_the_ids_are() -> None:
    records = [replace((ONE, TWO)[i % 2], pages=(str(i + 1),)) for i in range(LARGE + 1)]
    known = [describe(text(record))[0] for record in records]
    chance = random.Random(1)
    links = [(chance.randrange(i), i) for i in range(1, len(records))]
    scores = [round(0.9 + chance.random() / 10, 3) for _ in links]

    def clusters(ids: list[int]) -> set[frozenset[int]]:
        same = {(min(ids[a], ids[b]), max(ids[a], ids[b])): score for (a, b), score in zip(links, scores, strict=True)}
        found = split(sorted(ids), same, dict(zip(ids, known, strict=True)))
        back = {entry_id: i for i, entry_id in enumerate(ids)}
        return {frozenset(back[entry_id] for entry_id in cluster) for cluster in found}

    ids = list(range(len(records)))
    expected = clusters(ids)
    assert len(expected) > 1
    assert clusters(ids[::-1]) == clusters(chance.sample(ids, len(ids))) == expected


def test_another_process_gives_the_same_features_keys_place_and_rank() -> None:
    record = replace(BOOK, creators=NAMES, identifiers=(A, B, *(f"https://doi.org/10.1000/{i}" for i in range(9))))
    program = (
        "import sys; from repo_harvest.match.bulk.base import describe; from repo_harvest.match.features import rank\n"
        "features, keys, place = describe(sys.argv[1]); print(rank(features), sorted(keys), place)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, text(record)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


def test_features_are_found_by_id_whatever_order_they_were_written_in(tmp_path: Path) -> None:
    known = {entry_id: describe(record)[0] for entry_id, record in some_records(20, seed=4)}
    ids = random.Random(5).sample(sorted(known), len(known))
    with ShelfWriter(tmp_path) as writer:
        for entry_id in ids:
            writer.add(entry_id, packed(known[entry_id]))
    with Shelf(tmp_path) as shelf:
        assert shelf.read(known) == known


@pytest.mark.parametrize(("name", "package", "extra"), [("duckdb", "duckdb", "bulk"), ("spark", "pyspark", "spark")])
def test_an_engine_that_is_not_installed_says_how_to_install_it(
    name: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [
        name
        for name in sys.modules
        if name.startswith(("repo_harvest.match.bulk.duck", "repo_harvest.match.bulk.spark"))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackage, match=rf"needs {package}.*pip install 'repo-harvest\[{extra}\]'"):
        engine(name)


@pytest.mark.parametrize("memory", ["lots", "1MB"])
def test_what_duckdb_cannot_do_is_told_in_one_line(memory: str) -> None:
    with pytest.raises(Refused, match=r"DuckDB gave up; more memory, .*: [^\n]+"):
        outcome(engine("duckdb", processes=1, memory=memory), some_records(300, seed=1))


def test_spark_without_java_says_so(tmp_path: Path) -> None:
    (tmp_path / "java").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "java").chmod(0o755)
    environ = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    program = "from repo_harvest.match.bulk import engine\nwith engine('spark', master='local[1]').over([]): pass"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environ | {"PATH": f"{tmp_path}:{environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "MissingPackage: Spark did not start: it needs Java 17 or newer" in done.stderr


def test_nothing_imports_an_engine_before_it_is_asked_for() -> None:
    program = "import sys, repo_harvest.cli, repo_harvest.match.bulk; print({'duckdb', 'pyspark'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_spark_is_sent_is_enough(tmp_path: Path) -> None:
    from repo_harvest.match.bulk.spark import _zipped  # noqa: PLC0415 -- pyspark is imported when it is asked for

    sent = str(_zipped(tmp_path))
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import repo_harvest.match.bulk.spark as it; print(it.__file__)"
    )
    done = subprocess.run([sys.executable, "-c", program, sent], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(sent)


def test_spark_finds_the_same_with_threads_and_on_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # four of them run for seconds
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_DIRS": str(tmp_path / "spilled"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_SCALA_VERSION": "2.13",
    }.items():
        monkeypatch.setenv(name, value)
    entries = some_records(300, seed=1)
    expected = outcome(engine("memory"), entries)
    with cluster(tmp_path) as master:
        assert outcome(engine("spark", master="local[2]"), entries) == expected
        assert outcome(engine("spark", master=master), entries) == expected


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A master and a worker of a standalone cluster, on loopback; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"spark://127.0.0.1:{port}"
    at = ("--host", "127.0.0.1", "--webui-port", "0")
    with ExitStack() as stack:
        master = stack.enter_context(spark_class(folder / "master.log", "master.Master", *at, "--port", str(port)))
        wait_for(port, master)
        size = ("--cores", "2", "--memory", "1g", "--work-dir", str(folder / "work"))
        stack.enter_context(spark_class(folder / "worker.log", "worker.Worker", *at, *size, url))
        yield url


@contextmanager
def spark_class(log: Path, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    import pyspark  # noqa: PLC0415 -- large

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    command = [str(program), f"org.apache.spark.deploy.{name}", *arguments]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the process listens there; the test fails if it ends, or takes two minutes."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("nothing listens there")
