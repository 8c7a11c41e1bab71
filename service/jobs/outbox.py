"""The outbox: deliveries that are owed, written in the transaction of the change that they report.

`jobs.webhooks` and `jobs.deliveries` send them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select, update

from service.jobs import rows
from service.jobs.database import Database
from service.jobs.records import Delivery
from service.jobs.tables import clock, deliveries, events, jobs

# Seconds between two attempts. The first is due at once, or when the lease of a sender that died with it ends.
LONGEST_DELAY = 86_400.0
IN_ORDER = (deliveries.c.event_id, deliveries.c.place, deliveries.c.id)
ROUNDING = 0.001  # seconds: a datetime has microseconds, the database more


class Outbox:
    def __init__(self, database: Database) -> None:
        self.database = database

    def of_job(self, job_id: str) -> list[Delivery]:
        """The delivery log of a job, oldest event first, then in the order of its destinations; without the secrets."""
        with self.database.reading() as connection:
            found = connection.execute(_whole().where(deliveries.c.job_id == job_id).order_by(*IN_ORDER))
            return [rows.delivery(row) for row in found.mappings()]

    def due(self, limit: int = 20, lease_seconds: float = 60.0) -> list[Delivery]:
        """Claims the due deliveries for `lease_seconds`. If their process ends, another one claims them after that."""
        # A delivery that is due later than possible was written before the clock was set back.
        # The lease of artifacts is longer than `lease_seconds`: see `begin_attempt`.
        is_first = (deliveries.c.attempts == 0) & (deliveries.c.kind == "webhook")
        longest = case((is_first, lease_seconds + 1), else_=LONGEST_DELAY)
        is_time = (deliveries.c.next_at <= clock()) | (deliveries.c.next_at > clock() + longest)
        due = (deliveries.c.state == "pending") & is_time
        with self.database.reading() as connection:
            if connection.execute(select(deliveries.c.id).where(due).limit(1)).first() is None:
                return []
        first = select(deliveries.c.id).where(due).order_by(deliveries.c.next_at).limit(limit).with_for_update(skip_locked=True)
        with self.database.writing() as connection:
            ids = list(connection.execute(first).scalars())
            taken = {"next_at": clock() + lease_seconds}
            connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(taken))
            found = connection.execute(_whole().where(deliveries.c.id.in_(ids)).order_by(*IN_ORDER)).mappings()
            return [rows.delivery(row, row["webhook_secrets"], row["destinations"]) for row in found]

    def begin_attempt(self, delivery: Delivery, seconds: float) -> bool:
        """Keeps the delivery for `seconds` more. Returns False if another process has claimed or recorded it since `due`."""
        mine = (deliveries.c.id == delivery.id) & (deliveries.c.attempts == delivery.attempts) & (deliveries.c.state == "pending")
        at = delivery.next_at.timestamp() if delivery.next_at else 0.0
        taken = mine & deliveries.c.next_at.between(at - ROUNDING, at + ROUNDING)
        with self.database.writing() as connection:
            changed = connection.execute(update(deliveries).where(taken).values(next_at=clock() + seconds))
            return changed.rowcount == 1

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool:
        """Records an attempt. `next_at` is the time of the next one, or None: delivered if 2xx, else failed.

        Returns False and writes nothing if another process has recorded one since `due`.
        """
        state = "pending" if next_at is not None else "delivered" if status is not None and 200 <= status < 300 else "failed"
        values: dict[str, Any] = {
            "attempts": delivery.attempts + 1, "state": state, "last_status": status, "last_error": error[:500],
            "next_at": next_at.timestamp() if next_at is not None else None,
        }  # fmt: skip
        mine = (deliveries.c.id == delivery.id) & (deliveries.c.attempts == delivery.attempts) & (deliveries.c.state == "pending")
        with self.database.writing() as connection:
            return connection.execute(update(deliveries).where(mine).values(values)).rowcount == 1


def _whole() -> Select[Any]:
    """A delivery with its event, its job and its secrets."""
    reported = (events.c.job_id == deliveries.c.job_id) & (events.c.id == deliveries.c.event_id)
    of_job = (jobs.c.webhook_secrets, jobs.c.origin, jobs.c.destinations, jobs.c.tenant, jobs.c.name)
    wanted = select(deliveries, events.c.data, events.c.at, *of_job)
    return wanted.join(events, reported).join(jobs, jobs.c.id == deliveries.c.job_id)
