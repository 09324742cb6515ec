"""resumptionTokens: given back as they are they work, again and again; anything else is refused (section 3.5, 3.6).

What a token looks like is the repository's affair (section 3.5). Tokens that show a number may therefore be changed into
others of the same repository, which give other pages, and that is no fault. A token that was changed and gives the same page
all the same is none that the repository makes: it does not look at all of what it gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import expected, resumable, short
from repo_harvest.check.outcome import Fault, Level, NotApplicable
from repo_harvest.check.reading import Answer
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]

_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
_LONG = 1000
_OTHER = {"ListIdentifiers": "ListRecords", "ListRecords": "ListIdentifiers"}


def _junk(verb: str, *codes: str) -> Callable[[Case], Iterator[Fault]]:
    def rule(case: Case) -> Iterator[Fault]:
        for token in ("nonsense", "x" * 500):
            yield from expected(case.ask(verb, resumptionToken=token), "badResumptionToken", *codes)

    return rule


def _altered(case: Case) -> Iterator[Fault]:
    """One character at several places, exchanged for another of its kind; what is refused, and how, is not judged."""
    _, token = resumable(case)
    page = case.ask("ListIdentifiers", resumptionToken=token)
    for place in sorted({len(token) * part // 6 for part in range(6)}):
        other = token[:place] + _another(token[place]) + token[place + 1 :]
        answer = case.ask("ListIdentifiers", resumptionToken=other)
        if _is_same(answer, page):
            yield fault(f"a token with character {place + 1} altered gives the page of the right one", answer)


def _is_same(answer: Answer, page: Answer) -> bool:
    return not answer.fault and not answer.errors and answer.heads == page.heads


def _another(character: str) -> str:
    """Another character of the same kind, so that the token keeps its look."""
    if character.isdigit():
        return str((int(character) + 3) % 10) if character.isascii() else "7"
    if character.isalpha() and character.isascii():
        start = ord("a") if character.islower() else ord("A")
        return chr(start + (ord(character) - start + 5) % 26)
    return "-" if character != "-" else "_"


def _truncated(case: Case) -> Iterator[Fault]:
    _, token = resumable(case)
    page = case.ask("ListIdentifiers", resumptionToken=token)
    for cut in (token[: len(token) // 2], token[:-1]):
        if not cut:
            continue
        answer = case.ask("ListIdentifiers", resumptionToken=cut)
        if _is_same(answer, page):
            yield fault("a token that was cut off gives the page of the whole one", answer)
        elif answer.fault or answer.errors:
            yield from expected(answer, "badResumptionToken", "badArgument")


def _other_verb(case: Case) -> Iterator[Fault]:
    for verb, other in _OTHER.items():
        _, token = resumable(case, verb)
        yield from expected(case.ask(other, resumptionToken=token), "badResumptionToken", "badArgument")


def _exclusive(case: Case) -> Iterator[Fault]:
    _, token = resumable(case)
    prefix, until = ("metadataPrefix", case.prefix), ("until", "2030-01-01")
    for more in ((prefix,), (until,), (("resumptionToken", token),)):
        pairs = (("verb", "ListIdentifiers"), ("resumptionToken", token), *more)
        yield from expected(case.get(pairs), "badArgument", *(("badResumptionToken",) if more[0][1] == token else ()))


def _again(case: Case) -> Iterator[Fault]:
    """Section 3.5.1 promises it for the token that was given last: so a list is begun anew, and its token asked twice."""
    split = 0
    for verb in _OTHER:
        begun = case.get((("verb", verb), ("metadataPrefix", case.prefix)), again=True)
        if not begun.token:
            continue
        split += 1
        pairs = (("verb", verb), ("resumptionToken", begun.token))
        once, twice = case.get(pairs, again=True), case.get(pairs, again=True)
        if once.fault or once.errors:
            yield fault("a token is not accepted, though it was given a moment ago", once)
        elif twice.fault or twice.errors:
            yield fault("a token is not accepted a second time", twice)
        elif once.heads != twice.heads:
            yield fault("the same token gives another page the second time", twice)
    if not split:
        raise NotApplicable("no list is split into pages")


def _look(case: Case) -> Iterator[Fault]:
    first, token = resumable(case)
    if not _PLAIN.fullmatch(token):
        yield fault(f"the token holds characters that have to be escaped in a URL: {short(token)}", first)
    if len(token) > _LONG:
        yield fault(f"the token is {len(token)} characters long", first)


_ADVICE = "Sign tokens, and answer badResumptionToken for any that was not made here for this verb."

CHECKS = (
    Check(
        id="token.again",
        title="A token gives the same page again",
        level=Level.MUST,
        section="3.5.1",
        advice="Keep no state that a token uses up: a harvester whose connection broke asks again.",
        rule=_again,
    ),
    Check(
        id="token.junk",
        title="A token that is nonsense is badResumptionToken",
        level=Level.MUST,
        section="3.6",
        advice=_ADVICE,
        rule=_junk("ListIdentifiers"),
    ),
    Check(
        id="token.junk-records",
        title="A token that is nonsense is badResumptionToken in ListRecords",
        level=Level.MUST,
        section="3.6",
        advice=_ADVICE,
        rule=_junk("ListRecords"),
    ),
    Check(
        id="token.junk-sets",
        title="A token that is nonsense is badResumptionToken in ListSets",
        level=Level.MUST,
        section="3.6",
        advice=_ADVICE,
        rule=_junk("ListSets", "noSetHierarchy"),
    ),
    Check(
        id="token.truncated",
        title="A token that was cut off is badResumptionToken",
        level=Level.MUST,
        section="3.6",
        advice=_ADVICE,
        rule=_truncated,
    ),
    Check(
        id="token.altered",
        title="A token that was altered is refused",
        level=Level.MUST,
        section="3.6",
        advice=_ADVICE,
        rule=_altered,
    ),
    Check(
        id="token.other-verb",
        title="A token of one list is refused by another",
        level=Level.MUST,
        section="3.5",
        advice=_ADVICE,
        rule=_other_verb,
    ),
    Check(
        id="token.exclusive",
        title="A token with any other argument is badArgument",
        level=Level.MUST,
        section="3.5",
        advice="resumptionToken is exclusive: it stands beside verb alone.",
        rule=_exclusive,
    ),
    Check(
        id="token.look",
        title="Tokens are short and need no escaping",
        level=Level.INFO,
        section="3.5",
        advice="Use letters, digits, - and _ alone: some harvesters send tokens back unescaped.",
        rule=_look,
    ),
)
