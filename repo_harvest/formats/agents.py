"""A `Record` in, what is known of its names and its funders out, by each name as the record writes it.

The record may have its names from one page and their identifiers from another, where "Buck, G." is "Gillian Buck". Such a name
is told apart by its surname and what both say of the given names; where that leaves two, or two identifiers, none is taken.
Most records have nothing of the kind: then nothing is compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from repo_harvest.formats.parts import Name, name_of
from repo_harvest.model import Affiliation, Funding, NameIdentifier, Record

__all__ = ["Agent", "about", "affiliations", "funding", "name_identifiers"]

_REMEMBERED = 256
_WORD = re.compile(r"[^\W_]+")
_Stated = TypeVar("_Stated", NameIdentifier, Affiliation)
_Said = TypeVar("_Said", NameIdentifier, Affiliation, Funding)
_NO_IDENTIFIERS: Mapping[str, NameIdentifier] = MappingProxyType({})
_NO_AFFILIATIONS: Mapping[str, tuple[Affiliation, ...]] = MappingProxyType({})


class Agent(NamedTuple):
    """A name taken apart, its identifier and its affiliations; `is_body` where the identifier is a body's."""

    name: Name
    identifier: NameIdentifier | None = None
    affiliations: tuple[Affiliation, ...] = ()
    is_body: bool = False

    @property
    def kind(self) -> str | None:
        """What MODS calls it; `None` where nobody knows."""
        return "corporate" if self.is_body else "personal" if self.name.family else None

    @property
    def name_type(self) -> str | None:
        """The same, as DataCite and OpenAIRE call it."""
        return "Organizational" if self.is_body else "Personal" if self.name.family else None


def about(record: Record, text: str) -> Agent:
    """What is known of a name of the record.

    >>> about(Record(name_identifiers=("Office, Home | https://ror.org/03yrm5c26",), creators=("Office, Home",)), "Office, Home").name.family
    """
    if not record.name_identifiers and not record.affiliations:
        return Agent(name_of(text))
    known = name_identifiers(record).get(text)
    is_body = known is not None and known.scheme == "ROR"
    return Agent(Name(text) if is_body else name_of(text), known, affiliations(record).get(text, ()), is_body)


def name_identifiers(record: Record) -> Mapping[str, NameIdentifier]:
    """The identifier of each creator, contributor and publisher that has one, by the name.

    >>> record = Record(creators=("Buck, G.",), name_identifiers=("Gillian Buck | https://orcid.org/0000-0002-1825-0097",))
    >>> name_identifiers(record)["Buck, G."].number
    '0000-0002-1825-0097'
    """
    if not record.name_identifiers:
        return _NO_IDENTIFIERS
    return _name_identifiers(record.name_identifiers, record.creators, record.contributors, record.publisher)


@lru_cache(maxsize=_REMEMBERED)
def _name_identifiers(stated: tuple[str, ...], *lists: tuple[str, ...]) -> Mapping[str, NameIdentifier]:
    owned = _by_name(_parsed(NameIdentifier, stated), lists)
    numbers = Counter(address for told in owned.values() for address in {one.address for one in told})
    return {
        name: told[0]
        for name, told in owned.items()
        if len({one.address for one in told}) == 1 and numbers[told[0].address] == 1
    }


def affiliations(record: Record) -> Mapping[str, tuple[Affiliation, ...]]:
    """The bodies of each creator and contributor that has some, by the name; what says less of one is left out."""
    if not record.affiliations:
        return _NO_AFFILIATIONS
    return _affiliations(record.affiliations, record.creators, record.contributors)


@lru_cache(maxsize=_REMEMBERED)
def _affiliations(stated: tuple[str, ...], *lists: tuple[str, ...]) -> Mapping[str, tuple[Affiliation, ...]]:
    kept: dict[str, tuple[Affiliation, ...]] = {}
    for name, told in _by_name(_parsed(Affiliation, stated), lists).items():
        bodies: dict[str, Affiliation] = {}
        for one in told:
            held = bodies.get(one.body)
            bodies[one.body] = one if held is None or held.address is None else held
        kept[name] = tuple(bodies.values())
    return kept


def funding(record: Record) -> tuple[Funding, ...]:
    """Who paid for it, in the record's order; what says less of a funder than another value is left out.

    >>> [str(one) for one in funding(Record(funding=("Research Council", "Research Council | ES/1")))]
    ['Research Council | ES/1']
    """
    return _funding(record.funding) if record.funding else ()


@lru_cache(maxsize=_REMEMBERED)
def _funding(stated: tuple[str, ...]) -> tuple[Funding, ...]:
    told = tuple(dict.fromkeys(_parsed(Funding, stated)))
    return tuple(one for one in told if not any(_says_less(one, other) for other in told))


def _says_less(one: Funding, other: Funding) -> bool:
    """Whether all that a value says is said by another one too, and more."""
    if one == other or _words(one.funder) != _words(other.funder):
        return False
    return one.address in {None, other.address} and one.award in {None, other.award}


def _parsed(kind: type[_Said], stated: Iterable[str]) -> list[_Said]:
    """The values that are written as they should be."""
    found = []
    for text in stated:
        try:
            found.append(kind.parse(text))
        except ValueError:
            continue
    return found


def _by_name(stated: Sequence[_Stated], lists: Sequence[tuple[str, ...]]) -> dict[str, list[_Stated]]:
    """What is stated of each name of the lists; of one that a list has twice, nothing."""
    counted = [Counter(names) for names in lists]
    twice = {name for names in counted for name, count in names.items() if count > 1}
    read = {name: _read(name) for names in lists for name in names}
    found: dict[str, list[_Stated]] = {}
    for one in stated:
        mine = _read(one.name)
        owners = [name for name in read if name == one.name] or [name for name in read if _is_same(mine, read[name])]
        if len(owners) == 1 and owners[0] not in twice:
            found.setdefault(owners[0], []).append(one)
    return found


class _Read(NamedTuple):
    """A name in words without case and accents; `family` where it is written in that order, with a comma."""

    words: tuple[str, ...]
    family: tuple[str, ...] = ()


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str) -> _Read:
    return _Read(_words(text), _words(name_of(text).family or ""))


def _words(text: str) -> tuple[str, ...]:
    spelled = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(one for one in spelled if not unicodedata.combining(one))))


def _is_same(one: _Read, other: _Read) -> bool:
    """Whether two names may be one person's: the same words, or the same surname and given names that fit initials."""
    if not one.words or not other.words:
        return False
    if sorted(one.words) == sorted(other.words):
        return True
    if not one.family and not other.family:
        return False  # which word is the surname, nobody says
    family = one.family or other.family
    mine, theirs = _given(one, family), _given(other, family)
    if not mine or not theirs:
        return False
    return all(_fits(*pair) for pair in zip(mine, theirs, strict=False))


def _fits(one: str, other: str) -> bool:
    """Whether two given names are the same, or one is the initial of the other."""
    return one == other or (1 in {len(one), len(other)} and one[0] == other[0])


def _given(name: _Read, family: tuple[str, ...]) -> tuple[str, ...]:
    """Its given names, if this is its surname; none if it is not."""
    count = len(family)
    if name.family:
        return name.words[count:] if name.family == family else ()
    return name.words[:-count] if name.words[-count:] == family else ()
