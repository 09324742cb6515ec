"""Keep receipts: who asks for what, and how much of it was delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite gives only a plain INTEGER primary key its own numbers.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; nobody has been noted yet."""
    op.create_table(
        "harvesters",
        sa.Column("id", _ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("set_spec", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("complete_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_harvesters"),
        sa.UniqueConstraint(
            "address", "agent", "verb", "prefix", "set_spec", name="uq_harvesters_address_agent_verb_prefix_set_spec"
        ),
    )
    op.create_index("ix_harvesters_last_seen", "harvesters", ["last_seen"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("harvester_id", _ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["harvester_id"], ["harvesters.id"], name="fk_receipts_harvester_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_harvester_id_last", "receipts", ["harvester_id", "last"], unique=False)
