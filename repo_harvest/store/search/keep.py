"""Items that a transaction has written in, what readers search of them brought in line, in the same transaction.

The counts of facets are kept beside their values: over the whole collection nobody counts anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from repo_harvest.model import Record
from repo_harvest.store.engine import chunks
from repo_harvest.store.known import load_record
from repo_harvest.store.search.tables import KINDS, facets, search
from repo_harvest.store.search.words import title_order, words_of
from repo_harvest.store.tables import entries, items, sources

__all__ = ["LONGEST_VALUE", "keep", "keep_all"]

LONGEST_VALUE = 300  # characters of a value that results can be narrowed to: an index of PostgreSQL holds 2,704 bytes
_MOST_CREATORS = 500  # of an item that it can be found by as values
_STEP = 2000

_Value = tuple[str, str]  # kind and value


@dataclass(frozen=True, slots=True)
class _Live:
    """A live item, as it is to be found."""

    id: int
    datestamp: int
    record: Record
    year: str | None
    values: list[_Value]


def keep_all(connection: Connection) -> None:
    """Keep every item there is, in steps."""
    last = 0
    while ids := list(
        connection.execute(select(items.c.id).where(items.c.id > last).order_by(items.c.id).limit(_STEP)).scalars()
    ):
        keep(connection, ids)
        last = ids[-1]


def keep(connection: Connection, item_ids: Collection[int]) -> None:
    """Bring rows of the search and counts of facets in line with these items and their entries."""
    if not item_ids:
        return
    held = _held(connection, item_ids)
    live = _live(connection, item_ids)
    ids, new = _facet_ids(connection, Counter(value for one in live for value in one.values))
    rows = [_row(one, ids) for one in live]
    same = {row["item_id"] for row in rows if held.get(row["item_id"]) == tuple(row.values())}
    changed = [row for row in rows if row["item_id"] not in same]
    stale = [item_id for item_id in held if item_id not in same]
    for chunk in chunks(stale):
        connection.execute(delete(search).where(search.c.item_id.in_(chunk)))
    if changed:
        connection.execute(insert(search), changed)
    counts: Counter[str] = Counter(word for row in changed for word in row["facets"].split())
    counts.subtract(word for item_id in stale for word in held[item_id][4].split())
    for word in new:
        del counts[word]
    _count(connection, counts)


def _held(connection: Connection, item_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Item id -> its row, in the order of the columns."""
    held: dict[int, tuple[Any, ...]] = {}
    for chunk in chunks(sorted(item_ids)):
        rows = connection.execute(select(search).where(search.c.item_id.in_(chunk)))
        held.update((row.item_id, tuple(row)) for row in rows)
    return held


def _live(connection: Connection, item_ids: Collection[int]) -> list[_Live]:
    live = []
    for chunk in chunks(sorted(item_ids)):
        listed: dict[int, set[str]] = {}
        by_source = select(entries.c.item_id, sources.c.name).join(sources, sources.c.id == entries.c.source_id)
        here = entries.c.item_id.in_(chunk) & entries.c.gone.is_(False)
        for item_id, name in connection.execute(by_source.where(here).distinct()):
            listed.setdefault(item_id, set()).add(name)
        wanted = select(items.c.id, items.c.datestamp, items.c.sets, items.c.record)
        for row in connection.execute(wanted.where(items.c.id.in_(chunk) & items.c.deleted.is_(False))):
            record = load_record(row.record)
            year = record.year
            values = _values(record, year, listed.get(row.id, ()), row.sets.split())
            live.append(_Live(row.id, row.datestamp, record, year, values))
    return live


def _values(record: Record, year: str | None, listed: Iterable[str], specs: Sequence[str]) -> list[_Value]:
    """What results with this item can be narrowed to. An item of a set is in all sets above it."""
    inside = {spec.rsplit(":", below)[0] for spec in specs for below in range(spec.count(":") + 1)}
    told = {
        "year": [year] if year else [],
        "creator": record.creators[:_MOST_CREATORS],
        "type": record.type,
        "source": listed,
        "set": inside,
    }
    return [
        (kind, value)
        for kind, values in told.items()
        for value in sorted(set(values))
        if not value.isspace() and 0 < len(value) <= LONGEST_VALUE
    ]


def _facet_ids(connection: Connection, values: Mapping[_Value, int]) -> tuple[dict[_Value, int], set[str]]:
    """The ids of these values, and the words of those that are new: they are there with their counts."""
    ids: dict[_Value, int] = {}
    for kind in KINDS:
        wanted = sorted(value for of, value in values if of == kind)
        for chunk in chunks(wanted):
            found = select(facets.c.value, facets.c.id).where((facets.c.kind == kind) & facets.c.value.in_(chunk))
            ids.update(((kind, value), facet_id) for value, facet_id in connection.execute(found))
    new = sorted(values.keys() - ids.keys())
    if not new:
        return ids, set()
    first = (connection.execute(select(func.max(facets.c.id))).scalar() or 0) + 1
    numbered = dict(zip(new, count(first)))
    connection.execute(
        insert(facets),
        [{"id": number, "kind": one[0], "value": one[1], "count": values[one]} for one, number in numbered.items()],
    )
    return ids | numbered, {f"{KINDS[kind]}{number}" for (kind, _), number in numbered.items()}


def _row(one: _Live, ids: Mapping[_Value, int]) -> dict[str, Any]:
    title, creators, other = words_of(one.record)
    return {
        "item_id": one.id,
        "datestamp": one.datestamp,
        "year": int(one.year or 0),
        "title_order": title_order(one.record),
        "facets": " ".join(f"{KINDS[value[0]]}{ids[value]}" for value in one.values),
        "title": title,
        "creators": creators,
        "other": other,
    }


def _count(connection: Connection, counts: Mapping[str, int]) -> None:
    """Add to the counts of facets; a value that no live item has any more is forgotten."""
    rows = [{"facet": int(word[1:]), "more": more} for word, more in sorted(counts.items()) if more]
    if rows:
        here = facets.c.id == bindparam("facet")
        connection.execute(update(facets).where(here).values(count=facets.c.count + bindparam("more")), rows)
    if fewer := [{"facet": row["facet"]} for row in rows if row["more"] < 0]:
        connection.execute(delete(facets).where((facets.c.id == bindparam("facet")) & (facets.c.count == 0)), fewer)
