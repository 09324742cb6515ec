"""The tables of the search; `store.tables` has them too, beside all others.

What finds a row by its words is made from it by the database itself: on SQLite the FTS5 table `search_index`, which triggers
keep, on PostgreSQL the generated column `vector` with its GIN index (see the migration that makes them). So whoever writes a
row, publishing or moving a database, writes this table alone, and both databases hold the same.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from repo_harvest.store.naming import Id, metadata

__all__ = ["KINDS", "facets", "search"]

KINDS = {"year": "y", "creator": "c", "type": "t", "source": "s", "set": "e"}
"""What results can be narrowed by, and the letter of each in `search.facets`."""

# One row for each live item: what it is ordered by, and its words (see `words`).
search = Table(
    "search",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("datestamp", BigInteger, nullable=False),
    Column("year", SmallInteger, nullable=False),  # 0 where the record states none
    Column("title_order", Text, nullable=False),
    Column("facets", Text, nullable=False),  # a word for each row of `facets` that it has: the kind's letter and the id
    Column("title", Text, nullable=False),
    Column("creators", Text, nullable=False),
    Column("other", Text, nullable=False),
    Index("ix_search_year", "year"),
    Index("ix_search_datestamp", "datestamp"),
    Index("ix_search_title_order", "title_order", info={"only": "sqlite"}),  # PostgreSQL orders by another collation
)

# The values that results can be narrowed to, and how many live items have each.
facets = Table(
    "facets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("count", Integer, nullable=False),
    UniqueConstraint("kind", "value"),
    Index("ix_facets_kind_count", "kind", "count"),
)
