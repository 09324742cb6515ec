"""A question in, a page of the items that answer it out, with how many there are and what they can be narrowed to.

Counts are exact. Over the whole collection they are kept; over less, the database joins the facets of all that was found
into one text, and the words of that are counted here: one narrow column read once, where joining and grouping a row for
each facet of each item took several times as long.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    cast,
    collate,
    column,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from repo_harvest.model import Item
from repo_harvest.store.browse import item_of
from repo_harvest.store.engine import reading
from repo_harvest.store.search.question import Question, fts5, fts5_unwanted, tsquery
from repo_harvest.store.search.tables import KINDS, facets, search
from repo_harvest.store.tables import items

__all__ = ["MOST_VALUES", "SORTS", "Asked", "Found", "Value", "find"]

MOST_VALUES = 10
"""So many values of each kind are told: those that most results have."""

SORTS = ("relevance", "newest", "title", "changed")
"""By relevance: first what has all words in its title, then what has them in title and creators, each newest first."""

_INDEX = table("search_index", column("rowid"))
_OFTEN = 4000  # values of a kind that are counted first


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: a question, the value chosen of each kind, one of `SORTS`, and which of the results are shown."""

    question: Question = field(default_factory=Question)
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that results can be narrowed to, and how many of them have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some of `total` results; by kind, the values most of them have, but for kinds of which one was chosen."""

    items: tuple[Item, ...] = ()
    total: int = 0
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def find(engine: Engine, asked: Asked) -> Found:
    """What answers: live items alone, each once in all pages of the results. Raises `StoreUnavailable`."""
    with reading(engine) as connection:
        chosen = _chosen(connection, asked.chosen)
        if chosen is None:
            return Found()
        match = _Match(connection.dialect.name, asked.question, chosen)
        if match.is_everything:
            total = connection.execute(select(func.count()).select_from(search)).scalar_one()
            values = _kept_values(connection)
        else:
            total, joined = connection.execute(_counted(match)).one()
            values = _counted_values(connection, joined or "", asked.chosen)
        return Found(items=_page(connection, match, asked), total=total, values=values)


def _chosen(connection: Connection, chosen: Mapping[str, str]) -> list[str] | None:
    """The words of the values in `search.facets`; `None` if no live item has one of them."""
    found = []
    for kind, value in chosen.items():
        if "\0" in value:  # PostgreSQL does not even let one ask
            return None
        here = (facets.c.kind == kind) & (facets.c.value == value)
        facet_id = connection.execute(select(facets.c.id).where(here)).scalar()
        if facet_id is None:
            return None
        found.append(f"{KINDS[kind]}{facet_id}")
    return found


class _Match:
    """What a row of the search must meet, as the database at hand puts it."""

    def __init__(self, dialect: str, question: Question, chosen: Sequence[str]) -> None:
        self._is_sqlite = dialect == "sqlite"
        self._question, self._chosen = question, chosen
        self.is_everything = not (question.wanted or question.unwanted or chosen)
        self.has_words = bool(question.wanted)
        self._expression = fts5(question, chosen) if self._is_sqlite else ""

    @property
    def rows(self) -> FromClause:
        """What to select from: joined to its index, SQLite goes straight from one to the other."""
        return _INDEX.join(search, search.c.item_id == _INDEX.c.rowid) if self._expression else search

    @property
    def condition(self) -> ColumnElement[bool]:
        if self.is_everything:
            return true()
        if not self._is_sqlite:
            return _vector(tsquery(self._question, self._chosen))
        conditions = [_matches(self._expression)] if self._expression else []
        if unwanted := fts5_unwanted(self._question):
            conditions.append(search.c.item_id.not_in(_indexed(unwanted)))
        return and_(*conditions)

    def within(self, *, creators: bool) -> ColumnElement[bool]:
        """That all words are in the title; or with `creators`, each in that or among these."""
        wanted = Question(wanted=self._question.wanted)
        if not self._is_sqlite:
            return _vector(tsquery(wanted, labels="AB" if creators else "A"))
        return search.c.item_id.in_(_indexed(fts5(wanted, columns="title creators" if creators else "title")))


def _indexed(expression: str) -> Select[tuple[Any]]:
    return select(_INDEX.c.rowid).where(_matches(expression)).correlate(None)


def _matches(expression: str) -> ColumnElement[bool]:
    return literal_column("search_index").bool_op("MATCH")(bindparam(None, expression))


def _vector(expression: str) -> ColumnElement[bool]:
    return literal_column("search.vector").bool_op("@@")(cast(expression, TSQUERY))


def _counted(match: _Match) -> Select[int, str]:
    return (
        select(func.count(), func.aggregate_strings(search.c.facets, " "))
        .select_from(match.rows)
        .where(match.condition)
    )


def _page(connection: Connection, match: _Match, asked: Asked) -> tuple[Item, ...]:
    ids = select(search.c.item_id).select_from(match.rows).where(match.condition)
    ids = ids.order_by(*_order(connection, match, asked.sort))
    page = list(connection.execute(ids.limit(asked.limit).offset(asked.offset)).scalars())
    rows = {row.id: row for row in connection.execute(select(items).where(items.c.id.in_(page)))}
    return tuple(item_of(rows[item_id]) for item_id in page)


def _order(connection: Connection, match: _Match, sort: str) -> list[ColumnElement[Any]]:
    last: ColumnElement[Any] = search.c.item_id.desc()
    if sort == "title":
        by_bytes = (
            collate(search.c.title_order, "C") if connection.dialect.name == "postgresql" else search.c.title_order
        )
        return [by_bytes, search.c.item_id]
    if sort == "changed":
        return [search.c.datestamp.desc(), last]
    newest = [search.c.year.desc(), last]
    if sort == "relevance" and match.has_words:
        return [case((match.within(creators=False), 0), (match.within(creators=True), 1), else_=2), *newest]
    return newest


# --- values to narrow results to ---


def _kept_values(connection: Connection) -> dict[str, tuple[Value, ...]]:
    told = {}
    for kind in KINDS:
        kept = select(facets.c.value, facets.c.count).where(facets.c.kind == kind)
        most = kept.order_by(facets.c.count.desc(), facets.c.id.desc()).limit(MOST_VALUES)
        told[kind] = tuple(Value(value=value, count=count) for value, count in connection.execute(most))
    return told


def _counted_values(connection: Connection, joined: str, chosen: Mapping[str, str]) -> dict[str, tuple[Value, ...]]:
    kinds = [kind for kind in KINDS if kind not in chosen]
    by_kind = _counted_often(connection, kinds, found := joined.split())
    for kind in set(kinds) - by_kind.keys():
        by_kind[kind] = _by_id(Counter(filter(re.compile(KINDS[kind]).match, found)))
    most = {kind: heapq.nlargest(MOST_VALUES, counts) for kind, counts in by_kind.items()}
    named = [facet_id for counts in most.values() for _, facet_id in counts]
    names = {row.id: row.value for row in connection.execute(select(facets).where(facets.c.id.in_(named)))}
    return {
        kind: tuple(Value(value=names[facet_id], count=count) for count, facet_id in counts)
        for kind, counts in most.items()
    }


def _counted_often(
    connection: Connection, kinds: Sequence[str], found: Sequence[str]
) -> dict[str, list[tuple[int, int]]]:
    """(count, id) of values by kind, but for a kind of which a value that is not counted could be among the first.

    No value is found more often than it is kept of all items. So those that most of all items have are counted alone, which
    is several times as fast as counting all.
    """
    bounds: dict[str, int] = {}
    often: set[str] = set()
    for kind in kinds:
        most = select(facets.c.count, facets.c.id).where(facets.c.kind == kind)
        kept = connection.execute(most.order_by(facets.c.count.desc(), facets.c.id.desc()).limit(_OFTEN + 1)).all()
        often.update(f"{KINDS[kind]}{facet_id}" for _, facet_id in kept[:_OFTEN])
        bounds[kind] = kept[_OFTEN][0] if len(kept) > _OFTEN else 0
    counted = Counter(filter(often.__contains__, found))
    by_kind = {kind: _by_id({word: n for word, n in counted.items() if word[0] == KINDS[kind]}) for kind in kinds}
    return {
        kind: counts for kind, counts in by_kind.items() if not bounds[kind] or _last_of_most(counts) >= bounds[kind]
    }


def _last_of_most(counts: Sequence[tuple[int, int]]) -> int:
    first = heapq.nlargest(MOST_VALUES, counts)
    return first[-1][0] if len(first) == MOST_VALUES else 0


def _by_id(counts: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(count, int(word[1:])) for word, count in counts.items()]
