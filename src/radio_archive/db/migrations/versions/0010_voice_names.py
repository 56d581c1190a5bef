"""Names that people gave to the voices of a transcript."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "voice_names",
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcripts.id"], name=op.f("fk_voice_names_transcript_id")
        ),
        sa.PrimaryKeyConstraint("transcript_id", "voice", name=op.f("pk_voice_names")),
    )
