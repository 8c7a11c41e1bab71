"""A locked job: its counters, state, events and webhooks change together or not at all.

Every change of an item uses it. The lock order is job, item, totals, so two transactions never wait for each other.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.ids import new_id
from service.jobs.records import Destination
from service.jobs.states import ENDED, ITEM_STATES, job_state
from service.jobs.tables import COUNTS, clock, deliveries, events, jobs, totals

SHARDS = 16
WEBHOOK_EVENTS = frozenset({"job.succeeded", "job.partial", "job.failed", "job.cancelled"})
DELIVERED_EVENTS = frozenset({"job.succeeded", "job.partial"})  # it has artifacts


class LockedJob:
    """`row` is the job as it was when it was locked, `now` the database's clock then."""

    def __init__(self, connection: Connection, row: Mapping[Any, Any], keep: float) -> None:
        self.connection, self.row, self.keep = connection, row, keep
        self.id: str = row["id"]
        self.now: float = row["now"]
        self.counts: Counter[str] = Counter({name: row[name] for name in COUNTS})
        self.state: str = row["state"]
        self._changed: dict[str, Any] = {}
        self._events: list[dict[str, Any]] = []
        self._owed: list[dict[str, Any]] = []
        self._last: int = row["last_event"]

    def move(self, before: str, after: str, count: int = 1) -> None:
        """Counts `count` items as moved from one state to another. The caller changes their rows."""
        if after not in ITEM_STATES[before]:
            raise ValueError(f"an item does not go from {before} to {after}")
        self.counts[before] -= count
        self.counts[after] += count
        if after == "running":
            self._changed["served_at"] = self.now
        if after in ENDED and after != "expired":
            add_total(self.connection, f"items_{after}", count)

    def record_event(self, kind: str, **data: Any) -> None:
        """Adds an event of the job, and the webhook and deliveries that the job requests for it."""
        self._last += 1
        self._events.append({"job_id": self.id, "id": self._last, "kind": kind, "data": data, "at": self.now})
        if kind in WEBHOOK_EVENTS and self.row["webhook_url"]:
            self._owe("evt", kind, "webhook", self.row["webhook_url"])
        for place, each in enumerate(self.row["destinations"] if kind in DELIVERED_EVENTS else ()):
            self._owe("dlv", kind, each["kind"], Destination(**each).shown, place)

    def _owe(self, prefix: str, event: str, kind: str, url: str, place: int = 0) -> None:
        about = {"job_id": self.id, "event_id": self._last, "event": event, "kind": kind, "url": url, "place": place}
        self._owed.append({"id": new_id(prefix), **about, "state": "pending", "next_at": self.now})

    def close(self) -> None:
        """Writes the changes."""
        started = self.row["started_at"] is not None or "served_at" in self._changed
        state = job_state(self.counts, started)
        if state != self.state:
            self.state = state
            if state == "running":
                self._changed["started_at"] = self.now
            if state in ENDED and state != "expired":
                self._changed |= {"ended_at": self.now, "expires_at": self.now + self.keep}
            if state != "expired":
                self.record_event(f"job.{state}", state=state, total=self.row["total"], counts=dict(self.counts))
        self._changed |= {"state": state, "last_event": self._last, **self.counts}
        self.connection.execute(update(jobs).where(jobs.c.id == self.id).values(self._changed))
        if self._events:
            self.connection.execute(insert(events), self._events)
        if self._owed:
            self.connection.execute(insert(deliveries), self._owed)


@contextmanager
def locked(connection: Connection, job_id: str, keep: float) -> Iterator[LockedJob | None]:
    """None if the job is gone. `keep`: seconds for which an ended job and its artifacts are kept."""
    row = connection.execute(select(jobs, clock().label("now")).where(jobs.c.id == job_id).with_for_update()).mappings().first()
    job = None if row is None else LockedJob(connection, row, keep)
    yield job
    if job is not None:
        job.close()


def add_total(connection: Connection, name: str, count: int) -> None:
    """A counter that only grows, for the metrics."""
    made = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(totals)
    statement = made.values(name=name, shard=random.randrange(SHARDS), value=count)  # noqa: S311 - it spreads a load
    grown = {"value": totals.c.value + statement.excluded.value}
    connection.execute(statement.on_conflict_do_update(index_elements=["name", "shard"], set_=grown))
