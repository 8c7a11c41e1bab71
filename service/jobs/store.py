"""The job store: accepted jobs and their results. `jobs.backends` decides where a job runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from service.jobs import idempotency, rows
from service.jobs.blob_references import hold, let_go
from service.jobs.database import Database
from service.jobs.ids import new_id
from service.jobs.keys import quota_counts
from service.jobs.keys.quotas import Quotas
from service.jobs.locked_job import locked
from service.jobs.outbox import Outbox
from service.jobs.queue import Queue
from service.jobs.records import Delivery, Depth, Event, Item, Job, NewJob, StoredArtifact
from service.jobs.tables import artifacts, clock, events, items, jobs, totals
from service.model import codec
from service.model.errors import ColophonError, Gone, NotFound, Place, QueueFull, TooLarge
from service.model.settings import Settings
from service.storage.base import Store

Page = tuple[list[Job], str | None]
RATE_OVER = 60.0  # seconds over which the rate of the queue is measured
LONGEST_WAIT = 600


class JobStore:
    """Opens the database on first use. All methods raise StorageUnavailable and StorageFull; then nothing is changed.

    `blobs` is the store that holds sources and artifacts: only `erase` touches it.
    """

    def __init__(self, settings: Settings, blobs: Store) -> None:
        self.settings, self.blobs = settings, blobs
        self.database = Database(settings)
        self.queue = Queue(settings, self.database)
        self.outbox = Outbox(self.database)
        self.quotas = Quotas(settings, self.database)
        self.keep = settings.artifact_hours * 3600

    # Accepting

    def reserve(self, tenant: str, key: str) -> None:
        """Reserves an idempotency key before the body is stored. Raises IdempotencyConflict while another request has it."""
        with self.database.writing() as connection:
            idempotency.reserve(connection, tenant, key)

    def abandon(self, tenant: str, key: str) -> None:
        """Releases the key of a request that failed. A key that has a job stays."""
        with self.database.writing() as connection:
            idempotency.abandon(connection, tenant, key)

    def create(self, new: NewJob) -> tuple[Job, bool]:
        """The job, durable when this returns, and whether it is new: with a known idempotency key it is the earlier one.

        Raises QueueFull, QuotaExceeded, IdempotencyKeyReused; TooLarge for more sources than the queue could ever hold.
        """
        if len(new.sources) > self.settings.queue_items:
            limit = self.settings.queue_items
            raise TooLarge(f"A job can have at most {limit} sources. Send several jobs.", extra={"limit": limit})
        with self.database.writing() as connection:
            earlier = idempotency.earlier(connection, new)
            if earlier is not None:
                return _load(connection, earlier), False
            self._check_quota(connection, new.tenant, len(new.sources))
            self._check_room(connection, len(new.sources))
            job_id = _insert(connection, new)
            idempotency.keep(connection, new, job_id)
            hold(connection, job_id, (key for source in new.sources for key in rows.keys_of(source)))
            with locked(connection, job_id, self.keep) as job:
                assert job is not None
                job.record_event("job.created", state="queued", total=len(new.sources))
            return _load(connection, job_id), True

    def _check_quota(self, connection: Connection, tenant: str, wanted: int) -> None:
        standing = quota_counts.before_items(connection, tenant, self.settings.key_queued)
        if standing is not None and wanted > standing.left:
            place = Place(f"{wanted} items, and the key has room for {standing.left}.", "/file")
            fits = wanted <= standing.limit  # otherwise waiting does not help
            raise standing.refusal([place], _seconds_for(connection, wanted - standing.left) if fits else None)

    def _check_room(self, connection: Connection, wanted: int) -> None:
        depth = _depth(connection)
        if depth.queued + wanted > self.settings.queue_items:
            needed = depth.queued + wanted - self.settings.queue_items
            raise QueueFull(f"{depth.queued} items wait.", retry_after=_seconds_for(connection, needed))

    # Reading

    def get(self, job_id: str, tenant: str | None = "") -> Job:
        """Raises NotFound for a job of another tenant (None: any tenant), Gone for one that has expired."""
        with self.database.reading() as connection:
            job = _load(connection, job_id)
        if tenant not in (None, job.tenant):
            raise NotFound("The job does not exist.")
        if job.state == "expired":
            raise Gone("The job has expired and was removed.")
        return job

    def page(
        self,
        tenant: str | None = "",
        cursor: str | None = None,
        limit: int = 50,
        state: str | None = None,
        owner: str | None = None,
    ) -> Page:
        """The tenant's jobs (None: all), newest first, of one owner if named; and the next page's cursor, None after the last."""
        wanted = [jobs.c.state != "expired" if state is None else jobs.c.state == state]
        wanted += [jobs.c.tenant == each for each in (tenant, owner) if each is not None]
        if cursor:
            wanted.append(jobs.c.id < cursor)
        with self.database.reading() as connection:
            found = connection.execute(select(jobs).where(*wanted).order_by(jobs.c.id.desc()).limit(limit + 1)).mappings().all()
        return [rows.job(row) for row in found[:limit]], found[limit - 1]["id"] if len(found) > limit else None

    def items(self, job_id: str, cursor: str | None = None, limit: int = 100) -> tuple[list[Item], str | None]:
        """The items in the order of the sources, with their artifacts, and the cursor of the next page."""
        after = int(cursor) if cursor and cursor.isdecimal() else -1
        wanted = (items.c.job_id == job_id, items.c.position > after)
        with self.database.reading() as connection:
            found = connection.execute(select(items).where(*wanted).order_by(items.c.position).limit(limit + 1)).mappings().all()
            made = _artifacts(connection, artifacts.c.item_id.in_([row["id"] for row in found[:limit]]))
        by_item: dict[str, list[StoredArtifact]] = {}
        for each in made:
            by_item.setdefault(each.item_id, []).append(each)
        page = [rows.item(row, by_item.get(row["id"], ())) for row in found[:limit]]
        return page, str(page[-1].position) if len(found) > limit else None

    def item(self, job_id: str, item_id: str) -> Item:
        """Raises NotFound."""
        with self.database.reading() as connection:
            wanted = (items.c.job_id == job_id) & (items.c.id == item_id)
            row = connection.execute(select(items).where(wanted)).mappings().first()
            made = _artifacts(connection, artifacts.c.item_id == item_id)
        if row is None:
            raise NotFound("The item does not exist.")
        return rows.item(row, made)

    def item_ids(self, job_id: str) -> list[str]:
        """For `Backend.announce`."""
        with self.database.reading() as connection:
            return list(
                connection.execute(select(items.c.id).where(items.c.job_id == job_id).order_by(items.c.position)).scalars()
            )

    def artifact(self, job_id: str, artifact_id: str) -> StoredArtifact:
        """Raises NotFound."""
        with self.database.reading() as connection:
            found = _artifacts(connection, (artifacts.c.job_id == job_id) & (artifacts.c.id == artifact_id))
        if not found:
            raise NotFound("The artifact does not exist.")
        return found[0]

    def artifacts(self, job_id: str, at_once: int = 200) -> Iterator[StoredArtifact]:
        """All of them, in the order of the sources, read page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page, cursor = self.items(job_id, cursor, at_once)
            for item in page:
                yield from item.artifacts

    def events(self, job_id: str, after: int = 0, limit: int = 500) -> list[Event]:
        wanted = (events.c.job_id == job_id, events.c.id > after)
        with self.database.reading() as connection:
            found = connection.execute(select(events).where(*wanted).order_by(events.c.id).limit(limit)).mappings().all()
        return [rows.event(row) for row in found]

    def deliveries(self, job_id: str) -> list[Delivery]:
        """Its webhooks and deliveries, sent or pending, oldest event first; without the secrets."""
        return self.outbox.of_job(job_id)

    def depth(self) -> Depth:
        with self.database.reading() as connection:
            return _depth(connection)

    def retry_after(self) -> int:
        """Seconds until the queue is likely to have room, by the rate of the last minute."""
        with self.database.reading() as connection:
            return _seconds_for(connection, _depth(connection).queued)

    def totals(self) -> dict[str, int]:
        """Counters since the database was created: items_succeeded, items_failed, items_cancelled, retries, releases."""
        with self.database.reading() as connection:
            found = connection.execute(select(totals.c.name, func.sum(totals.c.value)).group_by(totals.c.name)).all()
        return {name: int(value) for name, value in found}

    # Webhooks

    def due_deliveries(self, limit: int = 20, lease_seconds: float = 60.0) -> list[Delivery]:
        """The due deliveries with their secrets, claimed for `lease_seconds`."""
        return self.outbox.due(limit, lease_seconds)

    def begin_attempt(self, delivery: Delivery, seconds: float) -> bool:
        """See `Outbox.begin_attempt`."""
        return self.outbox.begin_attempt(delivery, seconds)

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool:
        """See `Outbox.record_attempt`."""
        return self.outbox.record_attempt(delivery, status, error, next_at)

    # Ending

    def cancel(self, job_id: str) -> None:
        """Cancels all items that have not ended. Later calls of their runners are refused. Idempotent. Raises NotFound."""
        values = {"state": "cancelled", "fence": items.c.fence + 1, "lease_until": None, "ended_at": clock()}
        with self.database.writing() as connection, locked(connection, job_id, self.keep) as job:
            if job is None:
                raise NotFound("The job does not exist.")
            for state in ("queued", "running"):
                mine = (items.c.job_id == job_id) & (items.c.state == state)
                ended = connection.execute(update(items).where(mine).values(values).returning(items.c.id, items.c.position)).all()
                if ended:
                    job.move(state, "cancelled", len(ended))
                for item_id, position in sorted(ended, key=lambda each: each.position):
                    job.record_event("item.cancelled", item_id=item_id, position=position)

    def erase(self, job_id: str) -> None:
        """Removes the job at once: its rows, and its blobs that no other job needs. Idempotent."""
        with self.database.writing() as connection:
            loose = let_go(connection, job_id)
            connection.execute(delete(jobs).where(jobs.c.id == job_id))
        self.discard(loose)

    def discard(self, loose: dict[str, float]) -> None:
        """Deletes blobs that no job needs. One that was put again after its time stays, because a new job is about to need it.

        The sweep removes the rest later.
        """
        for key, at in loose.items():
            with suppress(ColophonError):
                self.blobs.discard(key, at)

    def check(self) -> None:
        self.database.check()

    def close(self) -> None:
        self.database.close()


