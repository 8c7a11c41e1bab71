"""The arithmetic of quotas inside a transaction. Other transactions for the same key wait, in any process."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import Connection, case, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.keys.rate_limits import CONVERSIONS, CPU, DAY, QUEUED, Standing
from service.jobs.tables import api_keys, clock, items, jobs, quota_leases, quota_windows

# CPU seconds taken from the quota when a conversion begins, and corrected when its cost is known. So two cannot both
# begin on the last second, and a killed conversion has a cost.
RESERVED = 1.0
SLACK = 1.0  # seconds by which a window may begin later than now; with more, the clock was set back
LONGEST_LEASE = 900.0  # seconds


def take(connection: Connection, key_id: str, quota: str, amount: float, limit: int, seconds: int) -> Standing:
    """Adds `amount` to the use in the window of `seconds`, or refuses if that exceeds `limit`: one statement."""
    over = (quota_windows.c.starts_at <= clock() - seconds) | (quota_windows.c.starts_at > clock() + SLACK)
    made = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(quota_windows)
    statement = made.values(key_id=key_id, quota=quota, starts_at=clock(), used=amount).on_conflict_do_update(
        index_elements=["key_id", "quota"],
        set_={
            "starts_at": case((over, clock()), else_=quota_windows.c.starts_at),
            "used": case((over, amount), else_=quota_windows.c.used + amount),
        },
        where=over | (quota_windows.c.used + amount <= limit),
    )
    columns = (quota_windows.c.used, quota_windows.c.starts_at, clock().label("now"))
    row = connection.execute(statement.returning(*columns)).first()
    if row is not None:
        return _standing(quota, limit, seconds, row)
    mine = (quota_windows.c.key_id == key_id) & (quota_windows.c.quota == quota)
    found = connection.execute(select(*columns).where(mine)).one()
    return _standing(quota, limit, seconds, found, refused=True)


def _standing(quota: str, limit: int, seconds: int, row: Any, refused: bool = False) -> Standing:
    reset = max(1, min(seconds, math.ceil(row.starts_at + seconds - row.now)))
    return Standing(quota, limit, max(0, math.floor(limit - row.used)), reset, refused)


def settle(connection: Connection, key_id: str, cost: float) -> None:
    """Replaces the reserved cost of a conversion by its actual cost."""
    used = quota_windows.c.used + (cost - RESERVED)
    mine = (quota_windows.c.key_id == key_id) & (quota_windows.c.quota == CPU)
    connection.execute(update(quota_windows).where(mine).values(used=case((used > 0, used), else_=0.0)))


def live() -> tuple[Any, ...]:
    """The conditions of a lease that has not ended. One that ends later than possible is from a clock that was set back."""
    return quota_leases.c.until > clock(), quota_leases.c.until <= clock() + LONGEST_LEASE


def lock(connection: Connection, key_id: str) -> None:
    """Makes other transactions for this key wait until this one ends. SQLite has only one writer."""
    connection.execute(select(api_keys.c.id).where(api_keys.c.id == key_id).with_for_update())


def under_way(connection: Connection, key_id: str) -> int:
    """Conversions of a key, those of requests and those of jobs."""
    leases = select(func.count()).select_from(quota_leases).where(quota_leases.c.key_id == key_id, *live())
    running = select(func.count()).select_from(items.join(jobs)).where(
        items.c.state == literal_column("'running'"), jobs.c.tenant == key_id
    )  # fmt: skip
    return int(connection.execute(select(leases.scalar_subquery() + running.scalar_subquery())).scalar() or 0)


def room(connection: Connection, key_id: str, limit: int) -> Standing:
    """Whether one conversion more may begin; nothing is changed."""
    busy = under_way(connection, key_id)
    return Standing(CONVERSIONS, limit, max(0, limit - busy - 1), refused=busy >= limit)


def unfinished(connection: Connection, key_id: str, limit: int) -> Standing:
    """The limit of a key in the queue, and the free part of it. Nothing is changed."""
    busy = (jobs.c.queued > 0) | (jobs.c.running > 0)
    wanted = select(func.sum(jobs.c.queued + jobs.c.running)).where(jobs.c.tenant == key_id, busy)
    left = max(0, limit - int(connection.execute(wanted).scalar() or 0))
    return Standing(QUEUED, limit, left, refused=left == 0)


def before_items(connection: Connection, tenant: str, default: int) -> Standing | None:
    """The number of items that a tenant may add to the queue until the transaction ends; None without a limit.

    It is exact: another job with the same key waits, and items that end only make room.
    """
    own = connection.execute(select(api_keys.c.queued).where(api_keys.c.id == tenant)).scalar() if tenant else None
    if own is None or not (limit := own or default):
        return None
    lock(connection, tenant)
    return unfinished(connection, tenant, limit)


def take_item(connection: Connection, tenant: str) -> bool:
    """Whether an item of a job may begin now. If so, a CPU second is reserved."""
    wanted = select(api_keys.c.conversions, api_keys.c.cpu_seconds).where(api_keys.c.id == tenant)
    limits = connection.execute(wanted).first() if tenant else None
    if limits is None or not (limits.conversions or limits.cpu_seconds):
        return True
    if limits.conversions:
        if room(connection, tenant, limits.conversions).refused:
            return False  # without a lock, so that most refusals do not wait
        lock(connection, tenant)
        if room(connection, tenant, limits.conversions).refused:
            return False
    return not limits.cpu_seconds or not take(connection, tenant, CPU, RESERVED, limits.cpu_seconds, DAY).refused
