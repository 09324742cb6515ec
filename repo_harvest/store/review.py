"""What was said of duplicates, for people: pairs that nobody is sure of, what was decided, and why entries are one work."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select, case, func, select

from repo_harvest.model import Record
from repo_harvest.store.engine import chunks, reading
from repo_harvest.store.known import load_record
from repo_harvest.store.tables import entries, items, pairs, ruled, rulings, sources

__all__ = ["Doubt", "Said", "StoredRuling", "count_doubts", "doubts", "every_place", "said_of", "stored_rulings"]

_ONE, _OTHER = entries.alias("one"), entries.alias("other")
_ONE_ITEM, _OTHER_ITEM = items.alias("one_item"), items.alias("other_item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two live items that may be one work: the score (0 to 1) and reasons of the rules, for a person to decide."""

    one: str
    other: str
    one_record: Record
    other_record: Record
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRuling:
    """What a person decided: the verdict on two records, when (UTC seconds since 1970) and by whom; `undone` when, if so."""

    id: int
    verdict: str
    made: int
    made_by: str
    note: str
    undone: int | None
    one: str
    other: str
    one_record: Record
    other_record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is kept of two entries, each told by its source and place: a verdict with its score and reasons.

    `by` is the version of the rules, or the name of the person; a ruling has no score, and the number it can be undone by.
    """

    one: str
    other: str
    verdict: str
    score: float | None
    reasons: tuple[str, ...]
    by: str
    ruling: int | None = None


def doubts(engine: Engine, *, offset: int = 0, limit: int = 50) -> list[Doubt]:
    """Pairs of items in doubt, the likeliest first; one for each two items. Raises `StoreUnavailable`."""
    best = _doubts().subquery()
    wanted = (
        select(
            best.c.score,
            best.c.reasons,
            _ONE_ITEM.c.identifier.label("one"),
            _OTHER_ITEM.c.identifier.label("other"),
            _ONE_ITEM.c.record.label("one_record"),
            _OTHER_ITEM.c.record.label("other_record"),
        )
        .join(_ONE_ITEM, _ONE_ITEM.c.id == best.c.low)
        .join(_OTHER_ITEM, _OTHER_ITEM.c.id == best.c.high)
        .where(best.c.rank == 1)
        .order_by(best.c.score.desc(), best.c.low, best.c.high)
        .offset(offset)
        .limit(limit)
    )
    with reading(engine) as connection:
        return [
            Doubt(
                one=row.one,
                other=row.other,
                one_record=load_record(row.one_record),
                other_record=load_record(row.other_record),
                score=row.score,
                reasons=tuple(json.loads(row.reasons)),
            )
            for row in connection.execute(wanted)
        ]


def count_doubts(engine: Engine) -> tuple[int, int]:
    """How many pairs of items are in doubt, and how many items those are; raises `StoreUnavailable`."""
    found = _doubts().subquery()
    with reading(engine) as connection:
        both = {(row.low, row.high) for row in connection.execute(select(found.c.low, found.c.high))}
    return len(both), len({item for pair in both for item in pair})


def _doubts() -> Select[Any]:
    """Each two items in doubt, by every pair of their entries, the best of them of rank 1; what people ruled on is left out."""
    first = _ONE.c.item_id < _OTHER.c.item_id
    low = case((first, _ONE.c.item_id), else_=_OTHER.c.item_id)
    high = case((first, _OTHER.c.item_id), else_=_ONE.c.item_id)
    said = (
        select(ruled.c.ruling_id)
        .join(rulings, rulings.c.id == ruled.c.ruling_id)
        .where(ruled.c.one_id == pairs.c.one_id, ruled.c.other_id == pairs.c.other_id, rulings.c.undone.is_(None))
    )
    rank = func.row_number().over(
        partition_by=(low, high), order_by=(pairs.c.score.desc(), pairs.c.one_id, pairs.c.other_id)
    )
    return (
        select(low.label("low"), high.label("high"), pairs.c.score, pairs.c.reasons, rank.label("rank"))
        .join(_ONE, _ONE.c.id == pairs.c.one_id)
        .join(_OTHER, _OTHER.c.id == pairs.c.other_id)
        .where(pairs.c.verdict == "uncertain", _ONE.c.item_id != _OTHER.c.item_id, ~said.exists())
    )


def stored_rulings(engine: Engine, *, limit: int | None = None) -> list[StoredRuling]:
    """What people decided, the newest first and at most `limit`, each told by one pair of its entries; raises `StoreUnavailable`."""
    with reading(engine) as connection:
        rows = connection.execute(select(rulings).order_by(rulings.c.id.desc()).limit(limit)).fetchall()
        about: dict[int, tuple[int, int]] = {}
        for pair in connection.execute(_pairs_of([row.id for row in rows] if limit else None)):
            about.setdefault(pair.ruling_id, (pair.one_id, pair.other_id))
        told = {
            row.id: (row.identifier, load_record(row.record))
            for chunk in chunks(sorted({i for pair in about.values() for i in pair}))
            for row in connection.execute(
                select(entries.c.id, entries.c.record, _ONE_ITEM.c.identifier)
                .join(_ONE_ITEM, _ONE_ITEM.c.id == func.coalesce(entries.c.home_id, entries.c.item_id))
                .where(entries.c.id.in_(chunk))
            )
        }
    return [
        StoredRuling(
            id=row.id,
            verdict=row.verdict,
            made=row.made,
            made_by=row.made_by,
            note=row.note,
            undone=row.undone,
            one=told[about[row.id][0]][0],
            other=told[about[row.id][1]][0],
            one_record=told[about[row.id][0]][1],
            other_record=told[about[row.id][1]][1],
        )
        for row in rows
    ]


def _pairs_of(numbers: Collection[int] | None) -> Select[Any]:
    """The pairs of these decisions, or of all."""
    found = select(ruled).order_by(ruled.c.ruling_id, ruled.c.one_id, ruled.c.other_id)
    return found if numbers is None else found.where(ruled.c.ruling_id.in_(numbers))


def said_of(engine: Engine, item_ids: Collection[int]) -> list[Said]:
    """What is kept of pairs of live entries of these items, people's word first; raises `StoreUnavailable`."""
    names: dict[int, str] = {}
    found: list[Said] = []
    with reading(engine) as connection:
        live = (
            select(entries.c.id, entries.c.place, sources.c.name)
            .join(sources, sources.c.id == entries.c.source_id)
            .where(entries.c.item_id.in_(sorted(item_ids)), ~entries.c.gone)
        )
        names = {row.id: f"{row.name}, {row.place}" for row in connection.execute(live)}
        for chunk in chunks(sorted(names)):
            about = select(ruled, rulings).join(rulings, rulings.c.id == ruled.c.ruling_id)
            about = about.where(rulings.c.undone.is_(None), ruled.c.one_id.in_(chunk)).order_by(rulings.c.id.desc())
            found += [
                Said(
                    one=names[row.one_id],
                    other=names[row.other_id],
                    verdict=row.verdict,
                    score=None,
                    reasons=(row.note,) if row.note else (),
                    by=row.made_by,
                    ruling=row.ruling_id,
                )
                for row in connection.execute(about)
                if row.other_id in names
            ]
        for chunk in chunks(sorted(names)):
            kept = select(pairs).where(pairs.c.one_id.in_(chunk)).order_by(pairs.c.score.desc(), pairs.c.other_id)
            found += [
                Said(
                    one=names[row.one_id],
                    other=names[row.other_id],
                    verdict=row.verdict,
                    score=row.score,
                    reasons=tuple(json.loads(row.reasons)),
                    by=f"rules {row.rules}",
                )
                for row in connection.execute(kept)
                if row.other_id in names
            ]
    return found


def every_place(engine: Engine) -> Iterator[tuple[int, str, str]]:
    """(entry, what its import line or else its source calls it, identifier of its item) of every live entry, by item."""
    wanted = (
        select(entries.c.id, entries.c.local_id, entries.c.place, sources.c.name, items.c.identifier)
        .join(sources, sources.c.id == entries.c.source_id)
        .join(items, items.c.id == entries.c.item_id)
        .where(~entries.c.gone)
        .order_by(entries.c.item_id, entries.c.id)
    )
    with reading(engine) as connection:
        for row in connection.execute(wanted):
            yield row.id, row.local_id or f"{row.name}: {row.place}", row.identifier
