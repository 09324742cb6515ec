"""A record and where it is listed in, the sets that rules put it into out.

A rule names a set and what a record must have to be in it; or by what the set is divided, which makes one set below it
for each value that occurs (OAI-PMH 2.0 section 2.6: setSpecs are colon-separated lists, from the root down).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from repo_harvest.model import Record

__all__ = ["DIVISIONS", "SetRule", "rule_sets"]

_NOT_PLAIN = re.compile("[^a-z0-9]+")
_DIGEST_SIZE = 4  # bytes, where letters were lost


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """Who belongs to a set: whoever has a value that is listed, for everything that is listed.

    `years` are inclusive bounds. `by` is one of `DIVISIONS`, or `None` for a set that is not divided.
    """

    spec: str
    name: str
    sources: tuple[str, ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    types: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    by: str | None = None

    @property
    def chooses(self) -> bool:
        """Whether it asks anything of a record, but for a value to be divided by."""
        return bool(self.sources or self.years or self.types or self.creators)


def rule_sets(record: Record, sources: Collection[str], rules: Iterable[SetRule]) -> dict[str, str]:
    """The setSpecs that rules give a record which these sources list, each with the name of a set of that setSpec.

    >>> rule = SetRule(spec="theses", name="Theses", types=("Thesis",), by="year")
    >>> rule_sets(Record(type=("thesis",), date=("2019-05",)), [], [rule])
    {'theses:2019': 'Theses: 2019'}
    >>> rule_sets(Record(type=("article",), date=("2019-05",)), [], [rule])
    {}
    """
    found: dict[str, str] = {}
    for rule in rules:
        if (rule.chooses or rule.by) and _meets(rule, record, sources):
            parts = _parts(rule, record, sources)
            found.update(parts)
            if rule.chooses and not parts:
                found[rule.spec] = rule.name
    return found


def _meets(rule: SetRule, record: Record, sources: Collection[str]) -> bool:
    year = int(record.year or -1)
    return (
        (not rule.sources or any(source in rule.sources for source in sources))
        and (not rule.years or any(low <= year <= high for low, high in rule.years))
        and (not rule.types or any(_same(wanted, value) for wanted in rule.types for value in record.type))
        and (not rule.creators or any(_is(wanted, value) for wanted in rule.creators for value in record.creators))
    )


def _parts(rule: SetRule, record: Record, sources: Collection[str]) -> dict[str, str]:
    if rule.by is None:
        return {}
    values = DIVISIONS[rule.by](record, sources)
    return {f"{rule.spec}:{_slug(value)}": f"{rule.name}: {value}" for value in values}


DIVISIONS: Mapping[str, Callable[[Record, Collection[str]], Iterable[str]]] = {
    "year": lambda record, _: [record.year] if record.year else [],
    "type": lambda record, _: record.type,
    "creator": lambda record, _: record.creators,
    "source": lambda _, sources: sorted(sources),
}
"""By what a set can be divided, and the values that a record has there."""


def _same(left: str, right: str) -> bool:
    return _folded(left) == _folded(right)


def _is(wanted: str, creator: str) -> bool:
    """Whether the creator is who is wanted, by the whole name or, where no comma is in it, by the surname."""
    return _same(wanted, creator) or ("," not in wanted and _same(wanted, creator.partition(",")[0]))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _slug(value: str) -> str:
    """The value in the characters of a setSpec; where letters of other scripts are lost, what remains is told apart by a digest.

    >>> _slug("Müller, Anna"), _slug("Book chapter"), _slug("李明")
    ('muller-anna', 'book-chapter', 'def6a74c')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if not unicodedata.combining(c))
    slug = _NOT_PLAIN.sub("-", plain).strip("-")
    if slug and not any(c.isalnum() and not c.isascii() for c in plain):
        return slug
    digest = hashlib.blake2b(_folded(value).encode(), digest_size=_DIGEST_SIZE).hexdigest()
    return f"{slug}-{digest}" if slug else digest
