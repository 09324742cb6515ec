"""The report as a person, a program and a build server get it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from repo_harvest.check import Report, as_json, as_junit
from repo_harvest.check.outcome import Level, Status
from repo_harvest.check.readiness import State
from repo_harvest.check.registry import CHECKS, GROUPS, group
from tests.check.conftest import Honest
from tests.check.endpoint import judge
from tests.check.faults import FAULTS
from tests.cli.shell import Shell
from tests.source.servers import page, serving


@pytest.fixture(scope="module")
def report(honest: Honest) -> Report:
    """Of a feed with a fault whose answers hold what XML cannot."""
    (planted,) = [planted for planted in FAULTS if planted.name == "NUL breaks it"]
    return judge(planted.plant(honest.ask), wall=honest.wall)


def test_every_check_has_an_id_of_its_own_and_all_that_is_told_of_it() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert group(check) in GROUPS.values()
        assert check.title
        assert check.section
        assert check.advice.endswith((".", "…"))
    assert {group(check) for check in CHECKS} == set(GROUPS.values())


def test_json_holds_every_check_and_every_fault(report: Report) -> None:
    told = json.loads(json.dumps(as_json(report)))
    assert [check["id"] for check in told["checks"]] == [check.id for check in CHECKS]
    assert told["passed"] is False
    assert sum(told["counts"].values()) == len(CHECKS)
    (broken,) = [check for check in told["checks"] if check["id"] == "hostile.nul"]
    assert broken["status"] == "failed"
    assert broken["faults"][0]["answer"].startswith("HTTP 500, text/html: ")
    assert "%00" in broken["faults"][0]["request"]
    assert [table["harvester"] for table in told["readiness"]] == ["BASE", "CORE", "OpenAIRE", "Primo"]


def test_junit_counts_what_it_holds(report: Report) -> None:
    root = etree.fromstring(as_junit(report))
    assert root.tag == "testsuites"
    assert {suite.get("name") for suite in root} == set(GROUPS.values())
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        assert element.get("failures") == str(sum(case.find("failure") is not None for case in cases))
        assert element.get("skipped") == str(sum(case.find("skipped") is not None for case in cases))
        assert element.get("errors") == "0"
    failures = {
        case.get("name", "").partition(":")[0] for case in root.iter("testcase") if case.find("failure") is not None
    }
    assert failures == {result.check.id for result in report.failed}
    assert len(list(root.iter("testcase"))) == len(CHECKS)


def test_only_a_must_fails(report: Report) -> None:
    for result in report.results:
        assert result.status is not Status.FAILED or result.check.level is Level.MUST
        assert result.status is not Status.WARNED or result.check.level is not Level.MUST
        assert bool(result.faults) == (result.status in {Status.FAILED, Status.WARNED})
        assert bool(result.reason) == (result.status in {Status.UNCHECKED, Status.NOT_APPLICABLE})


def test_readiness_rests_on_what_was_seen(honest: Honest) -> None:
    tables = {table.harvester: table for table in judge(honest.ask, wall=honest.wall).readiness}
    assert all(table.source.startswith("https://") for table in tables.values())
    states = {row.title: (row.state, row.basis) for row in tables["BASE"].requirements}
    assert states["Records have a title"] == (State.MET, "8 of 8 records have dc:title")
    assert states["Every record links to its page in dc:identifier"][0] is State.NOT_MET
    assert states["Deleted records are marked as deleted"] == (State.MET, "deletedRecord is persistent")
    openaire = {row.title: row.state for row in tables["OpenAIRE"].requirements}
    assert openaire["The set openaire is listed"] is State.NOT_MET
    core = {row.title: row.state for row in tables["CORE"].requirements}
    assert core["robots.txt lets CORE fetch pages and full texts"] is State.UNSEEN


# --- the command ---


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: Path) -> Shell:
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")
    (tmp_path / "feed.db").write_bytes(sqlite_template.read_bytes())
    lines = [
        json.dumps({"id": str(n), "title": f"Title {n}", "identifiers": [f"https://example.org/{n}"]}) for n in range(4)
    ]
    (tmp_path / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert shell.run("import", "records.jsonl").status == 0
    return shell


def test_the_command_judges_our_own_service(shell: Shell) -> None:
    with shell.running("serve", "--workers", "1"):
        shell.get("/readyz")
        outcome = shell.run("check", f"http://127.0.0.1:{shell.port}/oai", "--pause", "0", "--junit", "junit.xml")
        as_values = shell.run("check", f"http://127.0.0.1:{shell.port}/oai?verb=Identify", "--pause", "0", "--json")
    assert (outcome.status, outcome.err) == (0, "")
    assert "Nothing that the standard demands failed" in outcome.out
    assert "Ready for Primo?" in outcome.out
    assert etree.parse(shell.folder / "junit.xml").getroot().get("failures") == "0"
    assert json.loads(as_values.out)["counts"]["failed"] == 0


def test_what_is_no_endpoint_is_status_1_and_wrong_usage_2(shell: Shell) -> None:
    with serving(page("<!DOCTYPE html><p>Welcome")) as server:
        outcome = shell.run("check", server.url)
    assert outcome.status == 1
    assert "This endpoint could not be judged" in outcome.out
    assert "an HTML page" in outcome.out
    for wrong in (
        ["check"],
        ["check", "ftp://example.org/oai"],
        ["check", "http://example.org/oai?set=a"],
        ["check", "x", "--pause", "-1"],
    ):
        assert shell.run(*wrong).status == 2


def test_a_failed_must_is_status_1(shell: Shell) -> None:
    hello = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>'
    with serving(page(hello, "Connection: close")) as server:
        outcome = shell.run("check", server.url, "--pause", "0", "--max-requests", "40")
    assert outcome.status == 1
    assert "http.get" in outcome.out
    assert "What to do: Check the address" in outcome.out
