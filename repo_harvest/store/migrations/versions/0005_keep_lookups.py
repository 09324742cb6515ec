"""Keep lookups: what other addresses said of the works of a page, and what entries look like with that."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table and the columns: nothing was looked up yet."""
    op.create_table(
        "lookups",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_lookups"),
    )
    op.add_column("sources", sa.Column("due", sa.BigInteger(), nullable=True))
    op.add_column("entries", sa.Column("enriched", sa.Text(), nullable=True))
    op.add_column("entries", sa.Column("disputes", sa.Text(), server_default="[]", nullable=False))
