"""An address that was looked up in, what it ever said and when it was asked out: so that a run asks again only when it must.

What an address gave stays until it gives something else: a failure is noted beside it and takes nothing back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from repo_harvest.model import Entry, PartialDate
from repo_harvest.store.engine import chunks, reading, writing
from repo_harvest.store.tables import lookups

__all__ = ["Lookup", "Lookups"]

_FIELDS = (
    *("title", "place", "creators", "container", "publisher", "identifiers", "abstract"),
    *("name_identifiers", "affiliations", "funding", "origins"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What is known of an address: when it was last `asked`, and when it first `told` something (UTC seconds since 1970).

    `found` is what it ever said of works; `fault` why it said nothing when it was last asked, in words, empty if it did.
    """

    address: str
    asked: int
    told: int | None = None
    found: tuple[Entry, ...] = ()
    fault: str = ""


class Lookups:
    """The lookups that a database keeps."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, addresses: Collection[str]) -> dict[str, Lookup]:
        """What is known of these addresses, by address; raises `StoreUnavailable`."""
        known: dict[str, Lookup] = {}
        with reading(self._engine) as connection:
            for chunk in chunks(sorted(addresses)):
                for row in connection.execute(select(lookups).where(lookups.c.address.in_(chunk))):
                    known[row.address] = Lookup(
                        address=row.address,
                        asked=row.asked,
                        told=row.told,
                        found=tuple(map(_entry, json.loads(row.found))),
                        fault=row.fault,
                    )
        return known

    def keep(self, lookup: Lookup) -> None:
        """Keep it in place of what was known; raises `StoreUnavailable`."""
        values = {
            "address": lookup.address,
            "asked": lookup.asked,
            "told": lookup.told,
            "found": json.dumps([_plain(entry) for entry in lookup.found], ensure_ascii=False),
            "fault": lookup.fault,
        }
        try:
            with writing(self._engine) as connection:
                connection.execute(delete(lookups).where(lookups.c.address == lookup.address))
                connection.execute(insert(lookups).values(values))
        except IntegrityError:
            return  # another run looked it up at the same time, and its answer is as good


def _plain(entry: Entry) -> dict[str, Any]:
    """The filled fields as plain values; links and byline are of no use later."""
    given: dict[str, Any] = {name: getattr(entry, name) for name in _FIELDS}
    given["date"] = str(entry.date) if entry.date else None
    return {name: value for name, value in given.items() if value}


def _entry(values: Mapping[str, Any]) -> Entry:
    """The inverse of `_plain`."""
    return Entry(
        title=values.get("title", ""),
        place=values.get("place", ""),
        creators=tuple(values.get("creators", ())),
        date=PartialDate.parse(values["date"]) if "date" in values else None,
        container=values.get("container"),
        publisher=values.get("publisher"),
        identifiers=tuple(values.get("identifiers", ())),
        abstract=values.get("abstract"),
        name_identifiers=tuple(values.get("name_identifiers", ())),
        affiliations=tuple(values.get("affiliations", ())),
        funding=tuple(values.get("funding", ())),
        origins=tuple((name, where) for name, where in values.get("origins", ())),
    )
