"""A source's entries of last time and what it lists now in, which is which out: one to one, surest evidence first.

An identifier must survive a corrected title, a moved entry and a new layout, so evidence goes from the id of an import
line over the very same record, identifiers, title with year and surname, and the bare title, down to likeness. An entry
that is gone may come back by anything but likeness.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from repo_harvest.match.keys import keys, normal, surnames, title_of
from repo_harvest.model import KnownEntry, Record

__all__ = ["Continuation", "Incoming", "continue_entries", "continue_listing", "likeness"]

_LIKE = 0.85
_LIKE_TEXT = 0.9
_TEXT_COMPARED = 600
_MOST_COMPARED = 250_000  # pairs; beyond that a list has changed too much for likeness to mean anything
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A record that a source lists now, its position in the list, and the id its import line gave it."""

    record: Record
    position: int
    local_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """Which entry each incoming record is, in order: its id and why, or `None`; and what became of the others.

    `vanished` are live entries that are given up; `missing` those that the source does not list and that are not given up
    yet, each with the number of good runs in a row that have missed it, this one with them. `nodes` are what matching calls
    the incoming records: the ids of their entries, and numbers below 0 for those that are new.
    """

    found: tuple[tuple[int, str] | None, ...]
    vanished: tuple[int, ...]
    missing: tuple[tuple[int, int], ...] = ()

    @property
    def nodes(self) -> tuple[int, ...]:
        """A node for each incoming record."""
        return tuple(-index - 1 if one is None else one[0] for index, one in enumerate(self.found))


def continue_listing(
    incoming: Sequence[Incoming],
    own: Sequence[KnownEntry],
    *,
    leaves: Collection[str | None] | None = None,
    patience: int = 1,
) -> Continuation:
    """Find every incoming record's entry among a source's own; the same input always gives the same answer.

    The incoming records are all that the source has, and its other entries have vanished, once `patience` good runs in
    a row have missed them; unless `leaves` names the ones that have, by the id of their import line.
    """
    found = continue_entries(own, incoming)
    present = {entry_id for entry_id, _ in found.values()}
    absent = [entry for entry in own if not entry.gone and entry.id not in present]
    if leaves is None:
        missing = tuple((entry.id, entry.missing + 1) for entry in absent if entry.missing + 1 < patience)
        vanished = tuple(entry.id for entry in absent if entry.missing + 1 >= patience)
    else:
        missing, vanished = (), tuple(entry.id for entry in absent if entry.local_id in leaves)
    return Continuation(
        found=tuple(found.get(index) for index in range(len(incoming))), vanished=vanished, missing=missing
    )


_Evidence = Callable[[Record, str | None], Iterable[str]]

_PASSES: tuple[tuple[str, _Evidence], ...] = (
    ("the same id", lambda _, local_id: [local_id] if local_id is not None else []),
    ("the same record", lambda record, _: [repr(record)]),
    ("the same identifier", lambda record, _: [key for key in keys(record) if not key.startswith("work:")]),
    ("the same title, year and surname", lambda record, _: [key for key in keys(record) if key.startswith("work:")]),
    ("the same title", lambda record, _: [title] if (title := normal(title_of(record))) else []),
)


def continue_entries(own: Sequence[KnownEntry], incoming: Sequence[Incoming]) -> dict[int, tuple[int, str]]:
    """Index of an incoming record -> (id of the entry it continues, why)."""
    found: dict[int, tuple[int, str]] = {}
    left = {entry.id: entry for entry in sorted(own, key=lambda e: (e.gone, e.position, e.id))}
    for why, evidence in _PASSES:
        held = defaultdict(list)
        for entry in left.values():
            for key in evidence(entry.record, entry.local_id):
                held[key].append(entry.id)
        for index, this in enumerate(incoming):
            if index in found or _other_id(this, why):
                continue
            match = next(
                (i for key in sorted(evidence(this.record, this.local_id)) for i in held[key] if i in left), None
            )
            if match is not None:
                found[index] = (match, why)
                del left[match]
    for index, entry_id in _by_likeness(list(left.values()), incoming, found):
        found[index] = (entry_id, "a like title or text")
    return found


def _other_id(this: Incoming, why: str) -> bool:
    """An import line that names itself continues only the entry of that name."""
    return this.local_id is not None and why != "the same id"


def _by_likeness(
    left: Sequence[KnownEntry], incoming: Sequence[Incoming], found: dict[int, tuple[int, str]]
) -> Iterator[tuple[int, int]]:
    live = [entry for entry in left if not entry.gone]
    new = [(i, this) for i, this in enumerate(incoming) if i not in found and this.local_id is None]
    if len(live) * len(new) > _MOST_COMPARED:
        return
    scored = sorted(
        (-score, abs(entry.position - this.position), index, entry.id)
        for entry in live
        for index, this in new
        if (score := likeness(entry.record, this.record)) > 0
    )
    placed: set[int] = set()
    taken: set[int] = set()
    for _, _, index, entry_id in scored:
        if index not in placed and entry_id not in taken:
            placed.add(index)
            taken.add(entry_id)
            yield index, entry_id


def likeness(one: Record, other: Record) -> float:
    """How like two records of one source are, 0 to 1; 0 when nothing says that they could be one work.

    Titles whose numbers differ ("part 1", "part 2") are different works, however like they are.
    """
    titles = normal(title_of(one)), normal(title_of(other))
    if sorted(_DIGITS.findall(titles[0])) != sorted(_DIGITS.findall(titles[1])):
        return 0.0
    related = bool(surnames(one) & surnames(other)) or (one.creators == other.creators)
    title = fuzz.ratio(*titles) / 100
    if title >= _LIKE and (related or one.year == other.year):
        return title
    texts = _text(one), _text(other)
    if related and all(texts) and fuzz.ratio(*texts) / 100 >= _LIKE_TEXT:
        return _LIKE_TEXT
    return 0.0


def _text(record: Record) -> str:
    return record.description[0][:_TEXT_COMPARED] if record.description else ""
