"""What an operator is told: the truth, by whichever worker is asked, and nobody else is."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from werkzeug.test import Client, TestResponse

from repo_harvest.model import Outcome, Record, Run
from repo_harvest.scheduler import next_due
from repo_harvest.store import ledger
from repo_harvest.store.engine import writing
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.tables import renditions
from repo_harvest.web.app import make_app
from repo_harvest.web.exposition import Figures, with_metrics
from repo_harvest.web.meter import Meter
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.watch import watched
from tests.cli.shell import Shell
from tests.oai.wire import judged
from tests.store.kit import Clock
from tests.web.reader import Reader
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai, sqlite_alone

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOW = int(datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp())
TOKEN = "a-token-of-many-letters"
Samples = dict[tuple[str, ...], float]


def samples(text: str) -> Samples:
    """Every figure under its name and the values of its labels, in the order of the labels' names."""
    return {
        (one.name, *(one.labels[name] for name in sorted(one.labels))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def figures_of(engine: Engine, clock: Callable[[], float], schedule: str | None = "0 3 * * *") -> Figures:
    return Figures(engine, schedules=lambda: {"page": schedule}, due=next_due, clock=clock, keep=0)


def told(engine: Engine, clock: Callable[[], float], schedule: str | None = "0 3 * * *") -> Samples:
    app = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, clock, schedule), token=None)
    reply = ask(app)
    assert reply.status_code == 200
    return samples(reply.text)


def nothing(_environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


def ask(app: WSGIApplication, path: str = "/metrics", **environ: str) -> TestResponse:
    return Client(app).get(path, environ_overrides={"REMOTE_ADDR": "127.0.0.1", **environ})


def put_run(engine: Engine, source: int, ended: Outcome, at: int, counts: Run | None = None) -> None:
    run = replace(counts or Run(source="page", started=at), ended=at + 5, outcome=ended)
    held = ledger.Quarantined(place="li[1]", reason="no title", record=Record(title=("One",)))
    number = ledger.start_run(engine, source, started=at)
    ledger.finish_run(engine, number, run, [held] if ended is Outcome.DONE else None)


def test_runs_entries_quarantine_and_items_are_those_of_the_ledger(engine: Engine) -> None:
    source = ledger.source_state(engine, "page", "https://example.org/").id
    put_run(engine, source, Outcome.DONE, NOW - 900, Run(source="page", started=NOW - 900, new=5, refused=1))
    put_run(engine, source, Outcome.DONE, NOW - 600, Run(source="page", started=NOW - 600, changed=2, same=3, gone=1))
    put_run(engine, source, Outcome.REFUSED, NOW - 300)
    ledger.start_run(engine, source, started=NOW - 10)
    Shelf(engine).put(oai(1), ARTICLE)
    found = told(engine, lambda: NOW)
    assert found["repo_harvest_runs_total", "done", "page"] == 2
    assert found["repo_harvest_runs_total", "refused", "page"] == 1
    assert found["repo_harvest_runs_total", "failed", "page"] == 0
    assert {key[1]: value for key, value in found.items() if key[0] == "repo_harvest_entries_total" and key[2] == "page"} == {
        "new": 5, "changed": 2, "same": 3, "merged": 0, "gone": 1, "refused": 1,
    }  # fmt: skip  # a line of names
    assert found["repo_harvest_quarantine", "page"] == 1
    assert found["repo_harvest_last_success_timestamp_seconds", "page"] == NOW - 595
    assert found["repo_harvest_items", "live"] == 1
    assert found["repo_harvest_items", "deleted"] == 0
    assert found["repo_harvest_database_up",] == 1


@pytest.mark.parametrize(
    ("schedule", "ran", "late"),
    [
        ("0 3 * * *", NOW - 8 * 3600, 0),  # 04:00, after the slot of 03:00
        ("0 3 * * *", NOW - 33 * 3600, 33 * 3600 - 24 * 3600),  # 03:00 yesterday: the slot of today is 9 h old
        ("0 * * * *", NOW - 5 * 3600 - 60, 5 * 3600),  # the first of the slots that were missed counts
        (None, NOW - 90 * 86_400, None),
    ],
)
def test_a_source_is_overdue_from_the_first_slot_that_nobody_took(
    engine: Engine, schedule: str | None, ran: int, late: int | None
) -> None:
    source = ledger.source_state(engine, "page", "https://example.org/").id
    put_run(engine, source, Outcome.FAILED, ran)
    assert told(engine, lambda: NOW, schedule).get(("repo_harvest_source_overdue_seconds", "page")) == late


def test_a_source_that_never_ran_is_overdue_from_its_first_slot_since_the_start(engine: Engine) -> None:
    clock = Clock(now=NOW)
    app = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, clock, "0 * * * *"))
    assert samples(ask(app).text)["repo_harvest_source_overdue_seconds", "page"] == 0
    clock.now += 2 * 3600
    assert samples(ask(app).text)["repo_harvest_source_overdue_seconds", "page"] == 3600


