"""Keep what stands around metadata: `about` of records, descriptions of sets, and the configuration they follow."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the columns, empty: the next ingest, or the next start of the service, fills them from what is stored."""
    op.add_column("renditions", sa.Column("about", sa.LargeBinary(), nullable=True))
    op.add_column("sets", sa.Column("description", sa.Text(), nullable=True))
    op.create_table(
        "applied",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_applied"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # As for the metadata: compressing what is served would cost more at every read than it saves on disk.
        op.execute("ALTER TABLE renditions ALTER COLUMN about SET STORAGE EXTERNAL")
