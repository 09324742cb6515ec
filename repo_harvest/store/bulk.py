"""Another repository's items in, the same feed out: identifiers, datestamps, sets and deletions as they were.

Only into an empty feed, and outside the promise that a harvester of this feed misses nothing: datestamps of the past are
what is wanted here, for harvesters that go on from where the other repository left them. One transaction: all or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from repo_harvest.errors import Refused
from repo_harvest.model import Header, Record, Rendition, SetInfo
from repo_harvest.store.engine import writing
from repo_harvest.store.filing import heat, hidden, key_rows
from repo_harvest.store.plan import Filed, served_digest
from repo_harvest.store.publish import HeaderXml, dump_record, ensure_sets, lock_clock, set_closure
from repo_harvest.store.said import feature_rows
from repo_harvest.store.search.keep import Live, keep
from repo_harvest.store.tables import (
    applied,
    entries,
    features,
    feed_clock,
    items,
    keys,
    memberships,
    renditions,
    sources,
)

__all__ = ["Migrated", "migrate"]

_STEP = 2000
_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """An item as the other repository served it; `prefixes` are the formats that a deleted one once had.

    `spot` and `keys` are how its entry is found: the place among the holders of the keys; `said` is what is compared of it.
    """

    header: Header
    record: Record
    renditions: tuple[Rendition, ...]
    spot: int
    keys: frozenset[int]
    said: str
    prefixes: tuple[str, ...]
    place: str
    about: bytes = b""
    local_id: str | None = None


def migrate(
    engine: Engine,
    source_id: int,
    moved: Iterable[Migrated],
    *,
    page_url: str,
    fetched: int,
    told: Mapping[str, SetInfo],
    header_xml: HeaderXml,
    hot: int,
) -> int:
    """Write the items into the empty feed and return how many; each becomes an entry of the source as well.

    A key that `hot` entries share is hot from then on.

    Raises `Refused` when the feed holds anything, `StoreUnavailable`, and whatever `moved` raises; nothing is written then.
    """
    total, newest = 0, 0
    with writing(engine) as connection:
        sealed = lock_clock(connection)
        if connection.execute(select(items.c.id).limit(1)).scalar() is not None:
            raise Refused(
                "the feed already holds records: --migrate needs an empty one; name a new database in [database] url"
            )
        set_ids: dict[str, int] = {}
        source = connection.execute(select(sources.c.name).where(sources.c.id == source_id)).scalar_one()
        left = iter(moved)
        while chunk := list(islice(left, _STEP)):
            wanted = {spec for one in chunk for spec in one.header.sets} - set(set_ids)
            if wanted:
                set_ids.update(ensure_sets(connection, wanted, told))
            rows = _Chunk(source_id, source, page_url, fetched, set_ids, header_xml)
            for number, one in enumerate(chunk, start=total + 1):
                rows.add(number, one)
            rows.write(connection)
            keep(connection, (), rows.live)
            total += len(chunk)
            newest = max(newest, *(one.header.datestamp for one in chunk))
        _go_on_after(connection, total)
        heat(connection, hot)
        connection.execute(
            delete(applied).where(applied.c.name != "keys")
        )  # rules are yet to be held against these items
        connection.execute(update(feed_clock).values(sealed=max(sealed, newest), written=feed_clock.c.written + 1))
    return total


class _Chunk:
    """The rows of some items, table by table."""

    def __init__(
        self,
        source_id: int,
        source: str,
        page_url: str,
        fetched: int,
        set_ids: Mapping[str, int],
        header_xml: HeaderXml,
    ) -> None:
        self.live: list[Live] = []
        self._entry = {"source_id": source_id, "page_url": page_url, "fetched": fetched, "byline": "", "origins": "[]"}
        self._source, self._set_ids, self._header_xml = source, set_ids, header_xml
        self._items: _Rows = []
        self._entries: _Rows = []
        self._filed: list[Filed] = []
        self._renditions: _Rows = []
        self._memberships: _Rows = []

    def add(self, item_id: int, one: Migrated) -> None:
        header, record, sets = one.header, dump_record(one.record), "\n".join(one.header.sets)
        stamped = {"item_id": item_id, "datestamp": header.datestamp}
        self._items.append(
            {
                "id": item_id,
                "identifier": header.identifier,
                "datestamp": header.datestamp,
                "deleted": header.deleted,
                "sets": sets,
                "digest": served_digest(
                    deleted=header.deleted, sets=header.sets, renditions=one.renditions, about=one.about
                ),
                "record": record,
            }
        )
        kept = {"local_id": one.local_id, "gone": header.deleted, "position": item_id, "sets": sets, "place": one.place}
        self._entries.append(
            {**self._entry, **kept, "id": item_id, "item_id": item_id, "home_id": item_id, "record": record}
        )
        found = hidden(one.keys) if header.deleted else one.keys
        self._filed.append(Filed(node=item_id, place=one.spot, keys=found, said=one.said))
        bodies = {rendition.prefix: rendition.metadata for rendition in one.renditions}
        xml = self._header_xml(header)
        self._renditions += [
            {**stamped, "prefix": prefix, "header": xml, "metadata": bodies.get(prefix), "about": one.about or None}
            for prefix in (one.prefixes if header.deleted else bodies)
        ]
        if not header.deleted:
            self.live.append(
                Live(
                    id=item_id,
                    datestamp=header.datestamp,
                    record=one.record,
                    sets=header.sets,
                    sources=(self._source,),
                )
            )
        self._memberships += [
            {**stamped, "set_id": self._set_ids[spec], "header": None} for spec in set_closure(header.sets)
        ]

    def write(self, connection: Connection) -> None:
        filled: Sequence[tuple[Any, _Rows]] = (
            (items, self._items),
            (entries, self._entries),
            (keys, key_rows(self._filed, {})),
            (features, feature_rows(self._filed, {})),
            (renditions, self._renditions),
            (memberships, self._memberships),
        )
        for table, rows in filled:
            if rows:
                connection.execute(insert(table), rows)


def _go_on_after(connection: Connection, total: int) -> None:
    """PostgreSQL numbers rows by a sequence, which knows nothing of the ids that were given here."""
    if connection.dialect.name == "postgresql" and total:
        sequence = func.pg_get_serial_sequence(text("'items'"), text("'id'"))
        connection.execute(select(func.setval(sequence, total)))
