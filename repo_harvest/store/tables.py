"""The tables, as SQLAlchemy Core sees them; `migrations/` makes them, and a test holds the two against each other.

What is served: `feed_clock`, `renditions` (a record: an item in one metadata format), `sets`, `memberships`.
What it is made from: `items`, `entries`, `lookups`, `keys`, `recent_keys`, `features`, `hot_keys`, `pairs`, `rulings`,
`ruled`, `versions`, `applied`. What happened: `sources`, `runs`, `slots`, `steering`, `previews`, `alerts`, `quarantine`;
and who came for it: `harvesters`, `receipts`. What readers search: `search`, `facets`. Who manages it: `sessions`, `attempts`.
All times are integer UTC seconds since 1970. Only `publish` writes a served column.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    false,
)

from repo_harvest.store.admission import attempts, sessions
from repo_harvest.store.naming import Id as _Id
from repo_harvest.store.naming import metadata
from repo_harvest.store.search.tables import facets, search
from repo_harvest.store.visits import harvesters, receipts

__all__ = [
    "alerts",
    "applied",
    "attempts",
    "entries",
    "facets",
    "features",
    "feed_clock",
    "harvesters",
    "hot_keys",
    "items",
    "keys",
    "lookups",
    "memberships",
    "metadata",
    "pairs",
    "previews",
    "quarantine",
    "receipts",
    "recent_keys",
    "renditions",
    "ruled",
    "rulings",
    "runs",
    "search",
    "secrets",
    "sessions",
    "sets",
    "slots",
    "sources",
    "steering",
    "versions",
]

# One row: the second up to which what was told is complete and will not change any more.
feed_clock = Table(
    "feed_clock",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("sealed", BigInteger, nullable=False),
    Column("written", BigInteger, nullable=False, server_default="0"),  # plans carried out: served or not, all count
)

# The keys of the seals: of resumption tokens, and of the cookies of managers.
secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

# What of the program and its configuration the stored items were last brought in line with.
applied = Table(
    "applied",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# Where entries come from, and what to send to get a 304 for a page that has not changed.
sources = Table(
    "sources",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fingerprint", Text),  # of the settings and the program that the validators were got with
    Column("due", BigInteger),  # when something is to be looked up again for its entries; null while nothing is
)

# Every reading of a source: when, how it ended, and what it did to entries.
runs = Table(
    "runs",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("new", Integer, nullable=False, default=0),
    Column("changed", Integer, nullable=False, default=0),
    Column("same", Integer, nullable=False, default=0),
    Column("merged", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("gone", Integer, nullable=False, default=0),
    Column("message", Text, nullable=False, default=""),
    Column("problems", Text, nullable=False, default="[]"),
    Column("missing", Integer, nullable=False, server_default="0"),
    Column("shape", Text),  # of the page, when one was read and the run was good
    Column("datestamp", BigInteger),  # that the items it moved got; null where none moved
    Index("ix_runs_source_id_started", "source_id", "started"),
)

# Each time that a source was due, and the scheduler that took it: one row, so that it is read once.
slots = Table(
    "slots",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("due", BigInteger, primary_key=True, autoincrement=False),
    Column("claimed", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column(
        "run_id", BigInteger
    ),  # the run it was given to; null in rows of versions that kept none, for runs that ended
    Column("tries", Integer, nullable=False, server_default="1"),  # runs it was given to: one that died is no run
)

# What people asked of the schedulers.
steering = Table(
    "steering",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("paused_at", BigInteger),  # null while it is not paused
    Column("paused_by", Text),
    Column("asked_at", BigInteger),  # when a run was asked for; null once one ended
    Column("asked_by", Text),
    Column("run_id", BigInteger),  # the run that is to answer; null until one started
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("accepts", Boolean, nullable=False, server_default=false()),  # the page is believed, however it looks
)

# What managers want to see before anything is published: what a page lists, or what a run of a source would do.
previews = Table(
    "previews",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source", Text, nullable=False),  # its name; empty for a page of no source
    Column("url", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("taken_at", BigInteger),  # when a scheduler began on it, last; null before
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ended", BigInteger),  # null until it can be seen
    Column("fault", Text, nullable=False, server_default=""),  # why there is nothing to see
    Column("found", Text),  # as JSON (see `model.Found`)
)

# What is wrong and was told, by each way of telling; a row goes when it was told that all is well again.
alerts = Table(
    "alerts",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("level", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# What harvesters know: an item under its identifier, deleted or not, and the record that it is rendered from.
items = Table(
    "items",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("identifier", Text, nullable=False, unique=True),
    Column("datestamp", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("merged_into", ForeignKey("items.id")),
    Column("sets", Text, nullable=False),  # setSpecs as in the header, one a line
    Column("digest", LargeBinary, nullable=False),  # of what is served: deleted, sets, every rendition
    Column("record", Text, nullable=False),
    Index("ix_items_datestamp_id", "datestamp", "id"),
    Index("ix_items_merged_into", "merged_into"),
)

# What items said before.
versions = Table(
    "versions",
    metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("datestamp", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),  # the datestamp of what replaced it
    Column("deleted", Boolean, nullable=False),
    Column("reason", Text, nullable=False),  # why it was replaced
    Column("record", Text, nullable=False),
)

# What sources list, one row for each publication of each, under the item that it belongs to.
entries = Table(
    "entries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("home_id", BigInteger),  # the item that it had when it stood alone; null if it never did
    Column("local_id", Text),  # the id that an import line gave it
    Column("gone", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("sets", Text, nullable=False),  # setSpecs this entry puts its item into, one a line
    Column("record", Text, nullable=False),
    Column("page_url", Text, nullable=False),
    Column("fetched", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("byline", Text, nullable=False),
    Column("origins", Text, nullable=False),
    Column("missing", Integer, nullable=False, server_default="0"),  # so many good runs in a row have missed it
    Column("enriched", Text),  # the record with its gaps filled from elsewhere; null where nothing was
    Column("disputes", Text, nullable=False, server_default="[]"),  # what is said otherwise elsewhere, in sentences
    Index("ix_entries_source_id_gone", "source_id", "gone"),
    Index("ix_entries_item_id", "item_id"),
    Index("ix_entries_home_id", "home_id"),
    Index("ix_entries_source_id_local_id", "source_id", "local_id"),
)

# What other addresses said of works when they were looked up.
lookups = Table(
    "lookups",
    metadata,
    Column("address", Text, primary_key=True),
    Column("asked", BigInteger, nullable=False),  # last
    Column("told", BigInteger),  # when it first gave something; null before
    Column("found", Text, nullable=False),  # what it ever gave, as JSON
    Column("fault", Text, nullable=False),  # why it gave nothing when it was last asked; empty if it did
)


def _filing(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("key", BigInteger, primary_key=True, autoincrement=False),
        Column("place", BigInteger, primary_key=True, autoincrement=False),
        Column(
            "entry_id", _Id, primary_key=True, autoincrement=False
        ),  # that it is there is not checked: half of the cost
        Index(f"ix_{name}_entry_id", "entry_id"),
        sqlite_with_rowid=False,
    )


# What entries are found by: hashes (see `match.blocking`). An entry that is gone is under -key - 1: it is nobody's candidate,
# but its item may come back.
keys = _filing("keys")
recent_keys = _filing("recent_keys")  # of the newest entries: see `filing`

# What is compared of entries, worked out once (see `match.features`), as JSON.
features = Table(
    "features",
    metadata,
    Column("entry_id", ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    Column("said", Text, nullable=False),
)

# Keys that so many entries share that only neighbours among them are compared.
hot_keys = Table(
    "hot_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
)

# What the rules say of two live entries, the one with the smaller id first: `same` or `uncertain`. Others are not kept.
pairs = Table(
    "pairs",
    metadata,
    Column("one_id", ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    Column("other_id", ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("score", Float(53), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("rules", Text, nullable=False),  # their version
    Index("ix_pairs_other_id", "other_id"),
    Index("ix_pairs_verdict", "verdict"),
    sqlite_with_rowid=False,
)

# What people decided: `same` or `different`. Of two rulings on one pair the later holds, unless it was undone.
rulings = Table(
    "rulings",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("undone", BigInteger),  # when; null while it holds
)

# The pairs of entries that a decision is about.
ruled = Table(
    "ruled",
    metadata,
    Column("ruling_id", ForeignKey("rulings.id"), primary_key=True, autoincrement=False),
    Column("one_id", ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    Column("other_id", ForeignKey("entries.id"), primary_key=True, autoincrement=False),
    Index("ix_ruled_one_id", "one_id"),
    Index("ix_ruled_other_id", "other_id"),
    sqlite_with_rowid=False,
)

# Clustered in list order on SQLite: a page of a list is read from neighbouring pages of the file, and what is published
# is appended at the end.
renditions = Table(
    "renditions",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("datestamp", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", ForeignKey("items.id"), primary_key=True, autoincrement=False),
    Column("header", LargeBinary, nullable=False),
    Column("metadata", LargeBinary),  # null once deleted
    Column("about", LargeBinary),  # the about elements, one after the other; null where there are none
    Index("ix_renditions_item_id_prefix", "item_id", "prefix", unique=True),
    # The primary key once more, without the bodies: counting must not read them.
    Index("ix_renditions_prefix_datestamp_item_id", "prefix", "datestamp", "item_id", info={"only": "sqlite"}),
    sqlite_with_rowid=False,
)

# The sets that ListSets names.
sets = Table(
    "sets",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("spec", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
)

# Which items are in which sets, and which were.
memberships = Table(
    "memberships",
    metadata,
    Column("set_id", ForeignKey("sets.id"), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("datestamp", BigInteger, nullable=False),
    Column("header", LargeBinary),  # of an item that left the set: a deleted header; null for a member
    Index("ix_memberships_set_id_datestamp_item_id", "set_id", "datestamp", "item_id"),
    Index("ix_memberships_item_id", "item_id"),
    sqlite_with_rowid=False,
)

# Records that fail their schemas, and why: they are not served.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("item_id", ForeignKey("items.id")),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_quarantine_source_id", "source_id"),
)
