"""The facets of what was found in, the values that most results have out, by kind, with exact counts.

The database joins the facets of all that was found into one text, a narrow column read once, and the words of that are
counted here: joining and grouping a row for each facet of each item took several times as long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from repo_harvest.store.engine import chunks
from repo_harvest.store.search.tables import facet_id, facet_number, facet_numbers, facets

__all__ = ["MOST_VALUES", "Value", "most_common"]

MOST_VALUES = 10
"""So many values of each kind are told: those that most results have."""

_MANY = 150_000  # facets of results, repeated ones too
_FEW = 200  # values of a kind
_LOOKED_UP = 500  # values of results, of whatever kind
_OFTEN, _MORE = 1000, 8  # values of a kind that are looked at first; so many times as many where those do not do


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that results can be narrowed to, and how many of them have it."""

    value: str
    count: int


_Values = dict[str, tuple[Value, ...]]


def most_common(connection: Connection, kinds: Sequence[str], found: str, *, is_left_out: bool) -> _Values:
    """The values of these kinds that most results have; `found` are the facets of all results, or of all other items."""
    numbers = facet_numbers(found)
    if is_left_out or len(numbers) > _MANY:
        return _of_many(connection, kinds, numbers, is_left_out=is_left_out)
    return _of_results(connection, kinds, Counter(numbers))


def _of_results(connection: Connection, kinds: Sequence[str], counts: Mapping[int, int]) -> _Values:
    """A kind of few values is looked at whole; of one with many, the values that were found most often are looked up."""
    if len(counts) <= _LOOKED_UP:
        return _looked_up(connection, kinds, counts)
    told: _Values = {}
    for kind in kinds:
        rows = _kept(connection, kind, _FEW + 1)
        if len(rows) <= _FEW:
            told[kind] = _most((counts.get(facet_number(row.id), 0), row) for row in rows)
    reach = _LOOKED_UP
    while left := [kind for kind in kinds if kind not in told]:
        found = _looked_up(connection, left, {number: counts[number] for number in _often(counts, reach)})
        told |= {kind: most for kind, most in found.items() if len(most) == MOST_VALUES or reach >= len(counts)}
        reach *= _MORE
    return {kind: told[kind] for kind in kinds}


def _often(counts: Mapping[int, int], most: int) -> list[int]:
    """The numbers that are counted most often; of those that are counted alike, the newer values."""
    if len(counts) <= most:
        return list(counts)
    least = nlargest(most, counts.values())[-1]
    often = [number for number, count in counts.items() if count > least]
    alike = (number for number, count in counts.items() if count == least)
    return often + nlargest(most - len(often), alike, key=facet_id)


def _of_many(connection: Connection, kinds: Sequence[str], numbers: Sequence[int], *, is_left_out: bool) -> _Values:
    """No value is found more often than it is kept of all items. So those that most of all items have are counted alone.

    That is sooner done than counting all, unless one that is not among them could have been found as often.
    """
    told: _Values = {}
    reach = _OFTEN if numbers else MOST_VALUES
    while left := [kind for kind in kinds if kind not in told]:
        kept = {kind: _kept(connection, kind, reach + 1) for kind in left}
        often = {facet_number(row.id) for rows in kept.values() for row in rows[:reach]}
        counts = Counter(filter(often.__contains__, numbers))
        for kind, rows in kept.items():
            found_often = ((counts[facet_number(row.id)], row) for row in rows[:reach])
            most = _most((row.kept - number, row) if is_left_out else (number, row) for number, row in found_often)
            if len(rows) <= reach or (len(most) == MOST_VALUES and most[-1].count >= rows[reach].kept):
                told[kind] = most
        reach *= _MORE
    return {kind: told[kind] for kind in kinds}


def _looked_up(connection: Connection, kinds: Sequence[str], counts: Mapping[int, int]) -> _Values:
    rows: list[Row[Any]] = []
    for chunk in chunks([facet_id(number) for number in sorted(counts)]):
        rows += connection.execute(select(facets).where(facets.c.id.in_(chunk)))
    return {kind: _most((counts[facet_number(row.id)], row) for row in rows if row.kind == kind) for kind in kinds}


def _kept(connection: Connection, kind: str, most: int) -> Sequence[Row[Any]]:
    kept: Select[Any] = select(facets.c.id, facets.c.value, facets.c.count.label("kept")).where(facets.c.kind == kind)
    return connection.execute(kept.order_by(facets.c.count.desc(), facets.c.id.desc()).limit(most)).all()


def _most(counted: Iterable[tuple[int, Row[Any]]]) -> tuple[Value, ...]:
    first = nlargest(MOST_VALUES, (one for one in counted if one[0]), key=lambda one: (one[0], one[1].id))
    return tuple(Value(value=row.value, count=count) for count, row in first)
