"""The limit of unfinished items of a key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("queued", sa.Integer(), server_default=sa.text("0"), nullable=False))
