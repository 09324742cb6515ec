"""A question in, the rows of the search that answer it out, as the database at hand finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
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

from repo_harvest.store.search.question import Place, Question, fts5, fts5_unwanted, tsquery, tsquery_unwanted
from repo_harvest.store.search.tables import search

__all__ = ["Match", "Order", "match"]

Order = Literal["newest", "title", "changed"]

_INDEX = table("search_index", column("rowid"))
_BY_INDEX = _INDEX.join(search, search.c.item_id == _INDEX.c.rowid)
_MANY = 2000  # rows; SQLite comes by the first of more sooner in their order than by sorting them


@dataclass(frozen=True, slots=True)
class Match:
    """The rows that an expression for the index finds; if it is `negated`, all others; all there are if it is empty."""

    connection: Connection
    expression: str
    negated: bool = False

    def count(self) -> int:
        """How many rows."""
        if not self.expression:
            return self.connection.execute(select(func.count()).select_from(search)).scalar_one()
        found = select(func.count()).select_from(_INDEX if self._is_sqlite else search).where(self._found())
        count = self.connection.execute(found).scalar_one()
        return Match(self.connection, "").count() - count if self.negated else count

    def joined_facets(self) -> str:
        """The facets of all rows, one after another."""
        joined = select(func.aggregate_strings(search.c.facets, ""))
        if self._is_sqlite and self.expression and not self.negated:
            joined = joined.select_from(_BY_INDEX).where(self._found())
        else:
            joined = joined.where(self._listed())
        return self.connection.execute(joined).scalar() or ""

    def others(self) -> Match:
        """All rows that are not among these."""
        assert self.expression, "there are no others"
        return replace(self, negated=not self.negated)

    def item_ids(self, order: Order, *, offset: int, limit: int, count: int) -> list[int]:
        """The items of some rows, in this order; `count` is how many rows there are."""
        ids: Select[int] = select(search.c.item_id)
        if self._is_sqlite and self.expression and not self.negated and count < _MANY:
            ids = ids.select_from(_BY_INDEX).where(self._found())
        else:
            ids = ids.where(self._listed())
        ids = ids.order_by(*self._order(order)).limit(limit).offset(offset)
        return list(self.connection.execute(ids).scalars())

    @property
    def _is_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def _found(self) -> ColumnElement[bool]:
        """That the expression finds a row."""
        if self._is_sqlite:
            return literal_column("search_index").bool_op("MATCH")(bindparam(None, self.expression))
        return literal_column("search.vector").bool_op("@@")(cast(self.expression, TSQUERY))

    def _listed(self) -> ColumnElement[bool]:
        """That a row that is come by in the order is one of ours."""
        if not self.expression:
            return true()
        found = self._found()
        if self._is_sqlite:  # which would look each of them up instead, were it not for the plus
            item_id: ColumnElement[int] = literal_column("+search.item_id")
            found = item_id.in_(select(_INDEX.c.rowid).where(found))
        return ~found if self.negated else found

    def _order(self, order: Order) -> tuple[ColumnElement[Any], ...]:
        if order == "title":
            return search.c.title_order if self._is_sqlite else collate(search.c.title_order, "C"), search.c.item_id
        first = search.c.year if order == "newest" else search.c.datestamp
        return first.desc(), search.c.item_id.desc()


def match(connection: Connection, question: Question, chosen: Sequence[str], place: Place = "anywhere") -> Match:
    """The rows that answer, have these facets (words of `search.facets`), and have what is wanted at this place."""
    is_sqlite = connection.dialect.name == "sqlite"
    if question.wanted or chosen:
        return Match(connection, (fts5 if is_sqlite else tsquery)(question, chosen, place))
    unwanted = (fts5_unwanted if is_sqlite else tsquery_unwanted)(question)
    return Match(connection, unwanted, negated=bool(unwanted))
