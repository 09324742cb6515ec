"""Requests that must be refused, and with which error: OAI-PMH 2.0 section 3.6 as a table.

A row is a request and the errors that would be right; where the protocol leaves a choice there are several. Dates are
those of section 3.3: what cannot be a date of the calendar, written in ASCII with nothing around it, has illegal syntax.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from repo_harvest.check import stamps
from repo_harvest.check.case import Case
from repo_harvest.check.client import Asked, Pairs
from repo_harvest.check.groups.kit import FAR, UNKNOWN_PREFIX, expected, unknown_identifier
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]

_VERB = "Name the verb once, exactly as the protocol writes it, and answer anything else with badVerb."
_ARGUMENT = "Compare the arguments with those that section 4 allows the verb, before looking anything up."
_DATE = "Read from and until by a full match of YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, then check the calendar."
_LIST = ("ListIdentifiers", "ListRecords")


class _Row(NamedTuple):
    id: str
    title: str
    pairs: Callable[[Case], Pairs]
    codes: tuple[str, ...]
    advice: str


def _fixed(*pairs: tuple[str, str]) -> Callable[[Case], Pairs]:
    return lambda _case: pairs


def _listing(*more: tuple[str, str], verb: str = "ListIdentifiers") -> Callable[[Case], Pairs]:
    """A list in the judged format, with more arguments."""
    return lambda case: (("verb", verb), ("metadataPrefix", case.prefix), *more)


def _get(*more: tuple[str, str]) -> Callable[[Case], Pairs]:
    """GetRecord for a record that there is."""
    return lambda case: (
        ("verb", "GetRecord"),
        ("identifier", case.some[0].identifier),
        ("metadataPrefix", case.prefix),
        *more,
    )


def _unknown(*more: tuple[str, str]) -> Callable[[Case], Pairs]:
    return lambda case: (("verb", "GetRecord"), ("identifier", unknown_identifier(case)), *more)


def _before(case: Case) -> Pairs:
    """Until the day before anything in the repository changed for the first time."""
    earliest = stamps.parse(case.identify.fields.get("earliestDatestamp", ("",))[0].strip())
    seen = [stamp.seconds for head in case.some if (stamp := stamps.parse(head.datestamp))]
    first = min([*seen, *([earliest.seconds] if earliest else [])], default=0)
    # Years before 1900 are refused by many a library; a repository that goes back to 1970 is asked for 1900.
    day = "1900-01-01" if first < 2 * stamps.DAY else stamps.day_text(first - stamps.DAY)
    return (("verb", "ListIdentifiers"), ("metadataPrefix", case.prefix), ("until", day))


_ROWS = (
    _Row("errors.no-arguments", "A request without arguments is badVerb", _fixed(), ("badVerb",), _VERB),
    _Row(
        "errors.no-verb",
        "A request without a verb is badVerb",
        _fixed(("metadataPrefix", "oai_dc")),
        ("badVerb",),
        _VERB,
    ),
    _Row("errors.empty-verb", "An empty verb is badVerb", _fixed(("verb", "")), ("badVerb",), _VERB),
    _Row("errors.unknown-verb", "An unknown verb is badVerb", _fixed(("verb", "Harvest")), ("badVerb",), _VERB),
    _Row("errors.verb-case", "A verb in lower case is badVerb", _fixed(("verb", "identify")), ("badVerb",), _VERB),
    _Row(
        "errors.repeated-verb",
        "A repeated verb is badVerb",
        _fixed(("verb", "Identify"), ("verb", "Identify")),
        ("badVerb",),
        _VERB,
    ),
    _Row(
        "errors.identify-extra",
        "Identify with another argument is badArgument",
        _fixed(("verb", "Identify"), ("metadataPrefix", "oai_dc")),
        ("badArgument",),
        _ARGUMENT,
    ),
    _Row(
        "errors.sets-extra",
        "ListSets with another argument is badArgument",
        _fixed(("verb", "ListSets"), ("metadataPrefix", "oai_dc")),
        ("badArgument",),
        _ARGUMENT,
    ),
    _Row(
        "errors.formats-extra",
        "ListMetadataFormats with a metadataPrefix is badArgument",
        _fixed(("verb", "ListMetadataFormats"), ("metadataPrefix", "oai_dc")),
        ("badArgument",),
        _ARGUMENT,
    ),
    _Row(
        "errors.get-extra",
        "GetRecord with a date is badArgument",
        _get(("from", "2000-01-01")),
        ("badArgument",),
        _ARGUMENT,
    ),
    *(
        _Row(
            f"errors.{verb[4:].lower()}-extra",
            f"{verb} with an unknown argument is badArgument",
            _listing(("frm", "2000-01-01"), verb=verb),
            ("badArgument",),
            _ARGUMENT,
        )
        for verb in _LIST
    ),
    _Row(
        "errors.argument-case",
        "An argument in lower case is badArgument",
        _fixed(("verb", "ListIdentifiers"), ("metadataprefix", "oai_dc")),
        ("badArgument",),
        _ARGUMENT,
    ),
    *(
        _Row(
            f"errors.{verb[4:].lower()}-prefix-missing",
            f"{verb} without metadataPrefix is badArgument",
            _fixed(("verb", verb)),
            ("badArgument",),
            _ARGUMENT,
        )
        for verb in _LIST
    ),
    _Row(
        "errors.get-identifier-missing",
        "GetRecord without identifier is badArgument",
        _fixed(("verb", "GetRecord"), ("metadataPrefix", "oai_dc")),
        ("badArgument",),
        _ARGUMENT,
    ),
    _Row(
        "errors.get-prefix-missing",
        "GetRecord without metadataPrefix is badArgument",
        lambda case: (("verb", "GetRecord"), ("identifier", case.some[0].identifier)),
        ("badArgument",),
        _ARGUMENT,
    ),
    _Row(
        "errors.repeated-argument",
        "A repeated metadataPrefix is badArgument",
        lambda case: (*_listing()(case), ("metadataPrefix", case.prefix)),
        ("badArgument",),
        "Read the query string as a list of pairs: a dictionary forgets what was repeated.",
    ),
    _Row(
        "errors.repeated-from",
        "A repeated from is badArgument",
        _listing(("from", "1990-01-01"), ("from", "1991-01-01")),
        ("badArgument",),
        "Read the query string as a list of pairs: a dictionary forgets what was repeated.",
    ),
    *(
        _Row(
            f"errors.empty-{name}",
            f"An empty {name} is badArgument",
            _listing((name, "")),
            codes,
            "An argument that was sent empty was sent: its value has illegal syntax.",
        )
        for name, codes in (
            ("from", ("badArgument",)),
            ("until", ("badArgument",)),
            ("set", ("badArgument", "noRecordsMatch", "noSetHierarchy")),
        )
    ),
    _Row(
        "errors.empty-identifier",
        "An empty identifier is badArgument",
        lambda case: (("verb", "GetRecord"), ("identifier", ""), ("metadataPrefix", case.prefix)),
        ("badArgument", "idDoesNotExist"),
        _ARGUMENT,
    ),
    _Row(
        "errors.empty-prefix",
        "An empty metadataPrefix is badArgument",
        _fixed(("verb", "ListIdentifiers"), ("metadataPrefix", "")),
        ("badArgument", "cannotDisseminateFormat"),
        _ARGUMENT,
    ),
    _Row(
        "errors.empty-token",
        "An empty resumptionToken is an error",
        _fixed(("verb", "ListIdentifiers"), ("resumptionToken", "")),
        ("badArgument", "badResumptionToken"),
        _ARGUMENT,
    ),
    *(
        _Row(
            f"errors.date-{name}",
            f"{title} as a date is badArgument",
            _listing((argument, value)),
            ("badArgument",),
            _DATE,
        )
        for name, title, argument, value in (
            ("word", "A word", "from", "yesterday"),
            ("year", "A year alone", "from", "2020"),
            ("month", "A month alone", "until", "2020-01"),
            ("day-impossible", "30 February", "from", "2023-02-30"),
            ("month-impossible", "Month 13", "until", "2023-13-01"),
            ("hour-impossible", "Hour 25", "from", "2023-01-01T25:00:00Z"),
            ("zone-missing", "A time without Z", "from", "2020-01-01T00:00:00"),
            ("zone-numeric", "A time with a numeric zone", "from", "2020-01-01T00:00:00+01:00"),
            ("fraction", "A time with fractions of a second", "until", "2020-01-01T00:00:00.5Z"),
            ("digits", "Digits that are not ASCII", "from", "\u0662\u0660\u0662\u0660-\u0660\u0661-\u0660\u0661"),
            ("newline", "A date with a line break behind it", "until", "2020-01-01\n"),
            ("space", "A date with a space before it", "from", " 2020-01-01"),
            ("basic", "A date without hyphens", "from", "20200101"),
        )
    ),
    _Row(
        "errors.date-mixed",
        "A day and a second as from and until is badArgument",
        _listing(("from", "2000-01-01"), ("until", "2037-01-01T00:00:00Z")),
        ("badArgument",),
        "from and until have to be of one granularity (section 2.7.1).",
    ),
    _Row(
        "errors.date-reversed",
        "from after until is badArgument",
        _listing(("from", "2020-01-02"), ("until", "2020-01-01")),
        ("badArgument",),
        "Compare from with until before looking for records.",
    ),
    _Row(
        "errors.get-unknown",
        "GetRecord of an unknown identifier is idDoesNotExist",
        lambda case: (*_unknown()(case), ("metadataPrefix", case.prefix)),
        ("idDoesNotExist",),
        "Look for the identifier first; nobody may take an error for a record that is gone.",
    ),
    _Row(
        "errors.get-format",
        "GetRecord in an unknown format is cannotDisseminateFormat",
        lambda case: (
            ("verb", "GetRecord"),
            ("identifier", case.some[0].identifier),
            ("metadataPrefix", UNKNOWN_PREFIX),
        ),
        ("cannotDisseminateFormat",),
        "A format that the item is not in has an error of its own.",
    ),
    *(
        _Row(
            f"errors.{verb[4:].lower()}-format",
            f"{verb} in an unknown format is cannotDisseminateFormat",
            _fixed(("verb", verb), ("metadataPrefix", UNKNOWN_PREFIX)),
            ("cannotDisseminateFormat",),
            "Compare metadataPrefix with the formats of ListMetadataFormats.",
        )
        for verb in _LIST
    ),
    _Row(
        "errors.formats-unknown",
        "ListMetadataFormats of an unknown identifier is idDoesNotExist",
        lambda case: (("verb", "ListMetadataFormats"), ("identifier", unknown_identifier(case))),
        ("idDoesNotExist",),
        "Look for the identifier before listing formats.",
    ),
    *(
        _Row(
            f"errors.{verb[4:].lower()}-future",
            f"{verb} from the far future is noRecordsMatch",
            _listing(("from", FAR), verb=verb),
            ("noRecordsMatch",),
            "Nothing matches: that is an error of its own, never an empty list.",
        )
        for verb in _LIST
    ),
    _Row(
        "errors.past",
        "until before the first record is noRecordsMatch",
        _before,
        ("noRecordsMatch",),
        "Nothing matches: that is an error of its own, never an empty list.",
    ),
)


def _too_fine(case: Case) -> Iterator[Fault]:
    """Section 2.7.1: a repository of days refuses seconds."""
    if case.fine:
        raise NotApplicable("the granularity is the second, and there is no finer one")
    yield from expected(case.get(_listing(("from", "2000-01-01T00:00:00Z"))(case)), "badArgument")


def _long(case: Case) -> Iterator[Fault]:
    """An answer in HTTP's own words is as good here."""
    for verb, name in (("ListIdentifiers", "metadataPrefix"), ("ListMetadataFormats", "identifier")):
        answer = case.get((("verb", verb), (name, "x" * 6000)))
        if answer.status not in {400, 413, 414, 431}:
            yield from expected(answer, "badArgument", "cannotDisseminateFormat", "idDoesNotExist")


