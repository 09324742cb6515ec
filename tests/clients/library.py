"""The lines of a feed that is hard to harvest, what is asked of it, and the right answers, computed from the lines alone.

It has more records of one second than a page holds, neighbours on both sides of midnight, sets whose names begin alike,
identifiers with every sign that a URI may hold, and text in scripts and with signs that XML and clients get wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

__all__ = ["CROWD", "LINES", "PAGE", "QUESTIONS", "SIZE", "Item", "Line", "answer"]

SIZE = 500
PAGE = 50
CROWD = 60  # records that share the first second
_ONLY_SET, _ODD_SET, _TILDE_SET = "only", "u.v-w_!*'()", "u~v"
_ELEMENTS = [
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type",
    "format", "identifier", "source", "language", "relation", "coverage", "rights",
]  # fmt: skip  # a list of names
_BEGIN = datetime(2021, 3, 1, 12, tzinfo=UTC)
_STEP = timedelta(minutes=20)  # the 36th step ends at midnight

_SETS = [(), ("a",), ("a:b",), ("a:b:c",), ("ab",), ("a:bc", "z"), (_ODD_SET,), ("b:a",), (_TILDE_SET, "a:b")]
_NAMES = [
    "oai:x.org:{}",
    "oai:x.org:{}/part/2?version=3&lang=ar;q=1#page",
    "oai:x.org:{}%2F%20%25%D8%B9+plus,comma",
    "oai:x.org:{}!$'()*~_.-=:@",
    "https://x.org/items?n={}&view=full",
    "urn:isbn:978-0-00-{}",
]
_TEXTS = [
    "Peer mentors & 'through-the-gate' support: <what> \"works\"?",
    "]]> closes nothing here, &amp; stays as it is, and so do &#65; <![CDATA[ and <!-- this --> <?that?>",
    "التوجيه بين الأقران والعدالة الجنائية: مَنْ يُوَجِّهُ مَنْ؟",
    "同伴指导与刑事司法：社区中的重新融入",
    "ピア・メンタリングと更生保護",
    "साथी मार्गदर्शन और आपराधिक न्याय",
    "הנחיית עמיתים וּצֶדֶק מְאַחֶה",
    "Наставничество равных и правосудие — «что помогает?»",
    "x\N{COMBINING DOT BELOW}\N{COMBINING CIRCUMFLEX ACCENT} q\N{COMBINING TILDE} \N{COMBINING CARON}",
    "𠮷野家 𝔓𝔢𝔢𝔯 𐌰𐌱 𝄞 👩🏽‍🏫🤝👨‍👩‍👧 🇬🇧",
    "soft\N{SOFT HYPHEN}hyphen, zero\N{ZERO WIDTH NON-JOINER}width, \N{RIGHT-TO-LEFT MARK}mark, \N{OBJECT REPLACEMENT CHARACTER}",
    'A "title" that \\ ends in signs that JSON, URLs and shells mind: %41 %zz + $HOME `x` {0} \\u0041 &',
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line of the file says."""

    identifier: str
    datestamp: str
    deleted: bool
    sets: tuple[str, ...]
    dc: Mapping[str, list[str]]

    def as_dict(self) -> dict[str, object]:
        return {
            "identifier": self.identifier,
            "datestamp": self.datestamp,
            "deleted": self.deleted,
            "sets": list(self.sets),
            "dc": dict(self.dc),
        }


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Item:
    """What a client got: a record, or a header, which has no metadata."""

    identifier: str
    datestamp: str
    deleted: bool
    sets: list[str]
    metadata: dict[str, list[str]] = field(default_factory=dict, compare=True)


def _line(n: int) -> Line:
    text = _text(n)
    dc = {element: [f"{text} ({element} {n})"] for element in _ELEMENTS}
    dc["title"].append(_text(n * 5 + 1))
    dc["identifier"].insert(0, f"https://x.org/{n}?a=b&c=<d>")
    return Line(
        identifier=_NAMES[n % len(_NAMES)].format(n),
        datestamp=f"{_stamp(n):%Y-%m-%dT%H:%M:%SZ}",
        deleted=n % 7 == 4,
        sets=(_ONLY_SET,) if n == 300 else tuple(sorted(_SETS[n % len(_SETS)])),
        dc=dc,
    )


def _text(n: int) -> str:
    """One of the texts, in the normal form in which a feed keeps all text."""
    return normalize("NFC", _TEXTS[n % len(_TEXTS)])


def _stamp(n: int) -> datetime:
    """A crowd in the first second; then pairs, on each side of a second that ends a step."""
    if n < CROWD:
        return _BEGIN
    pair, second = divmod(n - CROWD, 2)
    return _BEGIN + _STEP * (pair + 1) - timedelta(seconds=1 - second)


LINES = [_line(n) for n in range(SIZE)]

Question = dict[str, str]


def _list(verb: str, **arguments: str) -> Question:
    return {"verb": verb, "metadataPrefix": "oai_dc", **arguments}


QUESTIONS: dict[str, Question] = {
    "every record": _list("ListRecords"),
    "every identifier": _list("ListIdentifiers"),
    "a set and what is below it": _list("ListRecords", set="a"),
    "a set in a set": _list("ListIdentifiers", set="a:b"),
    "a set named with signs": _list("ListRecords", set=_ODD_SET),
    "a set named with a tilde": _list("ListRecords", set=_TILDE_SET),
    "a set of one record": _list("ListRecords", set=_ONLY_SET),
    "records since a day": _list("ListRecords", **{"from": "2021-03-03"}),
    "identifiers since a second": _list("ListIdentifiers", **{"from": "2021-03-03T00:00:00Z"}),
    "records since a second of a set": _list("ListRecords", **{"from": "2021-03-02T11:59:59Z", "set": "a"}),
    "identifiers of a day": _list("ListIdentifiers", **{"from": "2021-03-02", "until": "2021-03-02"}),
    "records of some seconds": _list(
        "ListRecords", **{"from": "2021-03-01T23:59:59Z", "until": "2021-03-02T00:00:00Z"}
    ),
    **{
        f"{'deleted ' if line.deleted else ''}record {line.identifier}": _list("GetRecord", identifier=line.identifier)
        for line in LINES[100:112]
    },
}


def answer(question: Question) -> list[Item]:
    """The right answer to a question, in the order of identifiers (OAI-PMH 2.0 sections 2.6 and 2.7)."""
    return sorted(
        Item(
            identifier=line.identifier,
            datestamp=line.datestamp,
            deleted=line.deleted,
            sets=list(line.sets),
            metadata={} if line.deleted or question["verb"] == "ListIdentifiers" else dict(line.dc),
        )
        for line in LINES
        if _asked_for(line, question)
    )


def _asked_for(line: Line, question: Question) -> bool:
    wanted = question.get("set")
    since, until = question.get("from", ""), question.get("until", "9")
    return (
        line.identifier == question.get("identifier", line.identifier)
        and (wanted is None or any(re.match(re.escape(wanted) + "(:|$)", spec) for spec in line.sets))
        and since <= line.datestamp[: len(since) or None]
        and line.datestamp[: len(until)] <= until
    )
