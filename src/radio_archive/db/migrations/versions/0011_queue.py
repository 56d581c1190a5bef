"""A place in the queue for every job, what it asks of a worker, and the workers themselves.

Jobs are derived from what the catalogue lacks: those of before are dropped and planned anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

INDEX_HELD = sa.text("state = 'held' and kind = 'index'")


def upgrade() -> None:
    """Make the table of the jobs again, and one of the workers."""
    op.drop_table("jobs")
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("free_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_jobs_broadcast_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("broadcast_id", "kind", name=op.f("uq_jobs_broadcast_id_kind")),
    )
    op.create_index(op.f("ix_jobs_state_needs_place"), "jobs", ["state", "needs", "place"])
    op.create_index(op.f("ix_jobs_state_place"), "jobs", ["state", "place"])
    op.create_index(op.f("ix_jobs_state_free_at"), "jobs", ["state", "free_at"])
    op.create_index(op.f("ix_jobs_origin_place"), "jobs", ["origin", "place"])
    op.create_index(
        "ix_jobs_one_index_writer",
        "jobs",
        ["kind"],
        unique=True,
        sqlite_where=INDEX_HELD,
        postgresql_where=INDEX_HELD,
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("engines", sa.Text(), nullable=False),
        sa.Column("has_gpu", sa.Boolean(), nullable=False),
        sa.Column("lacks", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
