"""The outbox: webhooks that are owed, written in the transaction of the change that they tell. `jobs.webhooks` sends them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select, update

from service.jobs import rows
from service.jobs.database import Database
from service.jobs.records import Delivery
from service.jobs.tables import clock, deliveries, events, jobs

LONGEST_DELAY = 86_400.0  # seconds between two attempts; the first is due at once, or when the lease of who died with it ends


class Outbox:
    def __init__(self, database: Database) -> None:
        self.database = database

    def of_job(self, job_id: str) -> list[Delivery]:
        """The delivery log of a job, oldest event first; without the secrets."""
        with self.database.reading() as connection:
            found = connection.execute(_whole().where(deliveries.c.job_id == job_id).order_by(deliveries.c.event_id))
            return [rows.delivery(row) for row in found.mappings()]

    def due(self, limit: int = 20, lease_seconds: float = 60.0) -> list[Delivery]:
        """Those whose time has come, taken for `lease_seconds`: who dies with one in hand leaves it to the next."""
        # What is due later than any delivery can be was written before the clock was set back.
        longest = case((deliveries.c.attempts == 0, lease_seconds + 1), else_=LONGEST_DELAY)
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
            found = connection.execute(_whole().where(deliveries.c.id.in_(ids)).order_by(deliveries.c.event_id)).mappings()
            return [rows.delivery(row, row["webhook_secrets"]) for row in found]

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool:
        """What came of an attempt; `next_at` is when the next one is due, or None: delivered if 2xx, else failed.

        False, and nothing is written, when another has recorded one since `due` gave the delivery.
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
    """A delivery with its event and its secrets."""
    reported = (events.c.job_id == deliveries.c.job_id) & (events.c.id == deliveries.c.event_id)
    wanted = select(deliveries, events.c.data, events.c.at, jobs.c.webhook_secrets, jobs.c.origin)
    return wanted.join(events, reported).join(jobs, jobs.c.id == deliveries.c.job_id)
