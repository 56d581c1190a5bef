"""What an engine has said in a transcription that is not finished."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "checkpoints",
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_checkpoints_broadcast_id")
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "question", name=op.f("pk_checkpoints")),
    )
