"""Hold the place of the step before."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Do nothing."""