def test_the_lead_of_the_feed_clock_is_told(engine: Engine) -> None:
    with SqlFeed(engine).snapshot(0) as snapshot:
        sealed = snapshot.sealed
    assert told(engine, lambda: sealed - 70)["repo_harvest_feed_clock_lead_seconds",] == 70
    assert told(engine, lambda: sealed + 70)["repo_harvest_feed_clock_lead_seconds",] == 0


def test_a_lost_database_is_told_and_hides_nothing_else(engine: Engine, break_database: Callable[[], None]) -> None:
    break_database()
    found = told(engine, lambda: NOW)
    assert found["repo_harvest_database_up",] == 0
    assert ("repo_harvest_items", "live") not in found
    assert found["repo_harvest_requests_total", "200", "Identify"] == 0


def test_the_database_is_asked_once_for_scrapes_that_follow_each_other(engine: Engine) -> None:
    figures = Figures(engine, schedules=dict, due=next_due, keep=3600)
    app = with_metrics(nothing, meter=Meter(), figures=figures)
    before = samples(ask(app).text)["repo_harvest_items", "live"]
    Shelf(engine).put(oai(1), ARTICLE)
    assert samples(ask(app).text)["repo_harvest_items", "live"] == before == 0
    fresh = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, lambda: NOW))
    assert samples(ask(fresh).text)["repo_harvest_items", "live"] == 1


# Who is told


@sqlite_alone
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 200),
        ("fd00::7", {}, 200),
        ("8.8.8.8", {}, 403),
        ("2a00:1450::1", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "10.0.0.1"}, 403),
        ("127.0.0.1", {"HTTP_FORWARDED": "for=10.0.0.1"}, 403),
        ("127.0.0.1", {"HTTP_X_REAL_IP": "8.8.8.8"}, 403),
    ],
)
def test_without_a_token_those_inside_are_told_who_ask_directly(
    engine: Engine, address: str, headers: dict[str, str], status: int
) -> None:
    app = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, lambda: NOW))
    reply = ask(app, **{"REMOTE_ADDR": address, **headers})
    assert reply.status_code == status
    assert ("repo_harvest" in reply.text) == (status == 200)


@sqlite_alone
@pytest.mark.parametrize(
    ("sent", "status"),
    [(f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 401), (TOKEN, 401), ("", 401), (f"Basic {TOKEN}", 401), ("é", 401)],
)
def test_with_a_token_whoever_has_it_is_told(engine: Engine, sent: str, status: int) -> None:
    app = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, lambda: NOW), token=TOKEN)
    reply = ask(app, REMOTE_ADDR="8.8.8.8", HTTP_AUTHORIZATION=sent)
    assert reply.status_code == status
    assert TOKEN not in reply.text


