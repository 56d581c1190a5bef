"""When a sentence was said before its times were put right; dossiers found by broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns, for nobody changed times before, and the index."""
    op.add_column("edits", sa.Column("was_start_ms", sa.Integer()))
    op.add_column("edits", sa.Column("was_end_ms", sa.Integer()))
    op.create_index("ix_dossier_entries_broadcast_id", "dossier_entries", ["broadcast_id"])
