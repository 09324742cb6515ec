"""Keep recent keys: those of the newest entries stand in a small table until they are many.

No row of either is held against `entries` any more: entries are never deleted, and looking each one up was half of the cost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables; keys that are there stay."""
    _make("keys_now")
    op.execute('INSERT INTO keys_now SELECT "key", place, entry_id FROM keys ORDER BY "key", place, entry_id')
    op.drop_table("keys")
    op.rename_table("keys_now", "keys")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_keys_now RENAME TO pk_keys")
    _make("recent_keys")
    for name in ("keys", "recent_keys"):
        op.create_index(f"ix_{name}_entry_id", name, ["entry_id"])


def _make(name: str) -> None:
    op.create_table(
        name,
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", _id(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "place", "entry_id", name=f"pk_{name}"),
        sqlite_with_rowid=False,
    )


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
