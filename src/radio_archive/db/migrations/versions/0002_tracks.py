"""Transcripts in further languages beside the current one, and passages that know theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Say of every passage which transcript it was cut from: so far, the only current one."""
    op.add_column(
        "transcripts", sa.Column("is_track", sa.Boolean(), server_default="0", nullable=False)
    )
    op.add_column("passages", sa.Column("transcript_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE passages SET transcript_id = (SELECT max(transcripts.id) FROM transcripts"
        " WHERE transcripts.broadcast_id = passages.broadcast_id AND transcripts.is_current)"
    )
    # a passage nothing vouches for cannot be shown either
    op.execute("DELETE FROM passages WHERE transcript_id IS NULL")
    with op.batch_alter_table("passages") as batch:
        batch.alter_column("transcript_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_passages_transcript_id"), "transcripts", ["transcript_id"], ["id"]
        )
