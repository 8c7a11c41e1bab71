"""The request of a job: its id and its trace, for logs, spans and webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("origin", sa.Text(), server_default=sa.text("'{}'"), nullable=False))
