"""Store renditions plain: on PostgreSQL what is served is kept out of line and uncompressed, so reading unpacks nothing.

Only what is written from now on is kept so; what is there stays readable as it is, and nothing is rewritten.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Set the storage of the rendered columns; SQLite has no such thing."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in ("header", "metadata", "about"):
        op.execute(f"ALTER TABLE renditions ALTER COLUMN {name} SET STORAGE EXTERNAL")
