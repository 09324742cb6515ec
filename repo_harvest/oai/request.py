"""A query string or form body in, one of six `Request` classes out, or the errors that the protocol gives it.

Holding a `Request` means that its arguments are legal: `VERBS` and `SYNTAX` are OAI-PMH 2.0 sections 4 and 2-3 as
tables, and nobody behind this module checks an argument again. What could not be written into XML is illegal here, so
every argument of a `Request` may be echoed. The alternative that lost: a dict of arguments, which hides repeated ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from repo_harvest.model import Window
from repo_harvest.oai.answer import Errors, ProtocolError

__all__ = [
    "SYNTAX",
    "VERBS",
    "Arguments",
    "GetRecord",
    "Identify",
    "ListIdentifiers",
    "ListMetadataFormats",
    "ListRecords",
    "ListSets",
    "Request",
    "Resume",
    "decode",
    "parse",
]

Arguments = tuple[tuple[str, str], ...]  # name and value as they were sent: in order, repeated ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on with a list: a resumptionToken as it was given, not opened yet (section 3.5)."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GetRecord:
    """One record (section 4.1)."""

    identifier: str
    metadata_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify:
    """The repository itself (section 4.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIdentifiers:
    """The headers of a window, or the rest of them (section 4.3)."""

    start: Window | Resume


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMetadataFormats:
    """The formats of the repository, or of one item (section 4.4)."""

    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecords:
    """The records of a window, or the rest of them (section 4.5)."""

    start: Window | Resume


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSets:
    """The sets, or the rest of them (section 4.6)."""

    start: Resume | None = None


Request = GetRecord | Identify | ListIdentifiers | ListMetadataFormats | ListRecords | ListSets


class Rule(NamedTuple):
    """What one part of section 4 says about a verb: its arguments, and the `Request` that legal ones make."""

    make: Callable[[Mapping[str, str]], Request]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    exclusive: str | None = None


VERBS: Mapping[str, Rule] = {
    "GetRecord": Rule(
        make=lambda given: GetRecord(identifier=given["identifier"], metadata_prefix=given["metadataPrefix"]),
        required=("identifier", "metadataPrefix"),
    ),
    "Identify": Rule(
        make=lambda _given: Identify(),
    ),
    "ListIdentifiers": Rule(
        make=lambda given: ListIdentifiers(start=_resume(given) or _window(given)),
        required=("metadataPrefix",),
        optional=("from", "until", "set"),
        exclusive="resumptionToken",
    ),
    "ListMetadataFormats": Rule(
        make=lambda given: ListMetadataFormats(identifier=given.get("identifier")),
        optional=("identifier",),
    ),
    "ListRecords": Rule(
        make=lambda given: ListRecords(start=_resume(given) or _window(given)),
        required=("metadataPrefix",),
        optional=("from", "until", "set"),
        exclusive="resumptionToken",
    ),
    "ListSets": Rule(
        make=lambda given: ListSets(start=_resume(given)),
        exclusive="resumptionToken",
    ),
}


class Syntax(NamedTuple):
    """What a value must look like: a pattern for all of it, how long it may be, and the same in words."""

    pattern: re.Pattern[str]
    longest: int
    words: str


_NAME = r"[A-Za-z0-9_.!~*'()-]+"  # "URI unreserved characters", RFC 2396
_URI = r"(?:[A-Za-z0-9_.!~*'();/?:@&=+$,\x80-\U0010ffff-]|%[0-9A-Fa-f]{2})*"  # non-ASCII as xsd:anyURI has it
_IDENTIFIER = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))"  # a scheme; or none, and no colon that would seem to end one
    r"(?:(?!//)|//[A-Za-z0-9._~-]*(?::[0-9]{1,5})?(?![^/?#]))"  # no authority, or a host and perhaps a port
    rf"{_URI}(?:#{_URI})?"
)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?")
_DATE_WORDS = "a date of the calendar in UTC, as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"

SYNTAX: Mapping[str, Syntax] = {
    "from": Syntax(_DATE, 20, _DATE_WORDS),  # section 3.3
    "identifier": Syntax(re.compile(_IDENTIFIER), 2000, "a URI of at most 2000 characters"),  # section 2.4
    "metadataPrefix": Syntax(re.compile(_NAME), 500, "at most 500 of A-Z a-z 0-9 - _ . ! ~ * ' ( )"),  # section 3.4
    "resumptionToken": Syntax(re.compile(r".+"), 4000, "at most 4000 printable characters"),  # section 3.5
    "set": Syntax(  # section 2.6
        re.compile(rf"{_NAME}(?::{_NAME})*"), 1000, "at most 1000 of A-Z a-z 0-9 - _ . ! ~ * ' ( ) in parts joined by :"
    ),
    "until": Syntax(_DATE, 20, _DATE_WORDS),  # section 3.3
}


