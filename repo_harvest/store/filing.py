"""Where entries are filed: key, place among the holders of the key, entry; those of the newest entries in a table apart.

The rows of one import are spread over the whole of `keys`: a database writes nearly every page of it for a few thousand new
entries. They go into `recent_keys`, which is small, and from there into `keys` when it holds `MOST_RECENT`, so that many
imports share the writing. No order is promised but that of a key's holders: by place, then by entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, tuple_, update

from repo_harvest.store.engine import chunks
from repo_harvest.store.plan import Filed
from repo_harvest.store.tables import hot_keys, keys, recent_keys

__all__ = [
    "MOST_RECENT",
    "Holder",
    "between",
    "file_entries",
    "fold",
    "heat",
    "hidden",
    "hide",
    "holders",
    "key_rows",
    "stretch",
    "unfile",
]

Holder = tuple[int, int]  # (place, entry id)

MOST_RECENT = 1_000_000
"""Rows of `recent_keys`; an entry has about ten. Folding so many takes seconds, and goes on behind readers."""

_BOTH: tuple[Table, Table] = (keys, recent_keys)


# --- what is filed ---


def key_rows(filed: Iterable[Filed], nodes: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rows that file these entries, in the order of the tables: no page of them is then written twice."""
    rows = sorted((key, one.place, nodes.get(one.node, one.node)) for one in filed for key in one.keys)
    return [{"key": key, "place": place, "entry_id": entry_id} for key, place, entry_id in rows]


def file_entries(connection: Connection, filed: Iterable[Filed], nodes: Mapping[int, int]) -> None:
    """File entries that are filed nowhere, and `fold` if that makes the recent ones too many."""
    if rows := key_rows(filed, nodes):
        connection.execute(insert(recent_keys), rows)
        if connection.execute(select(func.count()).select_from(recent_keys)).scalar_one() >= MOST_RECENT:
            fold(connection)


def unfile(connection: Connection, ids: Iterable[int]) -> None:
    """File these entries nowhere any more."""
    if these := [{"entry": entry_id} for entry_id in ids]:
        for table in _BOTH:
            connection.execute(delete(table).where(table.c.entry_id == bindparam("entry")), these)


def hide(connection: Connection, ids: Iterable[int]) -> None:
    """File these entries, which are gone from now on, as such: see `hidden`."""
    if these := [{"entry": entry_id} for entry_id in ids]:
        for table in _BOTH:
            live = (table.c.entry_id == bindparam("entry")) & (table.c.key >= 0)
            connection.execute(update(table).where(live).values(key=-table.c.key - 1), these)


def hidden(keys: Iterable[int]) -> frozenset[int]:
    """What an entry that is gone is filed under: -key - 1 instead of each key."""
    return frozenset(-key - 1 for key in keys)


def fold(connection: Connection) -> None:
    """Move what is in `recent_keys` into `keys`."""
    columns = [recent_keys.c.key, recent_keys.c.place, recent_keys.c.entry_id]
    connection.execute(insert(keys).from_select(["key", "place", "entry_id"], select(*columns).order_by(*columns)))
    connection.execute(delete(recent_keys))


def heat(connection: Connection, hot: int) -> None:
    """Make every key hot that so many live entries share. Nothing may be recent: see `fold`."""
    shared = select(keys.c.key).where(keys.c.key >= 0).group_by(keys.c.key).having(func.count() >= hot)
    connection.execute(insert(hot_keys).from_select(["key"], shared))


# --- who is found ---


def holders(connection: Connection, wanted: Collection[int]) -> dict[int, list[Holder]]:
    """Key -> those who hold it."""
    found: defaultdict[int, list[Holder]] = defaultdict(list)
    for chunk in chunks(sorted(wanted)):
        for table in _BOTH:
            for key, place, entry_id in connection.execute(select(table).where(table.c.key.in_(chunk))):
                found[key].append((place, entry_id))
    return found


def stretch(connection: Connection, key: int, around: Holder, reach: int) -> tuple[Holder, Holder]:
    """The first and last of the holders of a key that are at most `reach` before or behind a place among them."""
    below: list[Holder] = []
    above: list[Holder] = []
    for table in _BOTH:
        held, spot = _held(table, key)
        up = held.where(spot > around).order_by(table.c.place, table.c.entry_id).limit(reach)
        down = held.where(spot < around).order_by(table.c.place.desc(), table.c.entry_id.desc()).limit(reach)
        above += _holders(connection, up)
        below += _holders(connection, down)
    return min(sorted(below)[-reach:], default=around), max(sorted(above)[:reach], default=around)


def between(connection: Connection, key: int, first: Holder, last: Holder) -> list[Holder]:
    """The holders of a key from one to another, in their order."""
    found: list[Holder] = []
    for table in _BOTH:
        held, spot = _held(table, key)
        found += _holders(connection, held.where(spot >= first, spot <= last))
    return sorted(found)


def _held(table: Table, key: int) -> tuple[Any, Any]:
    """(the holders of a key in one table, what they are ordered by)."""
    return (
        select(table.c.place, table.c.entry_id).where(table.c.key == key),
        tuple_(table.c.place, table.c.entry_id),
    )


def _holders(connection: Connection, statement: Any) -> Iterator[Holder]:  # noqa: ANN401 -- a select, limited or not
    return ((row.place, row.entry_id) for row in connection.execute(statement))
