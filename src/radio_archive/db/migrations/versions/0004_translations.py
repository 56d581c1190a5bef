"""Which transcript a machine's translation was made beside."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column: null for what was said, and for what people brought in."""
    op.add_column("transcripts", sa.Column("made_from", sa.Integer(), nullable=True))
