"""A report goes in; plain values for JSON, or a JUnit file for build servers, come out."""

from __future__ import annotations

from typing import Any

from lxml import etree

from repo_harvest.check.outcome import Fault, Status
from repo_harvest.check.registry import group
from repo_harvest.check.rule import Result
from repo_harvest.check.run import Report
from repo_harvest.formats.xml import legal

__all__ = ["STANDARD", "as_json", "as_junit", "place_of"]

STANDARD = "http://www.openarchives.org/OAI/openarchivesprotocol.html"
_REQUESTS = 10  # of a check that are told


def place_of(result: Result) -> str:
    """Where the rule stands, for a person."""
    section = result.check.section
    return f"OAI-PMH 2.0 section {section}" if section[0].isdigit() else section


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "base_url": report.base_url,
        "repository": report.name,
        "standard": STANDARD,
        "passed": report.passed,
        "problem": report.problem,
        "notes": list(report.notes),
        "requests": report.requests,
        "seconds": round(report.seconds, 1),
        "counts": {status: sum(result.status is status for result in report.results) for status in Status},
        "checks": [_result(result) for result in report.results],
        "readiness": [
            {
                "harvester": table.harvester,
                "source": table.source,
                "requirements": [
                    {"title": row.title, "need": row.need, "state": row.state, "basis": row.basis}
                    for row in table.requirements
                ],
            }
            for table in report.readiness
        ],
    }


def _result(result: Result) -> dict[str, Any]:
    check = result.check
    return {
        "id": check.id,
        "title": check.title,
        "level": check.level,
        "section": check.section,
        "status": result.status,
        "reason": result.reason,
        "faults": [{"what": f.what, "request": f.request, "answer": f.answer} for f in result.faults],
        "advice": check.advice if result.faults else "",
        "requests": list(result.requests[:_REQUESTS]),
    }


def as_junit(report: Report) -> bytes:
    """The report as a JUnit file: a testsuite for each group, a testcase for each check.

    What failed is a failure; what warns passes, and says so in system-out; what was not made is skipped.
    """
    root = etree.Element("testsuites", name=f"OAI-PMH check of {_clean(report.base_url)}")
    groups: dict[str, list[Result]] = {}
    for result in report.results:
        groups.setdefault(group(result.check), []).append(result)
    for title, results in groups.items():
        root.append(_suite(title, results))
    _count(root, report.results)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _suite(title: str, results: list[Result]) -> etree._Element:
    suite = etree.Element("testsuite", name=title)
    _count(suite, results)
    for result in results:
        case = etree.SubElement(suite, "testcase", classname=f"check.{result.check.id.partition('.')[0]}")
        case.set("name", f"{result.check.id}: {result.check.title}")
        case.set("time", "0")
        if result.status is Status.FAILED:
            failure = etree.SubElement(case, "failure", type=result.check.level, message=_clean(result.faults[0].what))
            failure.text = _clean(_story(result))
        elif result.status is Status.WARNED:
            etree.SubElement(case, "system-out").text = _clean(f"warning\n{_story(result)}")
        elif result.status is not Status.PASSED:
            etree.SubElement(case, "skipped", message=_clean(f"{result.status}: {result.reason}"))
    return suite


def _count(element: etree._Element, results: list[Result] | tuple[Result, ...]) -> None:
    statuses = [result.status for result in results]
    element.set("tests", str(len(statuses)))
    element.set("failures", str(statuses.count(Status.FAILED)))
    element.set("errors", "0")
    element.set("skipped", str(statuses.count(Status.NOT_APPLICABLE) + statuses.count(Status.UNCHECKED)))


def _story(result: Result) -> str:
    return "\n".join([*map(_told, result.faults), result.check.advice, place_of(result)])


def _told(fault: Fault) -> str:
    lines = [fault.what, *([f"  asked: {fault.request}"] if fault.request else [])]
    return "\n".join([*lines, *([f"  answered: {fault.answer}"] if fault.answer else [])])


def _clean(text: str) -> str:
    """The text without what XML cannot hold: it may come from the endpoint."""
    try:
        return legal(text)
    except ValueError:
        return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
