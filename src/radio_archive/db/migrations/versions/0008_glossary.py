"""What corrections teach: the glossary, and in which broadcasts each entry was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add both tables, empty: `radio-archive glossary learn` reads what is there."""
    op.create_table(
        "glossary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("wrong_key", sa.Text(), nullable=False),
        sa.Column("right_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_glossary"),
        sa.UniqueConstraint(
            "language", "wrong_key", "right_key", name="uq_glossary_language_wrong_key_right_key"
        ),
    )
    op.create_table(
        "glossary_evidence",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "broadcast_id", name="pk_glossary_evidence"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["glossary.id"], name="fk_glossary_evidence_entry_id"
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="fk_glossary_evidence_broadcast_id"
        ),
    )
    op.create_index("ix_glossary_evidence_broadcast_id", "glossary_evidence", ["broadcast_id"])