def _insert(connection: Connection, new: NewJob) -> str:
    job_id, total = new_id("job"), len(new.sources)
    row = {
        "id": job_id, "tenant": new.tenant, "name": new.name.replace("\0", ""), "state": "queued",
        "conversion": codec.pack_conversion(new.conversion), "webhook_url": new.webhook_url,
        "webhook_secrets": list(new.webhook_secrets), "created_at": clock(), "total": total, "queued": total,
        "origin": asdict(new.origin), "destinations": [asdict(each) for each in new.destinations],
    }  # fmt: skip
    connection.execute(insert(jobs).values(row))
    made = [
        {
            "id": new_id("item"), "job_id": job_id, "position": position, "name": source.name.replace("\0", ""),
            "state": "queued", "source": rows.pack_source(source),
        }
        for position, source in enumerate(new.sources)
    ]  # fmt: skip
    connection.execute(insert(items), made)
    return job_id


def _load(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
    if row is None:
        raise NotFound("The job does not exist.")
    return rows.job(row)


def _artifacts(connection: Connection, wanted: Any) -> list[StoredArtifact]:
    found = connection.execute(select(artifacts).where(wanted).order_by(artifacts.c.item_id, artifacts.c.position))
    return [rows.artifact(row) for row in found.mappings()]


def _depth(connection: Connection) -> Depth:
    busy = or_(jobs.c.queued > 0, jobs.c.running > 0)
    oldest = clock() - func.min(jobs.c.created_at).filter(jobs.c.queued > 0)
    row = connection.execute(select(func.sum(jobs.c.queued), oldest, func.sum(jobs.c.running)).where(busy)).one()
    return Depth(int(row[0] or 0), max(0.0, float(row[1] or 0.0)), int(row[2] or 0))


def _seconds_for(connection: Connection, count: int) -> int:
    """Seconds that `count` items take at the rate of the last minute."""
    recent = select(func.count()).select_from(items).where(items.c.ended_at > clock() - RATE_OVER)
    rate = (connection.execute(recent).scalar() or 0) / RATE_OVER
    return max(1, min(LONGEST_WAIT, math.ceil(count / rate))) if rate else 10