def _post_same(case: Case) -> Iterator[Fault]:
    """Errors do not depend on the method (section 3.1.1)."""
    for pairs in ((("verb", "Harvest"),), (("verb", "Identify"), ("set", "a")), (("verb", "ListRecords"),)):
        by_get, by_post = case.get(pairs), case.send(Asked.post(case.base_url, pairs))
        if not by_get.codes:
            raise CouldNot(f"{by_get.asked.shown} was not answered with an error, so there is nothing to compare")
        if by_post.codes != by_get.codes:
            yield from expected(by_post, *by_get.codes)


def _rule(row: _Row) -> Callable[[Case], Iterator[Fault]]:
    return lambda case: expected(case.get(row.pairs(case)), *row.codes)


CHECKS = (
    *(
        Check(id=row.id, title=row.title, level=Level.MUST, section="3.6", advice=row.advice, rule=_rule(row))
        for row in _ROWS
    ),
    Check(
        id="errors.date-too-fine",
        title="A second is badArgument where the granularity is the day",
        level=Level.MUST,
        section="2.7.1",
        advice=_DATE,
        rule=_too_fine,
    ),
    Check(
        id="errors.long-argument",
        title="An argument of 6,000 characters is refused, and nothing breaks",
        level=Level.SHOULD,
        section="3.6",
        advice="Bound the length of each argument, and answer longer ones with badArgument.",
        rule=_long,
    ),
    Check(
        id="errors.post-same",
        title="POST gets the same errors as GET",
        level=Level.MUST,
        section="3.1.1",
        advice="Read the arguments of a POST from its body, and treat them like those of a GET.",
        rule=_post_same,
    ),
)
