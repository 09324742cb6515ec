"""Keep pairs: what the rules and people say of two entries, and keys by entry instead of by item."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables; keys and pairs are filled when the records are next brought in line with the program."""
    op.drop_table("keys")
    op.create_table(
        "keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "entry_id", _id(), sa.ForeignKey("entries.id", name="fk_keys_entry_id"), autoincrement=False, nullable=False
        ),
        sa.PrimaryKeyConstraint("key", "place", "entry_id", name="pk_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_keys_entry_id", "keys", ["entry_id"])
    op.create_table(
        "features",
        sa.Column(
            "entry_id",
            _id(),
            sa.ForeignKey("entries.id", name="fk_features_entry_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_features"),
    )
    op.create_table(
        "hot_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_hot_keys"),
    )
    _make_pairs()
    _make_rulings()
    op.add_column("feed_clock", sa.Column("written", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("entries", sa.Column("home_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_entries_home_id", "entries", ["home_id"])
    op.create_index("ix_entries_source_id_local_id", "entries", ["source_id", "local_id"])
    op.execute("UPDATE entries SET home_id = item_id WHERE id IN (SELECT min(id) FROM entries GROUP BY item_id)")


def _make_pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column(
            "one_id", _id(), sa.ForeignKey("entries.id", name="fk_pairs_one_id"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "other_id",
            _id(),
            sa.ForeignKey("entries.id", name="fk_pairs_other_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(53), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_pairs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pairs_other_id", "pairs", ["other_id"])
    op.create_index("ix_pairs_verdict", "pairs", ["verdict"])


def _make_rulings() -> None:
    op.create_table(
        "rulings",
        sa.Column("id", _id(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
    )
    op.create_table(
        "ruled",
        sa.Column(
            "ruling_id",
            _id(),
            sa.ForeignKey("rulings.id", name="fk_ruled_ruling_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "one_id", _id(), sa.ForeignKey("entries.id", name="fk_ruled_one_id"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "other_id",
            _id(),
            sa.ForeignKey("entries.id", name="fk_ruled_other_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("ruling_id", "one_id", "other_id", name="pk_ruled"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ruled_one_id", "ruled", ["one_id"])
    op.create_index("ix_ruled_other_id", "ruled", ["other_id"])


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