def test_metrics_are_only_read(engine: Engine) -> None:
    app = with_metrics(nothing, meter=Meter(), figures=figures_of(engine, lambda: NOW))
    assert Client(app).post("/metrics").status_code == 405
    assert Client(app).head("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).data == b""


# Requests


class House:
    """The whole service in this process, watched."""

    def __init__(self, engine: Engine) -> None:
        app = make_app(engine=engine, oai=oai_app(SqlFeed(engine), REPOSITORY), repository=REPOSITORY)
        self.meter = Meter()
        inner = with_metrics(app, meter=self.meter, figures=figures_of(engine, lambda: NOW))
        self.app = watched(inner, meter=self.meter, log=True)

    def samples(self) -> Samples:
        return samples(ask(self.app).text)


def test_requests_are_counted_by_verb_status_and_error(engine: Engine) -> None:
    house = House(engine)
    for query in ("verb=Identify", "verb=Identify", "verb=GetRecord&identifier=oai:x&metadataPrefix=oai_dc", "verb=x"):
        judged(ask(house.app, f"/oai?{query}").data)
    for path in ("/", "/nothing", "/healthz"):
        ask(house.app, path)
    Client(house.app).put("/oai")
    found = house.samples()
    wanted = {
        ("Identify", "200"): 2, ("GetRecord", "200"): 1, ("none", "200"): 1, ("none", "405"): 1,
        ("page", "200"): 1, ("page", "404"): 1, ("probe", "200"): 1,
    }  # fmt: skip  # a table
    for (verb, status), number in wanted.items():
        assert found["repo_harvest_requests_total", status, verb] == number, verb
    assert found["repo_harvest_oai_errors_total", "idDoesNotExist", "GetRecord"] == 1
    assert found["repo_harvest_oai_errors_total", "badVerb", "none"] == 1
    assert found["repo_harvest_request_seconds_count", "Identify"] == 2


def test_a_lost_database_is_counted_as_503(engine: Engine, break_database: Callable[[], None]) -> None:
    house = House(engine)
    break_database()
    assert ask(house.app, "/oai?verb=Identify").status_code == 503
    assert house.samples()["repo_harvest_requests_total", "503", "none"] == 1


@sqlite_alone
def test_a_request_keeps_the_number_it_came_with(engine: Engine) -> None:
    house = House(engine)
    for path in ("/oai?verb=Identify", "/", "/nothing", "/healthz", "/metrics"):
        assert ask(house.app, path, HTTP_X_REQUEST_ID="abc-1.2:3").headers["X-Request-ID"] == "abc-1.2:3"
    page = Reader(lambda environ, start: house.app({**environ, "HTTP_X_REQUEST_ID": "abc"}, start)).get("nothing")
    assert "abc" in page.response.text


@given(sent=st.text(st.characters(max_codepoint=255), max_size=80))
def test_a_number_that_is_none_is_never_repeated(sent: str) -> None:
    app = watched(nothing)
    names = [ask(app, "/", HTTP_X_REQUEST_ID=sent).headers["X-Request-ID"] for _ in range(2)]
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", sent):
        assert names == [sent, sent]
    else:
        assert re.fullmatch(r"[0-9a-f]{12}-1", names[0])
        assert names[0] != names[1]


def test_what_nobody_foresaw_is_500_with_its_number() -> None:
    def broken(_environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
        raise ZeroDivisionError("told to nobody")

    meter = Meter()
    log = logging.getLogger("repo_harvest.web.watch")
    log.disabled = True  # its traceback is not for the output of the tests
    try:
        reply = ask(watched(broken, meter=meter), "/oai", HTTP_X_REQUEST_ID="abc")
    finally:
        log.disabled = False
    assert (reply.status_code, reply.headers["X-Request-ID"]) == (500, "abc")
    assert "abc" in reply.text
    assert "told to nobody" not in reply.text


def test_a_request_is_one_line_when_asked(engine: Engine) -> None:
    access, stream = logging.getLogger("repo_harvest.access"), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s %(fields)s"))
    access.addHandler(handler)
    level = access.level
    access.setLevel("INFO")
    try:
        size = len(ask(House(engine).app, "/oai?verb=ListSets", REMOTE_ADDR="192.0.2.7").data)
    finally:
        access.removeHandler(handler)
        access.setLevel(level)
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("GET /oai 200")
    for part in ("'verb': 'ListSets'", "'status': 200", f"'bytes': {size}", "'client': '192.0.2.7'", "noSetHierarchy"):
        assert part in line


# Readiness


def test_a_feed_that_cannot_be_read_is_not_ready(engine: Engine, reader: Reader) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(f"ALTER TABLE {renditions.name} RENAME TO elsewhere")
    ready = reader.get("readyz").response
    assert ready.status_code == 503
    assert "not ready: the database does not answer" in ready.text
    with writing(engine) as connection:
        connection.exec_driver_sql(f"ALTER TABLE elsewhere RENAME TO {renditions.name}")
    assert reader.get("readyz").response.status_code == 200


# Several processes


def test_requests_add_up_over_the_workers_whichever_is_asked_and_each_is_a_line(tmp_path: Path) -> None:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")
    shell.configure('[log]\nformat = "json"\nrequests = true\n')
    assert shell.run("init").status == 0
    with shell.running("serve", "--workers", "2"):
        for _ in range(60):
            judged(shell.get("/oai?verb=Identify")[1])
        key = ("repo_harvest_requests_total", "200", "Identify")
        assert [samples(shell.get("/metrics")[1].decode())[key] for _ in range(12)] == [60] * 12
    lines = [json.loads(line) for line in shell.output.splitlines() if line.startswith("{")]
    asked = [line["request"] for line in lines if line.get("verb") == "Identify"]
    assert len(asked) == len(set(asked)) == 60
