"""What each recording sounds like, stretch by stretch."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table, empty: maps are made by the step ``map``."""
    op.create_table(
        "sound_maps",
        sa.Column("recording_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_key"], ["recordings.key"], name=op.f("fk_sound_maps_recording_key")
        ),
        sa.PrimaryKeyConstraint("recording_key", name=op.f("pk_sound_maps")),
    )
