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

_FEW = 2000  # facets of results, each of which is looked up
_OFTEN, _MORE = 1000, 8  # values of a kind that are counted first; so many times as many where those do not do


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that results can be narrowed to, and how many of them have it."""

    value: str
    count: int


_Values = dict[str, tuple[Value, ...]]


def most_common(connection: Connection, kinds: Sequence[str], found: str, *, is_left_out: bool) -> _Values:
    """The values of these kinds that most results have; `found` are the facets of all results, or of all other items.

    No value is found more often than it is kept of all items. So those that most of all items have are counted alone, which
    is several times as fast as counting all, unless one that is not among them could have been found as often.
    """
    numbers = facet_numbers(found)
    if not is_left_out and len(numbers) <= _FEW:
        return _of_few(connection, kinds, Counter(numbers))
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


def _of_few(connection: Connection, kinds: Sequence[str], counts: Mapping[int, int]) -> _Values:
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
