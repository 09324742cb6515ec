"""A record in, what is too long in it out: told, or cut at a word with an ellipsis. Lengths are bytes in UTF-8.

Search engines that library systems are built on, Primo's among them, take no value over 32,766 bytes. An address or number
that is cut leads nowhere: identifiers and related works are told, and never cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from repo_harvest.model import Problem, Record, Severity

__all__ = ["LONGEST", "overlong", "shortened"]

LONGEST = 32_766
_WHOLE = frozenset({"identifiers", "relation"})
_ELLIPSIS = "…"


def overlong(record: Record, most: int = LONGEST) -> Iterator[Problem]:
    """A problem for each value that is longer than so many bytes.

    >>> print(*overlong(Record(title=("Trust",), description=("Hope " * 3,)), most=10))
    description[0]: it has 15 bytes, and some library systems take 10: 'Trust'
    """
    name = repr(next(iter(record.title), "")[:60])
    for field, at, text in _values(record):
        if (size := len(text.encode())) > most:
            what = f"it has {size:,} bytes, and some library systems take {most:,}: {name}"
            yield Problem(where=f"{field}[{at}]", what=what, severity=Severity.WARNING)


def shortened(record: Record, most: int | None) -> Record:
    """The record with no value longer than so many bytes, but for identifiers; as it is without a limit.

    >>> shortened(Record(description=("Trust and hope",)), 12).description
    ('Trust and…',)
    """
    if most is None:
        return record
    long = {field for field, _, text in _values(record) if field not in _WHOLE and len(text.encode()) > most}
    return replace(record, **{field: tuple(_cut(text, most) for text in getattr(record, field)) for field in long})


def _values(record: Record) -> Iterator[tuple[str, int, str]]:
    for field in fields(record):
        for at, text in enumerate(getattr(record, field.name)):
            yield field.name, at, text


def _cut(text: str, most: int) -> str:
    if len(text.encode()) <= most:
        return text
    room = text.encode()[: most - len(_ELLIPSIS.encode())].decode(errors="ignore")
    if not (text[len(room)].isspace() or room[-1:].isspace()):
        head = room.rsplit(maxsplit=1)
        room = room[: room.rindex(head[1])] if len(head) > 1 else room
    return room.rstrip() + _ELLIPSIS
