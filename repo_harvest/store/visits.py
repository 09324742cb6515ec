"""The tables of who came for the feed, and what they were given; `tables` has them too, beside all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from repo_harvest.store.naming import Id, metadata

__all__ = ["harvesters", "receipts"]

# Who asks for what: one row for an address and agent that asks for one kind of list, or for single records.
harvesters = Table(
    "harvesters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("set_spec", Text, nullable=False),  # empty for the whole feed
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("requests", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("complete_to", BigInteger),  # it was given everything with a datestamp up to this one; null before that
    UniqueConstraint("address", "agent", "verb", "prefix", "set_spec"),
    Index("ix_harvesters_last_seen", "last_seen"),
)

# The lists that a harvester was given, from the first page to the last.
receipts = Table(
    "receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("harvester_id", ForeignKey("harvesters.id"), nullable=False),
    Column("since", BigInteger),
    Column("until", BigInteger),
    Column("started", BigInteger, nullable=False),  # the watermark of its first page
    Column("began", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("upto", BigInteger),  # the watermark of its last page; null until that was asked for
    Index("ix_receipts_harvester_id_last", "harvester_id", "last"),
)
