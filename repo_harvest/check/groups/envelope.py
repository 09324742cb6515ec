"""What every answer of the run looked like: XML, schemas, responseDate and request (OAI-PMH 2.0 section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import short
from repo_harvest.check.outcome import Fault, Level
from repo_harvest.check.reading import Answer
from repo_harvest.check.rule import Check
from repo_harvest.model import Problem

__all__ = ["LATE"]

_UNECHOED = frozenset({"badVerb", "badArgument"})
_CLOCK = 300  # seconds that a clock may be wrong
_AHEAD = 60
_OK = 200
_UNHEARD = frozenset({"HEAD", "PROPFIND"})
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _heard(case: Case) -> Iterator[Answer]:
    return (answer for answer in case.heard if answer.asked.method not in _UNHEARD and answer.status != 304)  # noqa: PLR2004 - Not Modified has no content


def _read(case: Case) -> Iterator[Answer]:
    return (answer for answer in _heard(case) if not answer.fault)


def _well_formed(case: Case) -> Iterator[Fault]:
    for answer in _heard(case):
        if answer.fault and answer.status == _OK:
            yield fault("the answer is no OAI-PMH document", answer)


def _utf8(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if not answer.utf8 or (answer.encoding or "utf-8").lower() != "utf-8":
            yield fault(f"the answer is not in UTF-8, or declares another encoding ({answer.encoding})", answer)


def _declared(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if answer.encoding is None:
            yield fault("the answer does not begin with an XML declaration that states the encoding", answer)


def _schema(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if answer.envelope:
            yield fault(f"it is not valid: {_problems(answer.envelope)}", answer)


def _payload(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if answer.payload:
            yield fault(f"what it contains is not valid: {_problems(answer.payload)}", answer)


def _problems(problems: tuple[Problem, ...]) -> str:
    more = f"; and {len(problems) - 1} more" if len(problems) > 1 else ""
    return short(str(problems[0]), 300) + more


def _unknown(case: Case) -> Iterator[Fault]:
    found = {namespace: answer for answer in _read(case) for namespace in answer.unknown}
    for namespace, answer in found.items():
        yield fault(f"there is no schema here for {namespace}, so what is in it was not judged", answer)


def _date(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        stamp = stamps.parse(answer.date)
        if stamp is None or not stamp.fine:
            yield fault(f"the responseDate is {answer.date!r}, not like 2026-01-31T12:00:00Z", answer)


def _clock(case: Case) -> Iterator[Fault]:
    for answer, wall in case.skew:
        stamp = stamps.parse(answer.date)
        if stamp is not None and not -_CLOCK <= stamp.seconds - wall <= _AHEAD:
            off = abs(stamp.seconds - wall)
            side = "behind" if stamp.seconds < wall else "ahead of"
            yield fault(
                f"the responseDate {answer.date} is {off:,.0f} seconds {side} the clock of this machine", answer
            )
            return


def _base(case: Case) -> Iterator[Fault]:
    stated = case.identify.fields.get("baseURL", ("",))[0]
    for answer in _read(case):
        if answer.base.strip() != stated.strip():
            yield fault(f"request holds {answer.base!r}, and the baseURL of Identify is {stated!r}", answer)


def _echoing(case: Case) -> Iterator[Answer]:
    """The answers to requests whose arguments XML can hold, as they were sent in a URL."""
    for answer in _read(case):
        holdable = not any(_ILLEGAL.search(value) for _, value in answer.asked.pairs)
        if holdable and answer.asked.content is None and not _UNECHOED & set(answer.codes):
            yield answer


def _attributes(answer: Answer) -> str:
    return short(" ".join(f'{name}="{value}"' for name, value in answer.echo), 200) or "nothing"


def _echo(case: Case) -> Iterator[Fault]:
    """After an error, what is repeated has to be what was asked; without one, all of that has to be repeated."""
    for answer in _echoing(case):
        wrong = (
            set(answer.echo) - set(answer.asked.pairs) if answer.errors else set(answer.echo) ^ set(answer.asked.pairs)
        )
        if wrong:
            yield fault(f"request repeats {_attributes(answer)}, which is not what was asked", answer)


def _echo_error(case: Case) -> Iterator[Fault]:
    for answer in _echoing(case):
        if answer.errors and set(answer.asked.pairs) - set(answer.echo):
            yield fault(f"request repeats {_attributes(answer)} of what was asked", answer)


def _bare(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if _UNECHOED & set(answer.codes) and answer.echo:
            yield fault(f"request repeats {_attributes(answer)}, though the arguments were not legal", answer)


def _kind(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        verb = dict(answer.asked.pairs).get("verb")
        if not answer.errors and answer.kind != verb:
            yield fault(f"the answer is {answer.kind or 'without content'}, and {verb} was asked", answer)


def _located(case: Case) -> Iterator[Fault]:
    for answer in _read(case):
        if not answer.located:
            yield fault("the root element has no xsi:schemaLocation for the namespace of OAI-PMH", answer)


LATE = (
    Check(
        id="xml.well-formed",
        title="Every answer is an OAI-PMH document in well-formed XML",
        level=Level.MUST,
        section="3.2",
        advice="Write XML with a library that escapes, and clean texts of what XML cannot hold.",
        rule=_well_formed,
    ),
    Check(
        id="xml.utf-8",
        title="Every answer is in UTF-8",
        level=Level.MUST,
        section="3.2",
        advice="Encode answers in UTF-8, and declare just that.",
        rule=_utf8,
    ),
    Check(
        id="xml.declaration",
        title="Every answer begins with an XML declaration",
        level=Level.MUST,
        section="3.2",
        advice='Begin with <?xml version="1.0" encoding="UTF-8"?>.',
        rule=_declared,
    ),
    Check(
        id="xml.schema",
        title="Every answer is valid by the protocol's schema",
        level=Level.MUST,
        section="3.2.1",
        advice="Mend what the sentence names: harvesters that validate refuse the whole page.",
        rule=_schema,
    ),
    Check(
        id="xml.payload",
        title="Metadata and descriptions are valid by their schemas",
        level=Level.MUST,
        section="3.4",
        advice="Validate records before they are published; one that fails spoils its whole page.",
        rule=_payload,
    ),
    Check(
        id="xml.unknown",
        title="There is a schema for everything that is contained",
        level=Level.INFO,
        section="3.4",
        advice="Nothing to do; validate these formats with their own schemas.",
        rule=_unknown,
    ),
    Check(
        id="envelope.response-date",
        title="responseDate is a second in UTC",
        level=Level.MUST,
        section="3.2",
        advice="Write it as YYYY-MM-DDThh:mm:ssZ: harvesters come back with it as from.",
        rule=_date,
    ),
    Check(
        id="envelope.clock",
        title="responseDate is the time of the answer",
        level=Level.SHOULD,
        section="3.2",
        advice="Set the server's clock, and write UTC: a harvester that takes it as from misses what happened between.",
        rule=_clock,
    ),
    Check(
        id="envelope.request-url",
        title="request holds the base URL",
        level=Level.MUST,
        section="3.2",
        advice="Write the baseURL of Identify, without arguments.",
        rule=_base,
    ),
    Check(
        id="envelope.request-attributes",
        title="request repeats the arguments",
        level=Level.MUST,
        section="3.2",
        advice="Give request one attribute for each argument of the request, with its value, and no other.",
        rule=_echo,
    ),
    Check(
        id="envelope.request-errors",
        title="request repeats the arguments after other errors too",
        level=Level.SHOULD,
        section="3.2",
        advice="Leave them out after badVerb and badArgument alone.",
        rule=_echo_error,
    ),
    Check(
        id="envelope.request-bare",
        title="request repeats nothing after badVerb and badArgument",
        level=Level.MUST,
        section="3.2",
        advice="Leave out the attributes of request in these answers.",
        rule=_bare,
    ),
    Check(
        id="envelope.verb",
        title="Every answer is to the verb that was asked",
        level=Level.MUST,
        section="3.2",
        advice="Wrap each answer in the element named like its verb.",
        rule=_kind,
    ),
    Check(
        id="envelope.schema-location",
        title="Every answer names the protocol's schema",
        level=Level.MUST,
        section="3.2",
        advice="Put xsi:schemaLocation on the root element.",
        rule=_located,
    ),
)
