"""A number that grows with every change of what pages count, and lists by date without sorting.

`Database.migrate` adds the triggers that count.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"

NEWEST_FIRST = (sa.text("(aired_at IS NULL)"), sa.text("aired_at DESC"), "id")


def upgrade() -> None:
    """Create the table, and the indexes in the order of `broadcasts.NEWEST_FIRST`."""
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_broadcasts_newest", "broadcasts", [*NEWEST_FIRST])
    op.create_index(
        "ix_broadcasts_newest_of_programme", "broadcasts", ["programme_id", *NEWEST_FIRST]
    )
    op.create_index("ix_broadcasts_newest_of_language", "broadcasts", ["language", *NEWEST_FIRST])
    op.drop_index("ix_broadcasts_programme_id_aired_at", "broadcasts")
    op.drop_index("ix_broadcasts_language_aired_at", "broadcasts")
