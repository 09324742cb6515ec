"""Two records in, what differs out: field by field, value by value, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import zip_longest

from repo_harvest.model import Record

__all__ = ["LABELS", "Difference", "Piece", "differences", "tidy"]

LABELS = {
    "title": "Title",
    "creators": "Creators",
    "contributors": "Contributors",
    "date": "Date",
    "publisher": "Publisher",
    "container": "Published in",
    "volume": "Volume",
    "issue": "Issue",
    "pages": "Pages",
    "description": "Abstract",
    "identifiers": "Identifiers",
    "type": "Type",
    "language": "Language",
    "subjects": "Subjects",
    "rights": "Rights",
    "relation": "Related",
    "source_ref": "Source",
    "coverage": "Covers",
    "format": "Format",
    "name_identifiers": "Identifiers of names",
    "affiliations": "Affiliations",
    "funding": "Funding",
}
"""What the fields of a record are called for people."""

_MOST_WORDS = 1_500  # of both values: comparing takes the product of their numbers


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a value, and whether the other side has them not."""

    text: str
    differs: bool = False


Value = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of two records: its name for people, and the values of each."""

    label: str
    same: bool
    old: tuple[Value, ...]
    new: tuple[Value, ...]


def differences(old: Record | None, new: Record | None, *, every: bool = False) -> tuple[Difference, ...]:
    """The fields that differ, or with `every` all that either record has, in the order of the record.

    >>> [(one.label, one.old, one.new) for one in differences(Record(date=("2020",)), Record(date=("2021",)))]
    [('Date', ((Piece(text='2020', differs=True),),), ((Piece(text='2021', differs=True),),))]
    """
    found = []
    for name in (one.name for one in fields(Record)):
        before: tuple[str, ...] = () if old is None else getattr(old, name)
        after: tuple[str, ...] = () if new is None else getattr(new, name)
        if before == after and not (every and before):
            continue
        left, right = _values(before, after)
        found.append(Difference(label=LABELS[name], same=before == after, old=left, new=right))
    return tuple(found)


def tidy(text: str) -> str:
    r"""What a stranger wrote, on one line and as HTML can hold it.

    >>> tidy("Peer\n mentoring\0")
    'Peer mentoring�'
    """
    return "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))


def _values(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Values that both have are unmarked, wherever they stand; of the others, the first is compared with the first."""
    gone = [value for value in before if value not in after]
    come = [value for value in after if value not in before]
    marked: dict[tuple[bool, str], Value] = {}
    for old, new in zip_longest(gone, come):
        left, right = _words(old or "", new or "")
        if old is not None:
            marked[True, old] = left
        if new is not None:
            marked[False, new] = right
    return (
        tuple(marked.get((True, value), (Piece(tidy(value)),)) for value in before),
        tuple(marked.get((False, value), (Piece(tidy(value)),)) for value in after),
    )


def _words(old: str, new: str) -> tuple[Value, Value]:
    before, after = re.findall(r"\S+", tidy(old)), re.findall(r"\S+", tidy(new))
    if not before or not after or len(before) + len(after) > _MOST_WORDS:
        return (Piece(" ".join(before), True),), (Piece(" ".join(after), True),)  # noqa: FBT003 -- it differs
    left: list[Piece] = []
    right: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        differs = what != "equal"
        if i < j:
            left.append(Piece(" ".join(before[i:j]), differs))
        if k < m:
            right.append(Piece(" ".join(after[k:m]), differs))
    return tuple(left), tuple(right)
