"""Each event is one line, whatever it holds; it says what it is about, and no secret."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repo_harvest import logs
from tests.cli.shell import Shell
from tests.pages_kit import page_html
from tests.web_kit import MANY

LOG = logging.getLogger("repo_harvest.tests")
SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root, ours, server = (logging.getLogger(name) for name in (None, "repo_harvest", "_granian"))
    kept = [(one, one.handlers[:], one.level, one.propagate) for one in (root, ours, server)]
    yield
    for one, handlers, level, propagate in kept:
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


def written(form: str, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.begin(form=form, level=level, stream=stream)
    return stream


@pytest.mark.parametrize("form", ["text", "json"])
@given(text=st.text(max_size=40))
@example(text="a\n2026-01-01T00:00:00.000Z INFO root: logged in")
@example(text="a\x85b\u2028c\x1b[2Jd\ud800")
def test_a_message_is_one_printable_line_whatever_it_says(form: str, text: str) -> None:
    stream = written(form)
    with logs.telling(source=text):
        LOG.info("told: %s", text)
    (line,) = stream.getvalue().split("\n")[:-1]
    assert line.isprintable()
    if form == "json":
        assert json.loads(line)["source"] == text


def test_a_line_of_json_says_when_what_and_of_which_run() -> None:
    stream = written("json")
    with logs.telling(run=7, source="page"), logs.telling(request="abc"):
        LOG.warning("late", extra={"fields": {"new": 3}})
    LOG.info("after")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert SHAPE.fullmatch(first.pop("time"))
    assert first == {
        "level": "warning", "logger": "repo_harvest.tests", "message": "late", "run": 7, "source": "page",
        "request": "abc", "new": 3,
    }  # fmt: skip  # two lines of names
    assert "run" not in second


@pytest.mark.parametrize("form", ["text", "json"])
def test_passwords_are_never_written_in_messages_or_tracebacks(form: str) -> None:
    stream = written(form)
    url = "postgresql+psycopg://feed:s3cret/@word@db.internal/feed"
    LOG.error("cannot reach %s", url)
    fault = ValueError(f"password=s3cret {url}\nand another line")
    LOG.error("Authorization: Bearer s3cret", exc_info=fault)
    assert "s3cret" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert [line for line in stream.getvalue().splitlines() if line.startswith("and another")] == []


def test_only_what_is_asked_for_is_written() -> None:
    stream = written("text", "warning")
    LOG.info("quiet")
    LOG.warning("loud")
    assert len(stream.getvalue().splitlines()) == 1


def test_an_ingest_tells_each_event_with_its_run_and_source(tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")
    (tmp_path / "page.html").write_text(page_html(MANY[:4]), encoding="utf-8")
    shell.configure('[log]\nformat = "json"\n[[source]]\nname = "page"\npath = "page.html"\n')
    done = shell.run("ingest")
    assert done.status == 0, done.err
    told = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
    (last,) = [line for line in told if line["logger"] == "repo_harvest.ingest.run"]
    assert {name: last[name] for name in ("run", "source", "outcome", "new", "gone")} == {
        "run": 1, "source": "page", "outcome": "done", "new": 4, "gone": 0,
    }  # fmt: skip  # a line of names
    assert {line["source"] for line in told} == {"page"}
    (tmp_path / "page.html").write_text("<p>Closed</p>", encoding="utf-8")
    refused = shell.run("ingest")
    last = json.loads([line for line in refused.err.splitlines() if line.startswith("{")][-1])
    assert (last["run"], last["outcome"], last["level"]) == (2, "refused", "warning")