def decode(query: bytes | str) -> Arguments:
    """The arguments of a query string or form body, exactly those that were sent (section 3.1.1). Never fails.

    Values are percent-encoded UTF-8, `+` is a space, and nothing between two `&` is no argument. What cannot be decoded
    becomes U+FFFD, which no argument may hold.

    >>> decode(b"verb=GetRecord&identifier=oai%3Aa.b%3A1&verb=x")
    (('verb', 'GetRecord'), ('identifier', 'oai:a.b:1'), ('verb', 'x'))
    >>> decode("verb=%&set=%C3")
    (('verb', '\ufffd'), ('set', '\ufffd'))
    """
    octets = query.encode("utf-8", "surrogatepass") if isinstance(query, str) else query
    pairs = (piece.partition(b"=") for piece in octets.split(b"&") if piece)
    return tuple((_text(name), _text(value)) for name, _, value in pairs)


def parse(arguments: Arguments) -> Request | Errors:
    """The request that the arguments make, or everything that is wrong with them (section 3.6).

    >>> parse((("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("until", "1970-01-01")))
    ListRecords(start=Window(prefix='oai_dc', set_spec=None, since=None, until=86399))
    >>> parse((("verb", "Identify"), ("set", "a")))
    Errors(errors=(ProtocolError(code='badArgument', message='Identify takes no argument set'),))
    """
    verbs = [value for name, value in arguments if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        return Errors(errors=(ProtocolError(code="badVerb", message=_verb_fault(verbs)),))
    given = dict(arguments)
    verb = given.pop("verb")
    faults = tuple(_faults(verb, arguments, given))
    if faults:
        return Errors(errors=tuple(ProtocolError(code="badArgument", message=fault) for fault in faults))
    return VERBS[verb].make(given)


# --- how arguments are written, section 3.1.1 ---

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})?")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")


def _text(encoded: bytes) -> str:
    spaced = encoded.replace(b"+", b" ")
    if b"%" in spaced:
        spaced = _ESCAPE.sub(_octet, spaced)
    return spaced.decode("utf-8", "replace")


def _octet(escape: re.Match[bytes]) -> bytes:
    """One octet; a `%` that escapes nothing becomes an octet that no UTF-8 has."""
    return b"\xff" if escape[1] is None else bytes.fromhex(escape[1].decode())


# --- what can be wrong with them, section 3.6 ---


def _verb_fault(verbs: list[str]) -> str:
    if len(verbs) > 1:
        return "verb is repeated; send one"
    return f"verb is {'unknown' if verbs else 'missing'}; it is one of {', '.join(VERBS)}"


def _faults(verb: str, arguments: Arguments, given: Mapping[str, str]) -> Iterator[str]:
    """What is wrong, in words, with the arguments `given` beside a legal verb."""
    rule = VERBS[verb]
    names = rule.required + rule.optional + ((rule.exclusive,) if rule.exclusive else ())
    if unknown := [name for name in given if name not in names]:
        yield f"{verb} takes no argument {', '.join(map(_name, unknown[:5]))}"
    if len(arguments) > len(given) + 1:
        counts = Counter(name for name, _ in arguments)
        yield f"sent more than once: {', '.join(_name(name) for name in given if counts[name] > 1)}"
    if rule.exclusive in given:
        if len(given) > 1:
            yield f"{rule.exclusive} is exclusive: send verb and {rule.exclusive}, nothing else"
    elif missing := [name for name in rule.required if name not in given]:
        yield f"{verb} needs {' and '.join(missing)}"
    illegal = [name for name in names if name in given and not _is_legal(name, given[name])]
    for name in illegal:
        yield f"{name} must be {SYNTAX[name].words}"
    if not illegal and "from" in given and "until" in given:
        yield from _range_faults(given["from"], given["until"])


def _name(name: str) -> str:
    """An argument's name as an error may repeat it."""
    return name if re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", name) else "with an unusable name"


def _is_legal(name: str, value: str) -> bool:
    syntax = SYNTAX[name]
    return (
        0 < len(value) <= syntax.longest
        and _UNPRINTABLE.search(value) is None
        and syntax.pattern.fullmatch(value) is not None
        and (syntax.pattern is not _DATE or _moment(value) is not None)
    )


def _range_faults(since: str, until: str) -> Iterator[str]:
    first, last = _moment(since), _moment(until)
    if len(since) != len(until):
        yield "from and until must have the same granularity"
    elif first and last and first > last:
        yield "from must not be later than until"


# --- what they mean ---

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86400


class _Moment(NamedTuple):
    """What a date covers: its first and its last second, in UTC seconds since 1970."""

    first: int
    last: int


def _moment(text: str) -> _Moment | None:
    """What a date of either granularity covers (section 3.3); `None` if the calendar has no such date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups("0"))
    try:
        start = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    first = (start - _EPOCH) // timedelta(seconds=1)
    return _Moment(first, first if match[4] else first + _DAY - 1)


def _window(given: Mapping[str, str]) -> Window:
    """Both bounds include what they name (section 2.7.1): `from` its first second, `until` its last."""
    since, until = _moment(given.get("from", "")), _moment(given.get("until", ""))
    return Window(
        prefix=given["metadataPrefix"],
        set_spec=given.get("set"),
        since=since.first if since else None,
        until=until.last if until else None,
    )


def _resume(given: Mapping[str, str]) -> Resume | None:
    return Resume(token=given["resumptionToken"]) if "resumptionToken" in given else None
