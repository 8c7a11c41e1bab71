"""Removes expired data: jobs with their rows and blobs, tombstones, blobs without a job."""

from __future__ import annotations

import itertools
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Connection, delete, select, update

from service.jobs.blob_references import held, let_go
from service.jobs.locked_job import LockedJob, locked
from service.jobs.store import JobStore
from service.jobs.tables import artifacts, clock, deliveries, events, idempotency_keys, items, jobs, links
from service.model.errors import Damaged, Gone

log = logging.getLogger("colophon.jobs")
AT_ONCE = 200
ALL = -1e9  # seconds: older than thirty years from now, even if clocks differ
ENDED_ITEMS = ("succeeded", "failed", "cancelled")


def purge(store: JobStore, orphans_after: float | None = None) -> Counter[str]:
    """Purges. Returns the numbers of expired jobs, removed tombstones and swept blobs. Raises StorageUnavailable, StorageFull.

    `orphans_after`: seconds since a blob that no job holds was last put, by default `artifact_hours`. It may run at any time.
    """
    counts: Counter[str] = Counter()
    for job_id in _due(store):
        counts["expired"] += _expire(store, job_id)
    counts["forgotten"] = _forget(store)
    counts["swept"] = _sweep(store, store.keep if orphans_after is None else orphans_after)
    if counts.total():
        log.info("purged", extra=dict(counts))
    return counts


def verify(store: JobStore) -> Iterator[tuple[str, bool]]:
    """Each blob of the store, and whether its bytes match its key. Raises StorageUnavailable.

    Nothing is removed: a damaged blob is refused when it is needed, and written again when the same bytes are put.
    """
    for key in store.blobs.keys(ALL):
        with suppress(Gone):
            try:
                store.blobs.verify(key)
            except Damaged:
                yield key, False
            else:
                yield key, True


def _due(store: JobStore) -> Iterator[str]:
    """Ids of jobs that have expired, page by page: each job is marked before the next page is read."""
    wanted = select(jobs.c.id).where(jobs.c.expires_at <= clock(), jobs.c.state != "expired").limit(AT_ONCE)
    while True:
        with store.database.reading() as connection:
            found = list(connection.execute(wanted).scalars())
        yield from found
        if len(found) < AT_ONCE:
            return


def _expire(store: JobStore, job_id: str) -> int:
    """A tombstone stays, by which the job is answered with 410."""
    with store.database.writing() as connection, locked(connection, job_id, store.keep) as job:
        if job is None or job.state == "expired":
            return 0
        _empty(connection, job)
        loose = let_go(connection, job_id)
    store.discard(loose)
    return 1


def _empty(connection: Connection, job: LockedJob) -> None:
    for state in ENDED_ITEMS:
        if job.counts[state]:
            job.move(state, "expired", job.counts[state])
    for table in (artifacts, items, events, deliveries, idempotency_keys):
        connection.execute(delete(table).where(table.c.job_id == job.id))
    bare = {"name": "", "conversion": {"to": [], "options": {}}, "webhook_url": "", "webhook_secrets": []}
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(bare))


def _forget(store: JobStore) -> int:
    old = clock() - store.settings.tombstone_days * 86_400
    with store.database.writing() as connection:
        abandoned = idempotency_keys.c.job_id.is_(None) & (idempotency_keys.c.reserved_until < clock())
        connection.execute(delete(idempotency_keys).where(abandoned))
        connection.execute(delete(links).where(links.c.at < clock() - store.keep))
        return connection.execute(delete(jobs).where(jobs.c.state == "expired", jobs.c.expires_at < old)).rowcount


def _sweep(store: JobStore, orphans_after: float) -> int:
    before, swept = time.time() - orphans_after, 0
    keys = iter(store.blobs.keys(orphans_after))
    while some := list(itertools.islice(keys, AT_ONCE)):
        with store.database.reading() as connection:
            needed = held(connection, some)
        swept += sum(store.blobs.discard(key, before) for key in some if key not in needed)
    return swept
