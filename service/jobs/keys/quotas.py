"""The limits of a key: requests per minute, conversions at once, CPU seconds per day, unfinished items of jobs.

Exact over all processes.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from service.jobs.database import Database
from service.jobs.keys import quota_counts
from service.jobs.keys.rate_limits import CONVERSIONS, CPU, DAY, MINUTE, REQUESTS, Standing
from service.jobs.keys.records import Key
from service.jobs.tables import api_keys, clock, quota_leases, quota_windows
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.cancellation import Cancellation

log = logging.getLogger("colophon.keys")
SLACK = 10.0  # seconds


@dataclass
class Spending:
    """One conversion of a key: `cancellation` counts its cost, `standings` are those after its start."""

    cancellation: Cancellation = field(default_factory=Cancellation)
    standings: list[Standing] = field(default_factory=list)


class Quotas:
    """A key without a limit costs nothing. All methods raise StorageUnavailable and StorageFull."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        # The longest conversion: two waits for a worker, reading, fetching, and writing in parallel.
        waits = 2 * settings.queue_wait + settings.fetch_deadline
        self.lease = (
            waits
            + max(2 * settings.book_deadline, settings.read_deadline + settings.write_deadline, settings.split_deadline)
            + SLACK
        )

    def request(self, key: Key) -> Standing | None:
        """Counts a request."""
        if not key.limits.requests:
            return None
        with self.database.counting() as connection:
            return quota_counts.take(connection, key.id, REQUESTS, 1, key.limits.requests, MINUTE)

    @contextmanager
    def conversion(self, key: Key | None) -> Iterator[Spending]:
        """Reserves a conversion, and counts its cost at the end. Raises QuotaExceeded."""
        spending = Spending()
        if key is None or not (key.limits.conversions or key.limits.cpu_seconds):
            yield spending
            return
        lease = secrets.token_hex(12)
        self._begin(key, lease)
        try:
            yield spending
        finally:
            self._end(key, lease, spending)

    def _begin(self, key: Key, lease: str) -> None:
        with self.database.counting() as connection:
            for standing in _begun(connection, key):
                if standing.refused:
                    raise standing.refusal()
            if key.limits.conversions:
                connection.execute(insert(quota_leases).values(id=lease, key_id=key.id, until=clock() + self.lease))

    def _end(self, key: Key, lease: str, spending: Spending) -> None:
        try:
            with self.database.counting() as connection:
                if key.limits.conversions:
                    over = (quota_leases.c.key_id == key.id) & (quota_leases.c.until <= clock())
                    connection.execute(delete(quota_leases).where((quota_leases.c.id == lease) | over))
                if key.limits.cpu_seconds:
                    quota_counts.settle(connection, key.id, spending.cancellation.cpu)
                spending.standings = list(_standings(connection, key))
        except ColophonError as error:
            log.warning("the cost of a conversion of key %s could not be stored (%s); its lease ends soon", key.id, error.code)

    def standings(self, key: Key) -> list[Standing]:
        """Of conversions and CPU-seconds, as they are."""
        with self.database.reading() as connection:
            return list(_standings(connection, key))

    def queued(self, key: Key) -> Standing:
        """Of unfinished items, for a key that has such a limit."""
        with self.database.reading() as connection:
            return quota_counts.unfinished(connection, key.id, key.limits.queued)

    def counts_conversions(self, tenant: str) -> bool:
        """Whether the key has a limit of conversions at once."""
        if not tenant:
            return False
        with self.database.reading() as connection:
            return bool(connection.execute(select(api_keys.c.conversions).where(api_keys.c.id == tenant)).scalar())

    def settle(self, tenant: str, cost: float) -> None:
        """Counts the cost of an item that `counting.take_item` admitted, if the tenant has such a limit."""
        if tenant:
            with self.database.counting() as connection:
                quota_counts.settle(connection, tenant, cost)


def _begun(connection: Connection, key: Key) -> Iterator[Standing]:
    if limit := key.limits.conversions:
        quota_counts.lock(connection, key.id)
        yield quota_counts.room(connection, key.id, limit)
    if limit := key.limits.cpu_seconds:
        yield quota_counts.take(connection, key.id, CPU, quota_counts.RESERVED, limit, DAY)


def _standings(connection: Connection, key: Key) -> Iterator[Standing]:
    if limit := key.limits.conversions:
        busy = quota_counts.under_way(connection, key.id)
        yield Standing(CONVERSIONS, limit, max(0, limit - busy), refused=busy >= limit)
    if key.limits.cpu_seconds:
        yield _cpu(connection, key)


def _cpu(connection: Connection, key: Key) -> Standing:
    limit = key.limits.cpu_seconds
    mine = (quota_windows.c.key_id == key.id) & (quota_windows.c.quota == CPU)
    left = quota_windows.c.starts_at + DAY - clock()
    row = connection.execute(select(quota_windows.c.used, left.label("left")).where(mine)).first()
    if row is None or not 0 < row.left <= DAY + quota_counts.SLACK:
        return Standing(CPU, limit, limit)
    refused = row.used + quota_counts.RESERVED > limit
    return Standing(CPU, limit, max(0, math.floor(limit - row.used)), math.ceil(row.left), refused)
