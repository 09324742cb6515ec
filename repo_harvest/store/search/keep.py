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
from repo_harvest.store.search.tables import KINDS, facet_word, facets, search
from repo_harvest.store.search.words import title_order, words_of
from repo_harvest.store.tables import entries, items, sources

__all__ = ["LONGEST_VALUE", "Live", "fill", "keep"]

LONGEST_VALUE = 300  # characters of a value that results can be narrowed to: an index of PostgreSQL holds 2,704 bytes
_MOST_CREATORS = 500  # of an item that it can be found by as values
_STEP = 2000

_FACETS = list(search.columns).index(search.c.facets)
_Value = tuple[str, str]  # kind and value


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A live item, as it is to be found; `sources` are those whose pages list it."""

    id: int
    datestamp: int
    record: Record
    sets: Sequence[str]
    sources: Collection[str]


def fill(connection: Connection) -> None:
    """Keep the live items that nothing is kept of, in steps: all, once a migration has emptied the tables."""
    last = 0
    missing = select(items.c.id).where(items.c.deleted.is_(False)).order_by(items.c.id).limit(_STEP)
    missing = missing.where(items.c.id.not_in(select(search.c.item_id)))
    while ids := list(connection.execute(missing.where(items.c.id > last)).scalars()):
        keep(connection, (), _live(connection, ids))
        last = ids[-1]


def keep(connection: Connection, item_ids: Collection[int], new: Collection[Live] = ()) -> None:
    """Bring rows of the search and counts of facets in line with these items and their entries.

    Of `new` ones, which are not among `item_ids`, nothing is kept yet, and nothing is read.
    """
    held = _held(connection, item_ids)
    live = [(one, _values(one)) for one in (*new, *_live(connection, item_ids))]
    ids, made = _facet_ids(connection, Counter(value for _, values in live for value in values))
    rows = [_row(one, [ids[value] for value in values]) for one, values in live]
    same = {row["item_id"] for row in rows if held.get(row["item_id"]) == tuple(row.values())} if held else set()
    changed = [row for row in rows if row["item_id"] not in same]
    stale = [item_id for item_id in held if item_id not in same]
    for chunk in chunks(stale):
        connection.execute(delete(search).where(search.c.item_id.in_(chunk)))
    if changed:
        connection.execute(insert(search), changed)
    counts: Counter[int] = Counter(facet for row in changed for facet in _facets_of(row["facets"]))
    for item_id in stale:
        counts.subtract(_facets_of(held[item_id][_FACETS]))
    for facet in made:
        del counts[facet]
    _count(connection, counts)


def _held(connection: Connection, item_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Item id -> its row, in the order of the columns."""
    held: dict[int, tuple[Any, ...]] = {}
    for chunk in chunks(sorted(item_ids)):
        rows = connection.execute(select(search).where(search.c.item_id.in_(chunk)))
        held.update((row.item_id, tuple(row)) for row in rows)
    return held


def _live(connection: Connection, item_ids: Collection[int]) -> list[Live]:
    live: list[Live] = []
    for chunk in chunks(sorted(item_ids)):
        listed: dict[int, set[str]] = {}
        by_source = select(entries.c.item_id, sources.c.name).join(sources, sources.c.id == entries.c.source_id)
        here = entries.c.item_id.in_(chunk) & entries.c.gone.is_(False)
        for item_id, name in connection.execute(by_source.where(here).distinct()):
            listed.setdefault(item_id, set()).add(name)
        wanted = select(items.c.id, items.c.datestamp, items.c.sets, items.c.record)
        live += [
            Live(
                id=row.id,
                datestamp=row.datestamp,
                record=load_record(row.record),
                sets=row.sets.split(),
                sources=listed.get(row.id, ()),
            )
            for row in connection.execute(wanted.where(items.c.id.in_(chunk) & items.c.deleted.is_(False)))
        ]
    return live


def _values(one: Live) -> list[_Value]:
    """What results with this item can be narrowed to. An item of a set is in all sets above it."""
    told: dict[str, Iterable[str]] = {
        "year": [one.record.year] if one.record.year else [],
        "creator": one.record.creators[:_MOST_CREATORS],
        "type": one.record.type,
        "source": one.sources,
        "set": (spec.rsplit(":", below)[0] for spec in one.sets for below in range(spec.count(":") + 1)),
    }
    return [
        (kind, value)
        for kind, values in told.items()
        for value in sorted(set(values))
        if not value.isspace() and 0 < len(value) <= LONGEST_VALUE
    ]


def _facet_ids(connection: Connection, values: Mapping[_Value, int]) -> tuple[dict[_Value, int], Collection[int]]:
    """The ids of these values, and those of them that are new: they are there with their counts."""
    ids: dict[_Value, int] = {}
    for kind in KINDS:
        for chunk in chunks(sorted(value for of, value in values if of == kind)):
            found = select(facets.c.value, facets.c.id).where((facets.c.kind == kind) & facets.c.value.in_(chunk))
            ids.update(((kind, value), facet_id) for value, facet_id in connection.execute(found))
    new = sorted(values.keys() - ids.keys())
    if not new:
        return ids, ()
    first = (connection.execute(select(func.max(facets.c.id))).scalar() or 0) + 1
    numbered = dict(zip(new, count(first)))
    connection.execute(
        insert(facets),
        [{"id": number, "kind": one[0], "value": one[1], "count": values[one]} for one, number in numbered.items()],
    )
    return ids | numbered, numbered.values()


def _row(one: Live, facet_ids: Iterable[int]) -> dict[str, Any]:
    title, creators, other = words_of(one.record)
    return {
        "item_id": one.id,
        "datestamp": one.datestamp,
        "year": int(one.record.year or 0),
        "title_order": title_order(title),
        "facets": "".join(f"{facet_word(facet_id)} " for facet_id in facet_ids),
        "title": title,
        "creators": creators,
        "other": other,
    }


def _facets_of(words: str) -> list[int]:
    return [int(word, 16) for word in words.split()]


def _count(connection: Connection, counts: Mapping[int, int]) -> None:
    """Add to the counts of facets; a value that no live item has any more is forgotten."""
    rows = [{"facet": facet, "more": more} for facet, more in sorted(counts.items()) if more]
    if rows:
        here = facets.c.id == bindparam("facet")
        connection.execute(update(facets).where(here).values(count=facets.c.count + bindparam("more")), rows)
    if fewer := [{"facet": row["facet"]} for row in rows if row["more"] < 0]:
        connection.execute(delete(facets).where((facets.c.id == bindparam("facet")) & (facets.c.count == 0)), fewer)
