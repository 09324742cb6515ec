"""Selective harvesting by date: from and until include what they name (OAI-PMH 2.0 section 2.7.1).

Whatever is asked for is a window around the datestamp of a record that was seen, as narrow as can be, so that it is
answered in a page or two however large the repository is. The datestamp that fewest records share is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import compared, named, unmoved
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.reading import Head
from repo_harvest.check.rule import Check
from repo_harvest.check.walk import Walk

__all__ = ["CHECKS"]

_PAGES = 8  # of one window
_ALL = 40  # pages of a list that is put together again


class _Point(NamedTuple):
    """A datestamp, and the headers that bear it, as far as they were seen."""

    seconds: int
    heads: tuple[Head, ...]


def _points(case: Case, unit: int) -> list[_Point]:
    """The datestamps, in `unit` seconds, that were seen: first, middle and last of the rarest."""
    held: dict[int, list[Head]] = {}
    for head, seconds in case.stamped:
        held.setdefault(seconds // unit * unit, []).append(head)
    fewest = min(map(len, held.values()))
    rare = [_Point(seconds, tuple(heads)) for seconds, heads in sorted(held.items()) if len(heads) <= max(fewest, 3)]
    return [rare[index] for index in sorted({0, len(rare) // 2, len(rare) - 1})]


def _unit(case: Case) -> int:
    return 1 if case.fine else stamps.DAY


def _text(case: Case, seconds: int) -> str:
    return stamps.second_text(seconds) if case.fine else stamps.day_text(seconds)


def _window(case: Case, since: str, until: str) -> Walk:
    seen = case.heads(pages=_PAGES, from_=since, until=until)
    return seen if seen.complete else seen.whole()


def _includes(before: int, after: int) -> Callable[[Case], Iterator[Fault]]:
    """The window from so many units before a record's datestamp to so many after holds the record."""

    def rule(case: Case) -> Iterator[Fault]:
        unit = _unit(case)
        for seconds, heads in _points(case, unit):
            since, until = _text(case, seconds - before * unit), _text(case, seconds + after * unit)
            found = _window(case, since, until)
            yield from compared(
                case, heads, found, f"from {since} until {until} lacks records of {_text(case, seconds)}"
            )

    return rule


def _excludes(first: int, last: int) -> Callable[[Case], Iterator[Fault]]:
    """The window from `first` to `last` units away from a record's datestamp does not hold the record."""

    def rule(case: Case) -> Iterator[Fault]:
        unit = _unit(case)
        for seconds, heads in _points(case, unit):
            since, until = _text(case, seconds + first * unit), _text(case, seconds + last * unit)
            found = _window(case, since, until)
            strange = [head.identifier for head in heads if head in found.heads]
            if strange:
                what = f"from {since} until {until} holds records of {_text(case, seconds)}: {named(strange)}"
                yield fault(what, found.first)

    return rule


def _exact(case: Case) -> Iterator[Fault]:
    unit = _unit(case)
    for seconds, heads in _points(case, unit):
        text = _text(case, seconds)
        answer = case.ask("ListIdentifiers", metadataPrefix=case.prefix, from_=text, until=text)
        if answer.errors and "noRecordsMatch" not in answer.codes:
            yield fault("the same date as from and until is legal, and was refused", answer)
            continue
        found = _window(case, text, text)
        yield from compared(case, heads, found, f"from and until {text} lacks")
        strange = [
            head.identifier
            for head in found.heads
            if (stamp := stamps.parse(head.datestamp)) is not None and stamp.seconds // unit * unit != seconds
        ]
        if strange:
            yield fault(f"from and until {text} also holds records of another datestamp: {named(strange)}", found.first)
        if case.headers.complete and not strange:
            more = found.identifiers - {head.identifier for head in heads}
            if more:
                yield fault(
                    f"from and until {text} holds records that the whole list lacks: {named(more)}", found.first
                )


def _needs_seconds(case: Case) -> None:
    if not case.fine:
        raise NotApplicable("the granularity is the day")


def _days(before: int, after: int) -> Callable[[Case], Iterator[Fault]]:
    """Days as from and until in a repository of seconds: all of the first, all of the last."""

    def rule(case: Case) -> Iterator[Fault]:
        _needs_seconds(case)
        for seconds, heads in _points(case, stamps.DAY):
            since = stamps.day_text(seconds - before * stamps.DAY)
            until = stamps.day_text(seconds + after * stamps.DAY)
            found = _window(case, since, until)
            what = f"from {since} until {until} lacks records of the day {stamps.day_text(seconds)}"
            yield from compared(case, heads, found, what)

    return rule


