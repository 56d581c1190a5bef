"""Saved searches, who is told of what is new in them, and what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create the tables, empty."""
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("added", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
    )
    op.create_table(
        "saved_hits",
        sa.Column("search_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("aired_at", sa.BigInteger()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("trust", sa.Text(), nullable=False),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", "number", name="pk_saved_hits"),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_searches.id"], name="fk_saved_hits_search_id"
        ),
    )
    op.create_index(
        "ix_saved_hits_search_id_broadcast_id", "saved_hits", ["search_id", "broadcast_id"]
    )
    op.create_index("ix_saved_hits_broadcast_id", "saved_hits", ["broadcast_id"])
    _create_alerts()


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("search_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("held_until", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("token", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.ForeignKeyConstraint(["search_id"], ["saved_searches.id"], name="fk_alerts_search_id"),
    )
    op.create_index("ix_alerts_search_id", "alerts", ["search_id"])
    op.create_index("ix_alerts_state_due_at", "alerts", ["state", "due_at"])
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Text(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.ForeignKeyConstraint(["search_id"], ["saved_searches.id"], name="fk_findings_search_id"),
    )
    op.create_index("ix_findings_search_id_broadcast_id", "findings", ["search_id", "broadcast_id"])
    op.create_table(
        "notices",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Text()),
        sa.Column("is_sent", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("alert_id", "finding_id", name="pk_notices"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_notices_alert_id"),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_notices_finding_id"),
    )
    op.create_index("ix_notices_finding_id", "notices", ["finding_id"])
    op.create_table(
        "fresh",
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", name="pk_fresh"),
    )
