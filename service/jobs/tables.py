"""The tables of the job store. They are the truth: a backend carries nothing but ids, and a lost message is made up for.

Times are seconds since the epoch by the clock of the process that writes; leases compare them with a margin. Alembic
makes and changes the tables (`service/jobs/migrations`).
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint

metadata = MetaData()
ID = String(32)

jobs = Table(
    "jobs", metadata,
    Column("id", ID, primary_key=True),
    Column("owner", String(64), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("created", Float, nullable=False),
    Column("finished", Float),
    Column("expires", Float, nullable=False),
    Column("conversion", JSON, nullable=False),
    Column("total", Integer, nullable=False),
    Column("webhook_url", String(2048), nullable=False, default=""),
    Column("webhook_secrets", JSON, nullable=False, default=list),
    Column("trace", String(128), nullable=False, default=""),
    Index("jobs_by_owner", "owner", "created", "id"),
    Index("jobs_by_expiry", "expires"),
)  # fmt: skip

items = Table(
    "items", metadata,
    Column("id", ID, primary_key=True),
    Column("job", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(512), nullable=False),
    Column("source", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("holder", String(64), nullable=False, default=""),
    Column("token", BigInteger, nullable=False, default=0),
    Column("lease_until", Float, nullable=False, default=0.0),
    Column("available", Float, nullable=False),
    Column("started", Float),
    Column("finished", Float),
    Column("problem", JSON),
    Column("notices", JSON, nullable=False, default=list),
    Column("metadata", JSON),
    UniqueConstraint("job", "position"),
    Index("items_by_state", "state", "available"),
    Index("items_by_lease", "state", "lease_until"),
)  # fmt: skip

artifacts = Table(
    "artifacts", metadata,
    Column("id", ID, primary_key=True),
    Column("job", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("item", ID, ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(512), nullable=False),
    Column("format", String(16), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("blob", String(64), nullable=False),
    Column("notices", JSON, nullable=False, default=list),
    Column("report", JSON, nullable=False, default=dict),
    Column("created", Float, nullable=False),
    UniqueConstraint("item", "format"),
    Index("artifacts_by_job", "job"),
    Index("artifacts_by_blob", "blob"),
)  # fmt: skip

events = Table(
    "events", metadata,
    Column("job", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("data", JSON, nullable=False),
    Column("created", Float, nullable=False),
)  # fmt: skip

outbox = Table(
    "outbox", metadata,
    Column("id", ID, primary_key=True),
    Column("job", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Float, nullable=False),
    Column("created", Float, nullable=False),
    Column("log", JSON, nullable=False, default=list),
    Index("outbox_by_due", "state", "due"),
)  # fmt: skip

idempotency = Table(
    "idempotency", metadata,
    Column("owner", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("job", ID),
    Column("created", Float, nullable=False),
)  # fmt: skip
