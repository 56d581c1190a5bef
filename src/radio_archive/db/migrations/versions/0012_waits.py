"""How often a job was put off because something the archive stands on was away."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("waits", sa.Integer(), nullable=False, server_default="0"))
