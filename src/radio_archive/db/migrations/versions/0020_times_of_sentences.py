"""When a sentence was said before its times were put right."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns: nobody changed times before."""
    op.add_column("edits", sa.Column("was_start_ms", sa.Integer()))
    op.add_column("edits", sa.Column("was_end_ms", sa.Integer()))
