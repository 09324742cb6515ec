"""Keep shapes: what good runs remember of their pages, and which entries runs have missed without giving them up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the columns: nothing is missing yet, and the next good run of each source is the first to have a shape."""
    op.add_column("runs", sa.Column("missing", sa.Integer(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("shape", sa.Text(), nullable=True))
    op.add_column("entries", sa.Column("missing", sa.Integer(), server_default="0", nullable=False))
