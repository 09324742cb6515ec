"""Make the tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# SQLite gives only a plain INTEGER primary key its own numbers.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table of the first version."""
    _make_feed_clock()
    _make_items()
    _make_secrets()
    _make_sets()
    _make_sources()
    _make_entries()
    _make_keys()
    _make_memberships()
    _make_renditions()
    _make_runs()
    _make_slots()
    _make_versions()
    _make_quarantine()
    if op.get_bind().dialect.name == "postgresql":
        # Compressing what is served would cost more at every read than it saves on disk.
        op.execute("ALTER TABLE renditions ALTER COLUMN metadata SET STORAGE EXTERNAL")


def _make_feed_clock() -> None:
    op.create_table(
        "feed_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_feed_clock_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_feed_clock"),
    )


def _make_items() -> None:
    op.create_table(
        "items",
        sa.Column("id", _ID, nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("merged_into", _ID, nullable=True),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["items.id"], name="fk_items_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("identifier", name="uq_items_identifier"),
    )
    op.create_index("ix_items_datestamp_id", "items", ["datestamp", "id"], unique=False)
    op.create_index("ix_items_merged_into", "items", ["merged_into"], unique=False)


def _make_secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )


def _make_sets() -> None:
    op.create_table(
        "sets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sets"),
        sa.UniqueConstraint("spec", name="uq_sets_spec"),
    )


def _make_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("name", name="uq_sources_name"),
    )


def _make_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("local_id", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("fetched", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_entries_item_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_entries_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    op.create_index("ix_entries_item_id", "entries", ["item_id"], unique=False)
    op.create_index("ix_entries_source_id_gone", "entries", ["source_id", "gone"], unique=False)


def _make_keys() -> None:
    op.create_table(
        "keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_keys_item_id"),
        sa.PrimaryKeyConstraint("key", "item_id", name="pk_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keys_item_id", "keys", ["item_id"], unique=False)


def _make_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("set_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("datestamp", sa.BigInteger(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_memberships_item_id"),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name="fk_memberships_set_id"),
        sa.PrimaryKeyConstraint("set_id", "item_id", name="pk_memberships"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memberships_item_id", "memberships", ["item_id"], unique=False)
    op.create_index(
        "ix_memberships_set_id_datestamp_item_id", "memberships", ["set_id", "datestamp", "item_id"], unique=False
    )


def _make_renditions() -> None:
    op.create_table(
        "renditions",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", _ID, autoincrement=False, nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("metadata", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_renditions_item_id"),
        sa.PrimaryKeyConstraint("prefix", "datestamp", "item_id", name="pk_renditions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_renditions_item_id_prefix", "renditions", ["item_id", "prefix"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        columns = ["prefix", "datestamp", "item_id"]
        op.create_index("ix_renditions_prefix_datestamp_item_id", "renditions", columns, unique=False)


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_runs_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_source_id_started", "runs", ["source_id", "started"], unique=False)


def _make_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("due", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_slots_source_id"),
        sa.PrimaryKeyConstraint("source_id", "due", name="pk_slots"),
    )


def _make_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("datestamp", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_versions_item_id"),
        sa.PrimaryKeyConstraint("item_id", "datestamp", name="pk_versions"),
    )


def _make_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_quarantine_item_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_quarantine_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_quarantine_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_source_id", "quarantine", ["source_id"], unique=False)
