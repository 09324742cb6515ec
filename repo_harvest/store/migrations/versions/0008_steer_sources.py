"""Steer sources: what people asked of them, and which run every due slot was given to; and what was told of what is wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables; slots that are there stand for runs that ended."""
    op.create_table(
        "steering",
        sa.Column(
            "source_id",
            _id(),
            sa.ForeignKey("sources.id", name="fk_steering_source_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_by", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="pk_steering"),
    )
    op.create_table(
        "alerts",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "subject", name="pk_alerts"),
    )
    op.add_column("slots", sa.Column("run_id", sa.BigInteger(), nullable=True))
    op.add_column("slots", sa.Column("tries", sa.Integer(), server_default="1", nullable=False))


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
