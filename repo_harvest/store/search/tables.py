"""The tables of the search; `store.tables` has them too, beside all others.

What finds a row by its words is made from it by the database itself: on SQLite the FTS5 table `search_index`, which triggers
keep, on PostgreSQL the generated column `vector` with its GIN index (see the migration that makes them). So whoever writes a
row, publishing or moving a database, writes this table alone, and both databases hold the same.
"""

from __future__ import annotations

from array import array
from sys import byteorder

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from repo_harvest.store.naming import Id, metadata

__all__ = ["KINDS", "facet_id", "facet_number", "facet_numbers", "facet_word", "facets", "search"]

KINDS = ("year", "creator", "type", "source", "set")
"""What results can be narrowed by."""

# One row for each live item: what it is ordered by, and its words (see `words`).
search = Table(
    "search",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("datestamp", BigInteger, nullable=False),
    Column("year", SmallInteger, nullable=False),  # 0 where the record states none
    Column("title_order", Text, nullable=False),
    Column("facets", Text, nullable=False),  # a word and a blank for each row of `facets` that it has
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


def facet_word(facet_id: int) -> str:
    """The word for a facet in `search.facets`: with its blank eight bytes, so that many are read as one array of numbers.

    There is room for 268,435,456 values.

    >>> facet_word(26)
    '000001a'
    """
    return f"{facet_id:07x}"


def facet_numbers(joined: str) -> array[int]:
    """A number for each facet of a text that has nothing but the words of facets, each with its blank."""
    return array("Q", joined.encode())


def facet_number(facet_id: int) -> int:
    """The number of one facet among those."""
    return int.from_bytes(f"{facet_word(facet_id)} ".encode(), byteorder)


def facet_id(number: int) -> int:
    """The facet with this number.

    >>> facet_id(facet_number(26))
    26
    """
    return int(number.to_bytes(8, byteorder), 16)
