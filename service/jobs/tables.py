"""The tables, for both SQLite and PostgreSQL. Times are seconds since 1970 by the database's clock, see `clock`.

They must equal the result of the migrations: a test compares them.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Json(TypeDecorator[Any]):
    """JSON as text: the same bytes in every database, and a NUL in a title is safe."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:  # noqa: ARG002
        return None if value is None else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()

    def process_result_value(self, value: Any, dialect: Any) -> Any:  # noqa: ARG002
        return None if value is None else orjson.loads(value)


class clock(FunctionElement[float]):
    """The time now, by the one clock that all processes share."""

    type = Double()
    inherit_cache = True
    name = "clock"


@compiles(clock, "sqlite")
def _sqlite_clock(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(clock, "postgresql")
def _postgresql_clock(*_: Any, **__: Any) -> str:
    return "extract(epoch from clock_timestamp())::double precision"


metadata = MetaData()
COUNTS = ("queued", "running", "succeeded", "failed", "cancelled", "expired")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text("''"))


def _job_id(**options: Any) -> Column[str]:
    options = {"nullable": False} | options
    return Column("job_id", Text, ForeignKey("jobs.id", ondelete="CASCADE"), **options)


jobs = Table(
    "jobs", metadata,
    Column("id", Text, primary_key=True),
    _text("tenant"), _text("name"),
    Column("state", Text, nullable=False),
    Column("conversion", Json, nullable=False),
    _text("webhook_url"),
    Column("webhook_secrets", Json, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double), Column("ended_at", Double), Column("expires_at", Double),
    Column("served_at", Double, nullable=False, server_default=text("0")),  # when an item of it was last claimed
    Column("total", Integer, nullable=False),
    *(_count(name) for name in COUNTS),
    _count("last_event"),
    Column("origin", Json, nullable=False, server_default=text("'{}'")),
    Column("destinations", Json, nullable=False, server_default=text("'[]'")),  # with the secrets of their URLs
)  # fmt: skip
Index("jobs_of_tenant", jobs.c.tenant, jobs.c.id)
Index("jobs_by_expiry", jobs.c.expires_at)
Index("jobs_waiting", jobs.c.running, jobs.c.served_at, sqlite_where=jobs.c.queued > 0, postgresql_where=jobs.c.queued > 0)

items = Table(
    "items", metadata,
    Column("id", Text, primary_key=True),
    _job_id(),
    Column("position", Integer, nullable=False),
    _text("name"),
    Column("state", Text, nullable=False),
    _count("attempts"), _count("fence"),
    _text("owner"),
    Column("lease_until", Double), Column("not_before", Double, nullable=False, server_default=text("0")),
    Column("source", Json, nullable=False),  # a NewSource
    Column("problem", Json), Column("notices", Json), Column("metadata", Json),
    Column("started_at", Double), Column("ended_at", Double),
)  # fmt: skip
Index("items_of_job", items.c.job_id, items.c.position, unique=True)
Index("items_by_state", items.c.job_id, items.c.state, items.c.position)
Index("items_by_end", items.c.ended_at)
RUNNING = items.c.state == "running"
Index("items_by_lease", items.c.lease_until, sqlite_where=RUNNING, postgresql_where=RUNNING)

artifacts = Table(
    "artifacts", metadata,
    Column("id", Text, primary_key=True),
    _job_id(),
    Column("item_id", Text, ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False), Column("format", Text, nullable=False), Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False), Column("sha256", Text, nullable=False),
    Column("report", Json, nullable=False), Column("notices", Json, nullable=False),
)  # fmt: skip
Index("artifacts_of_item", artifacts.c.item_id, artifacts.c.position, unique=True)
Index("artifacts_of_job", artifacts.c.job_id, artifacts.c.item_id)

# The blobs that a job needs: a blob without a row may be swept.
holds = Table(
    "holds", metadata,
    _job_id(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Double, nullable=False),
)  # fmt: skip
Index("holds_by_key", holds.c.key)

events = Table(
    "events", metadata,
    _job_id(primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("at", Double, nullable=False),
)  # fmt: skip

deliveries = Table(
    "deliveries", metadata,
    Column("id", Text, primary_key=True),
    _job_id(),
    Column("event_id", Integer, nullable=False),
    Column("event", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", Text, nullable=False),
    _count("attempts"),
    Column("next_at", Double), Column("last_status", Integer), _text("last_error"),
    Column("kind", Text, nullable=False, server_default=text("'webhook'")),
    _count("place"),  # of its destination in the list of the job
)  # fmt: skip
PENDING = deliveries.c.state == "pending"
Index("deliveries_due", deliveries.c.next_at, sqlite_where=PENDING, postgresql_where=PENDING)
Index("deliveries_of_job", deliveries.c.job_id)

idempotency_keys = Table(
    "idempotency_keys", metadata,
    Column("tenant", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    _text("fingerprint"),
    _job_id(nullable=True),  # empty until the first request has its job; reserved until `reserved_until`
    Column("reserved_until", Double, nullable=False),
)  # fmt: skip
Index("idempotency_keys_of_job", idempotency_keys.c.job_id)

# Counters that stay after the jobs. They are in shards, so that many workers do not wait for one row.
totals = Table(
    "totals", metadata,
    Column("name", Text, primary_key=True),
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("value", BigInteger, nullable=False, server_default=text("0")),
)  # fmt: skip

# API keys. The id of a key is the tenant of everything that it creates. Only the hash of its secret is stored.
api_keys = Table(
    "api_keys", metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    _text("name"),
    Column("scopes", Json, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double), Column("revoked_at", Double),
    _count("requests"), _count("conversions"), _count("cpu_seconds"),  # its limits: per minute, at once, per day; 0: no limit
    _count("queued"),  # items of jobs that have not ended; 0 is the setting `key_queued`
)  # fmt: skip

links = Table(
    "links", metadata,
    Column("tenant", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("at", Double, nullable=False),
)  # fmt: skip
Index("links_by_age", links.c.at)

# The use of a quota in the window that began at `starts_at`. The first use after its end begins a new window.
quota_windows = Table(
    "quota_windows", metadata,
    Column("key_id", Text, primary_key=True),
    Column("quota", Text, primary_key=True),
    Column("starts_at", Double, nullable=False),
    Column("used", Double, nullable=False),
)  # fmt: skip

# Running conversions of requests. Those of a killed process are free again when their lease ends.
quota_leases = Table(
    "quota_leases", metadata,
    Column("id", Text, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("until", Double, nullable=False),
)  # fmt: skip
Index("quota_leases_of_key", quota_leases.c.key_id, quota_leases.c.until)
