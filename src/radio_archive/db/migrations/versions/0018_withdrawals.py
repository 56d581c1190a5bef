"""What is hidden everywhere, the sound without it, and what is to be transcribed again."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create the tables, empty."""
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer()),
        sa.Column("end_ms", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger()),
        sa.Column("undone_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("undone_reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawals"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_withdrawals_broadcast_id"
        ),
    )
    op.create_index("ix_withdrawals_broadcast_id", "withdrawals", ["broadcast_id"])
    op.create_index(
        "ix_withdrawals_holding",
        "withdrawals",
        ["broadcast_id", "start_ms"],
        sqlite_where=sa.text("undone_at is null"),
        postgresql_where=sa.text("undone_at is null"),
    )
    op.create_table(
        "muted_renditions",
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("stretches", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "name", name="pk_muted_renditions"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_muted_renditions_broadcast_id"
        ),
        sa.ForeignKeyConstraint(
            ["recording_key"], ["recordings.key"], name="fk_muted_renditions_recording_key"
        ),
    )
    op.create_table(
        "renewals",
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", name="pk_renewals"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_renewals_broadcast_id"
        ),
    )
