"""Keep recent keys: those of the newest entries stand in a small table until they are many."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table; keys that are there stay where they are."""
    op.create_table(
        "recent_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "entry_id",
            _id(),
            sa.ForeignKey("entries.id", name="fk_recent_keys_entry_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", "place", "entry_id", name="pk_recent_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recent_keys_entry_id", "recent_keys", ["entry_id"])


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
