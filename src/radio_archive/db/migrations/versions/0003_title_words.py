"""The words of titles, guests and summaries; the archive fills them in when it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table, and mark every broadcast as one whose words are still to be read."""
    op.add_column(
        "broadcasts",
        sa.Column("words_version", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_table(
        "title_words",
        sa.Column("analyzer", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_title_words_broadcast_id")
        ),
        sa.PrimaryKeyConstraint("analyzer", "word", "broadcast_id", name=op.f("pk_title_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_title_words_broadcast_id"), "title_words", ["broadcast_id"])
