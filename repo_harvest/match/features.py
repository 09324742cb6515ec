"""A record in, what comparing looks at out: normalised once, so that a comparison costs little."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from repo_harvest.match.identities import identities
from repo_harvest.match.people import people
from repo_harvest.match.places import container, read_place
from repo_harvest.match.titles import read_title
from repo_harvest.match.words import plain, signature
from repo_harvest.model import Record

__all__ = ["Features", "features", "from_text", "rank", "to_text"]

_YEAR = re.compile(r"(?<![0-9])(?:1[4-9]|20)[0-9]{2}(?![0-9])")
_HEADING = re.compile(
    r"(?:abstract|summary|background|objectives?|aims?|purpose|introduction|context|importance|rationale)(?: of (?:the )?"
    r"(?:review|study))?(?: and (?:aims?|objectives?|purpose|hypothesis))? "
)
_SERVER = re.compile(
    r"(?i)\b(?:arxiv|(?:bio|med|psy|soc|chem)rxiv|(?:psy|soc|eng)arxiv|ssrn|research square|preprints)\b"
)
_DEPOSIT = re.compile(
    r"(?i)universit|institutional repository|college|hochschule|[a-z]\.(?:gov|org|com|net|edu|ac|info)\b"
)
"""Who keeps a repository, or the site a copy lies on, is often put down as the publisher."""
_TEXT_READ, _TEXT_KEPT = 420, 240
_DESCRIPTIONS = 4
"""The longest of so many is the abstract: others are remarks on the copy, the version or the review."""
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("thesis", re.compile(r"thesis|dissertation|phd|doctoral|master")),
    ("chapter", re.compile(r"chapter|book ?(?:section|part|item)|inbook|incollection")),
    ("preprint", re.compile(r"preprint|working ?paper|eprint|posted")),
    ("conference", re.compile(r"conference|proceeding|inproc|abstract|meeting")),
    ("dataset", re.compile(r"dataset|data ?set|software|image|video|sound|audio")),
    ("review", re.compile(r"book ?review|reviewof")),
    ("report", re.compile(r"report|grey|gray")),
    ("book", re.compile(r"book|monograph")),
    ("article", re.compile(r"article|journal|jour")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is compared of a record. Equal records have equal features.

    `title` to `recurring` are as `titles.Title` says, `names` and `firsts` as `people.people`, `volume` to `total` as
    `places.Place`, `dois` to `addresses` as `identities.Identities`; `bits` is the signature of the title's words,
    `text` the beginning of the abstract, `form` a coarse kind of document; whatever is not stated is empty or 0.
    """

    title: str
    main: str
    others: tuple[str, ...]
    numbers: tuple[str, ...]
    part: str
    codes: tuple[str, ...]
    kind: str
    recurring: bool
    bits: int
    names: tuple[str, ...]
    firsts: str
    years: tuple[int, ...]
    container: str
    volume: int
    issue: int
    first: int
    last: int
    total: bool
    publisher: str
    text: str
    form: str
    dois: tuple[str, ...]
    isbns: tuple[str, ...]
    addresses: tuple[str, ...]


def features(record: Record) -> Features:
    """The features of a record."""
    title = read_title(record.title[0] if record.title else "")
    names, firsts = people(record.creators)
    place = read_place(record.volume, record.issue, record.pages)
    named = identities(record.identifiers)
    return Features(
        title=title.text,
        main=title.main,
        others=title.others + tuple(plain(other) for other in record.title[1:3]),
        numbers=title.numbers,
        part=title.part,
        codes=title.codes,
        kind=title.kind,
        recurring=title.recurring,
        bits=signature(title.text.split()),
        names=names,
        firsts=firsts,
        years=_years(record.date) or ((title.year,) if title.year else ()),
        container=container(record.container[0]) if record.container else "",
        volume=place.volume,
        issue=place.issue,
        first=place.first,
        last=place.last,
        total=place.total,
        publisher=_publisher(record.publisher),
        text=_beginning(max(record.description[:_DESCRIPTIONS], key=len)) if record.description else "",
        form="preprint" if record.container and _SERVER.search(record.container[0]) else _form(record.type),
        dois=named.dois,
        isbns=named.isbns,
        addresses=named.others,
    )


_FIELDS = tuple(each.name for each in fields(Features))
_LISTS = tuple(each.name for each in fields(Features) if str(each.type).startswith("tuple"))
_SAID = attrgetter(*_FIELDS)


def to_text(features: Features) -> str:
    """The features as a store keeps them, so that they need not be worked out again."""
    return json.dumps(_SAID(features), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Features:
    """The inverse of `to_text`."""
    said: dict[str, Any] = dict(zip(_FIELDS, json.loads(text), strict=True))
    for name in _LISTS:
        said[name] = tuple(said[name])
    return Features(**said)


def rank(features: Features) -> bytes:
    """Orders records by what they say, however they came: the same in every process, and for equal features only."""
    return hashlib.blake2b(repr(features).encode(), digest_size=16).digest()


def _years(dates: tuple[str, ...]) -> tuple[int, ...]:
    """The years of the dates, in order, each once."""
    found = [int(match[0]) for date in dates if (match := _YEAR.search(date))]
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))  # noqa: PLR2004 -- one cannot repeat


@lru_cache(maxsize=1 << 12)
def _publisher(publishers: tuple[str, ...]) -> str:
    """The publishers' plain words, without those that only keep the repository."""
    return plain(" ".join(name for name in publishers if not _DEPOSIT.search(name) or "ress" in name))


def _beginning(text: str) -> str:
    """The beginning of an abstract, without the headings that some sources put before it."""
    words = plain(text[:_TEXT_READ])
    while match := _HEADING.match(words):
        words = words[match.end() :]
    return words[:_TEXT_KEPT]


@lru_cache(maxsize=1 << 10)
def _form(types: tuple[str, ...]) -> str:
    stated = " ".join(types).lower()
    return next((name for name, pattern in _FORMS if pattern.search(stated)), "")