def _day_accepted(case: Case) -> Iterator[Fault]:
    _needs_seconds(case)
    for argument in ("from", "until"):
        day = stamps.day_text(case.stamped[0][1] if argument == "from" else case.stamped[-1][1])
        answer = case.get((("verb", "ListIdentifiers"), ("metadataPrefix", case.prefix), (argument, day)))
        if answer.fault or answer.errors:
            yield fault("a day was not accepted, and every repository supports days", answer)


def _day_only(case: Case) -> Iterator[Fault]:
    """A day before the first record's holds none of that record's."""
    _needs_seconds(case)
    for seconds, heads in _points(case, stamps.DAY):
        day = stamps.day_text(seconds - stamps.DAY)
        found = _window(case, day, day)
        strange = [head.identifier for head in heads if head in found.heads]
        if strange:
            yield fault(f"from and until {day} holds records of the day after: {named(strange)}", found.first)


def _halves(case: Case) -> Iterator[Fault]:
    """The list up to a second and the list from the next second are the whole list."""
    whole = case.headers.whole()
    if len(whole.pages) > _ALL:
        raise CouldNot(f"the list has {len(whole.pages)} pages, and only lists of up to {_ALL} are put together again")
    seconds = case.stamped[len(case.stamped) // 2][1]
    first, second = _text(case, seconds), _text(case, seconds + _unit(case))
    before, after = case.heads(pages=None, until=first).whole(), case.heads(pages=None, from_=second).whole()
    heads = {head.identifier: head for head, _ in case.stamped}
    for what, names in (
        ("together lack", heads.keys() - before.identifiers - after.identifiers),
        ("both hold", heads.keys() & before.identifiers & after.identifiers),
    ):
        wrong = unmoved(case, (heads[name] for name in sorted(names)))
        if wrong:
            example = named(head.identifier for head in wrong)
            yield fault(f"until {first} and from {second} {what} {len(wrong)} records: {example}", after.first)


def _records(case: Case) -> Iterator[Fault]:
    """ListRecords keeps to the same window."""
    seconds, heads = _points(case, _unit(case))[0]
    text = _text(case, seconds)
    scope = {"set": case.options.set_spec} if case.options.set_spec else {}
    found = case.list("ListRecords", pages=_PAGES, metadataPrefix=case.prefix, **scope, from_=text, until=text).whole()
    yield from compared(case, heads, found, f"ListRecords from and until {text} lacks")
    strange = found.identifiers - _window(case, text, text).identifiers
    if strange:
        yield fault(
            f"from and until {text}, ListRecords holds more than ListIdentifiers: {named(strange)}", found.first
        )


_INCLUSIVE = "Compare datestamps with >= from and <= until; a day as until ends with its last second."
_DAY = "Accept days whatever the granularity is; a day as until means 23:59:59."

_ROWS = (
    ("window.exact", "from and until a datestamp gives the records that bear it", _INCLUSIVE, _exact),
    ("window.from-inclusive", "from includes the datestamp that it names", _INCLUSIVE, _includes(0, 1)),
    ("window.until-inclusive", "until includes the datestamp that it names", _INCLUSIVE, _includes(1, 0)),
    ("window.from-after", "from a unit later excludes the record", _INCLUSIVE, _excludes(1, 2)),
    ("window.until-before", "until a unit earlier excludes the record", _INCLUSIVE, _excludes(-2, -1)),
    ("window.day-accepted", "Days are accepted as from and until", _DAY, _day_accepted),
    ("window.from-day", "A day as from includes all of it", _DAY, _days(0, 1)),
    ("window.until-day", "A day as until includes all of it", _DAY, _days(1, 0)),
    ("window.day", "A day as from and until gives all of it", _DAY, _days(0, 0)),
    ("window.day-only", "The day before does not hold the record", _DAY, _day_only),
    ("window.halves", "Two windows that meet are the whole list", _INCLUSIVE, _halves),
    ("window.records", "ListRecords keeps to the same windows as ListIdentifiers", _INCLUSIVE, _records),
)

CHECKS = tuple(
    Check(id=name, title=title, level=Level.MUST, section="2.7.1", advice=advice, rule=rule)
    for name, title, advice, rule in _ROWS
)
