"""Fingerprints of recordings, and what they show: repeats and jingles."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add empty tables, and where a repeat's transcript comes from: so far, none was one."""
    op.create_table(
        "fingerprints",
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("is_compared", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_key"], ["recordings.key"], name=op.f("fk_fingerprints_recording_key")
        ),
        sa.PrimaryKeyConstraint("recording_key", name=op.f("pk_fingerprints")),
    )
    op.create_table(
        "repeats",
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("other_key", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("other_start_ms", sa.Integer(), nullable=False),
        sa.Column("length_ms", sa.Integer(), nullable=False),
        sa.Column("bit_error", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_key"], ["recordings.key"], name=op.f("fk_repeats_recording_key")
        ),
        sa.ForeignKeyConstraint(
            ["other_key"], ["recordings.key"], name=op.f("fk_repeats_other_key")
        ),
        sa.PrimaryKeyConstraint("recording_key", "other_key", "start_ms", name=op.f("pk_repeats")),
    )
    op.create_index(op.f("ix_repeats_other_key"), "repeats", ["other_key"])
    op.create_table(
        "jingles",
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_key"], ["recordings.key"], name=op.f("fk_jingles_recording_key")
        ),
        sa.PrimaryKeyConstraint("recording_key", "start_ms", name=op.f("pk_jingles")),
    )
    op.create_index(op.f("ix_broadcasts_recording_key"), "broadcasts", ["recording_key"])
    op.add_column("transcripts", sa.Column("carried_from", sa.Integer(), nullable=True))
