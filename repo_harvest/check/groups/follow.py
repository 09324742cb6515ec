"""Coming back: what a harvester asks next time misses nothing (OAI-PMH 2.0 section 2.7.1, guidelines for harvesters)."""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import compared
from repo_harvest.check.outcome import CouldNot, Fault, Level
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]


def _next(case: Case, text: str) -> str:
    """A second as `from` in the repository's granularity."""
    return text if case.fine else text[:10]


def _response_date(case: Case) -> Iterator[Fault]:
    since = _next(case, case.headers.first.date)
    if stamps.parse(since) is None:
        raise CouldNot(f"the responseDate {since!r} is none")
    answer = case.ask("ListIdentifiers", metadataPrefix=case.prefix, from_=since)
    if answer.fault or (answer.errors and "noRecordsMatch" not in answer.codes):
        yield fault("the responseDate of a list is not accepted as from", answer)


def _largest(case: Case) -> Iterator[Fault]:
    largest = case.stamped[-1][1]
    text = stamps.second_text(largest) if case.fine else stamps.day_text(largest)
    found = case.heads(pages=8, from_=text)
    wanted = [head for head, seconds in case.stamped if seconds == largest]
    if not found.complete:
        if not case.headers.complete:
            raise CouldNot(
                "the list was not read to its end, so its largest datestamp is not known; --full reads all of it"
            )
        found.whole()
    yield from compared(case, wanted, found, f"from {text}, the largest datestamp, lacks the records that bear it")
    strange = [
        head.identifier
        for head in found.heads
        if (stamp := stamps.parse(head.datestamp)) is not None and stamp.seconds < largest
    ]
    if strange:
        yield fault(f"from {text}, the list holds {len(strange)} records of earlier datestamps", found.first)


_ROWS = (
    (
        "follow.response-date",
        "A responseDate is accepted as from",
        "A harvester comes back with it: answer with what changed since, or noRecordsMatch.",
        _response_date,
    ),
    (
        "follow.largest",
        "The largest datestamp as from gives the records that bear it",
        "A harvester comes back with it: include it.",
        _largest,
    ),
)

CHECKS = tuple(
    Check(id=name, title=title, level=Level.MUST, section="2.7.1", advice=advice, rule=rule)
    for name, title, advice, rule in _ROWS
)
