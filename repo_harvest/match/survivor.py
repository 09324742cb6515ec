"""Records of one work in, the one record that is served of it out, and which of them gave each field.

The records come in the order of their sources' rank. Each field is the first one's that has it, unless a later one states
the same more completely: the same date with its day, the same names with given names in full, the same abstract uncut.
Identifiers and subjects are everybody's, and so is what is said of names and funders: each value says whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from repo_harvest.match.keys import normal
from repo_harvest.model import Record

__all__ = ["combine", "survive"]

_EVERYBODYS = frozenset({"identifiers", "subjects", "name_identifiers", "affiliations", "funding"})
_FIELDS = tuple(each.name for each in fields(Record))
_CUT_MARKS = "….[] "
_LEAST_CUT = 40  # characters of an abstract that another may begin with by chance


def combine(records: Iterable[Record]) -> Record:
    """One record of several of the same work, the best source first.

    >>> combine([Record(title=("A",), date=("2020",)), Record(title=("B",), date=("2020-03",))])  # doctest: +ELLIPSIS
    Record(title=('A',), creators=(), contributors=(), date=('2020-03',), ...)
    """
    return survive(records)[0]


def survive(records: Iterable[Record]) -> tuple[Record, Mapping[str, int]]:
    """The combined record, and for each field that it has the index of the record that gave it (its first value)."""
    all_of_them = list(records)
    if len(all_of_them) == 1:
        only = all_of_them[0]
        return only, {name: 0 for name in _FIELDS if getattr(only, name)}
    together: dict[str, tuple[str, ...]] = {}
    giver: dict[str, int] = {}
    for index, record in enumerate(all_of_them):
        for name in _FIELDS:
            said: tuple[str, ...] = getattr(record, name)
            if not said:
                continue
            held = together.get(name)
            if held is None:
                together[name], giver[name] = said, index
            elif name in _EVERYBODYS:
                together[name] = tuple(dict.fromkeys((*held, *said)))
            elif _more_complete(name, said, held):
                together[name], giver[name] = said, index
    return Record(**together), giver


def _more_complete(name: str, said: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Whether a record says the same of a field as is held, and more."""
    if said == held or len(said) != len(held):
        return False
    if name == "date":
        return all(new == old or new.startswith(f"{old}-") for new, old in zip(said, held, strict=True))
    if name == "creators":
        return all(new == old or _fuller_name(new, old) for new, old in zip(said, held, strict=True))
    if name == "description":
        return all(new == old or _cut_from(old, new) for new, old in zip(said, held, strict=True))
    return False


def _fuller_name(new: str, old: str) -> bool:
    """Whether one name is another with given names in place of initials.

    >>> _fuller_name("Buck, Gillian", "Buck, G."), _fuller_name("Buck, G.", "Buck, Gillian")
    (True, False)
    """
    names = new.partition(","), old.partition(",")
    if not all(comma for _, comma, _ in names) or normal(names[0][0]) != normal(names[1][0]):
        return False
    given, initials = normal(names[0][2]).split(), normal(names[1][2]).split()
    pairs = list(zip(given, initials, strict=False))
    return (
        len(given) >= len(initials) > 0
        and all(full == short or (len(short) == 1 and full.startswith(short)) for full, short in pairs)
        and sum(map(len, given)) > sum(map(len, initials))
    )


def _cut_from(old: str, new: str) -> bool:
    """Whether an abstract is the beginning of another."""
    begun = old.rstrip(_CUT_MARKS)
    return len(new) > len(old) and len(begun) >= _LEAST_CUT and new.startswith(begun)
