"""The destinations of a job's artifacts, and their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("destinations", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("deliveries", sa.Column("kind", sa.Text(), server_default=sa.text("'webhook'"), nullable=False))
    op.add_column("deliveries", sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False))
