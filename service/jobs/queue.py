"""The queue: items are claimed with a lease and a fencing token, so that each ends once, even if processes are killed.

A runner claims an item, shows by heartbeats that it is alive, and finishes it. If its lease ends first, `reap` gives the item
to the next runner with a higher token, and later calls of the first one are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, case, exists, insert, select, update

from service.jobs import rows
from service.jobs.blob_references import hold
from service.jobs.database import Database
from service.jobs.ids import new_id
from service.jobs.keys import quota_counts
from service.jobs.leases import Lease, Leases
from service.jobs.locked_job import LockedJob, add_total, locked
from service.jobs.records import Claim, NewArtifact, Origin
from service.jobs.tables import artifacts, clock, items, jobs
from service.model import codec
from service.model.errors import ColophonError, EngineCrashed
from service.model.settings import Settings

REAPED_AT_ONCE = 200
CLAIM_TRIES = 3  # others may take the last item of the job while this process waits for its row
# Seconds before the second and third attempt for an item whose engine crashed.
DELAYS = (1.0, 5.0)
LONGEST_DELAY = 10.0  # of these delays, and of released items; with a margin for different clocks


class Stale(Exception):
    """The caller no longer owns the item: its lease ended and another has it, or its job was cancelled or erased."""


class Queue:
    """All methods raise StorageUnavailable and StorageFull; then nothing has changed."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.keep = settings.artifact_hours * 3600
        self._leases = Leases(settings.lease)

    def claim(self, owner: str, lease_seconds: float | None = None) -> Claim | None:
        """An item of the job with the fewest running items, of equals the one served longest ago; None when nothing waits.

        The attempt is counted now, so that a document that kills its worker is not tried forever.
        """
        lease = self.settings.lease if lease_seconds is None else lease_seconds
        for _ in range(CLAIM_TRIES):
            if not self._waiting():
                return None
            with self.database.writing() as connection:
                turn = _turn(connection)
                if turn is None:
                    return None
                with locked(connection, turn.id, self.keep) as job:
                    claim = None if job is None else _take(job, owner, lease)
                if claim is None:
                    quota_counts.settle(connection, turn.tenant, 0.0)
            if claim is not None:
                return claim
        return None

    def _waiting(self) -> bool:
        """Read without a lock, so that idle runners do not delay the others."""
        with self.database.reading() as connection:
            return connection.execute(select(jobs.c.id).where(jobs.c.queued > 0).limit(1)).first() is not None

    def heartbeat(self, claim: Claim) -> bool:
        """Prolongs the lease. Returns False if the claim no longer owns the item."""
        with self.database.writing() as connection:
            changed = connection.execute(update(items).where(*_held(claim)).values(lease_until=clock() + claim.lease))
            return changed.rowcount == 1

    def report_stage(self, claim: Claim, stage: str, target: str, *, ended: bool) -> None:
        """Records the event `item.stage` for clients that follow the job. Raises Stale."""
        with self.database.writing() as connection, locked(connection, claim.job_id, self.keep) as job:
            position = connection.execute(select(items.c.position).where(*_held(claim))).scalar()
            if job is None or position is None:
                raise Stale(claim.item_id)
            job.record_event("item.stage", item_id=claim.item_id, position=position, stage=stage, target=target, ended=ended)

    def finish(
        self,
        claim: Claim,
        *,
        produced: Sequence[NewArtifact] = (),
        notices: Sequence[Mapping[str, Any]] = (),
        metadata: Mapping[str, Any] | None = None,
        problem: ColophonError | None = None,
    ) -> None:
        """Ends the item: succeeded with its artifacts, or failed with a problem. Raises Stale."""
        state = "failed" if problem else "succeeded"
        values = {
            "state": state, "notices": list(notices), "metadata": metadata, "problem": problem.as_dict() if problem else None,
            "ended_at": clock(), "lease_until": None,
        }  # fmt: skip
        with self.database.writing() as connection, locked(connection, claim.job_id, self.keep) as job:
            changed = connection.execute(update(items).where(*_held(claim)).values(values).returning(items.c.position)).scalar()
            if job is None or changed is None:
                raise Stale(claim.item_id)
            if produced:
                connection.execute(insert(artifacts), [_artifact(claim, n, each) for n, each in enumerate(produced)])
                hold(connection, claim.job_id, (each.sha256 for each in produced))
            job.move("running", state)
            reported = {"problem": values["problem"]} if problem else {}
            job.record_event(f"item.{state}", item_id=claim.item_id, position=changed, attempts=claim.attempt, **reported)

    def release(self, claim: Claim, delay: float = 0.0) -> None:
        """Hands the item back as if it had not been taken: the attempt does not count. Raises Stale."""
        self._requeue(claim, delay, items.c.attempts - 1)

    def retry(self, claim: Claim, problem: ColophonError) -> None:
        """Returns the item to the queue after a failure that another attempt may solve; after the last it fails. Raises Stale."""
        if claim.attempt >= self.settings.attempts:
            self.finish(claim, problem=problem)
        else:
            self._requeue(claim, DELAYS[min(claim.attempt, len(DELAYS)) - 1], items.c.attempts)

    def _requeue(self, claim: Claim, delay: float, attempts: Any) -> None:
        with self.database.writing() as connection, locked(connection, claim.job_id, self.keep) as job:
            values = {**_QUEUED, "attempts": attempts, "not_before": clock() + delay}
            if job is None or connection.execute(update(items).where(*_held(claim)).values(values)).rowcount != 1:
                raise Stale(claim.item_id)
            job.move("running", "queued")
            add_total(connection, "releases" if attempts is not items.c.attempts else "retries", 1)

    def reap(self) -> list[str]:
        """Returns items with a lost runner to the queue, or fails them after their last attempt. Returns the ids of both."""
        columns = (items.c.id, items.c.job_id, items.c.fence, items.c.lease_until, clock().label("now"))
        with self.database.reading() as connection:
            found = connection.execute(select(*columns).where(items.c.state == "running")).all()
        running = [Lease(row.id, row.job_id, row.fence, row.lease_until or 0.0) for row in found]
        if not found:
            return []
        ended = self._leases.ended(running, found[0].now)[:REAPED_AT_ONCE]
        return [lease.item_id for lease in ended if self._reap(lease)]

    def _reap(self, lease: Lease) -> bool:
        item_id = lease.item_id
        with self.database.writing() as connection, locked(connection, lease.job_id, self.keep) as job:
            unchanged = (items.c.fence == lease.fence) & (items.c.lease_until == lease.until) & (items.c.state == "running")
            mine = (items.c.id == item_id) & unchanged
            row = connection.execute(select(items.c.attempts, items.c.position).where(mine).with_for_update()).first()
            if job is None or row is None:
                return False
            last = row.attempts >= self.settings.attempts
            problem = EngineCrashed(f"It was tried {row.attempts} times. Each time its process died.").as_dict()
            values = _QUEUED if not last else {**_QUEUED, "state": "failed", "problem": problem, "ended_at": clock()}
            connection.execute(update(items).where(items.c.id == item_id).values(values))
            job.move("running", "failed" if last else "queued")
            if last:
                job.record_event("item.failed", item_id=item_id, position=row.position, attempts=row.attempts, problem=problem)
            else:
                add_total(connection, "retries", 1)
            return True

    def waiting(self, limit: int) -> list[str]:
        """Ids of items that can be claimed now."""
        due = (items.c.state == "queued") & _may_begin()
        with self.database.reading() as connection:
            return list(connection.execute(select(items.c.id).join(jobs).where(jobs.c.queued > 0, due).limit(limit)).scalars())


# The token grows with each new owner, so that calls of an earlier owner are refused.
_QUEUED: Mapping[str, Any] = {"state": "queued", "fence": items.c.fence + 1, "owner": "", "lease_until": None}


def _due(job_id: Any) -> tuple[Any, ...]:
    return (items.c.job_id == job_id, items.c.state == "queued", _may_begin())


def _may_begin() -> Any:
    """Whether its delay is over, or ends later than any delay can, because the clock was set back."""
    return (items.c.not_before <= clock()) | (items.c.not_before > clock() + LONGEST_DELAY)


def _turn(connection: Connection) -> Any:
    """Id and tenant of the next job. Tenants that have used up a quota are skipped."""
    passed: list[str] = []
    while True:
        row = connection.execute(_fairest(passed)).first()
        if row is None or quota_counts.take_item(connection, row.tenant):
            return row
        passed.append(row.tenant)


def _fairest(passed: Sequence[str]) -> Any:
    waits = [jobs.c.queued > 0, exists(select(items.c.id).where(*_due(jobs.c.id)))]
    if passed:
        waits.append(jobs.c.tenant.not_in(passed))
    served_at = case((jobs.c.served_at > clock() + 1, 0.0), else_=jobs.c.served_at)  # the clock was set back
    return select(jobs.c.id, jobs.c.tenant).where(*waits).order_by(jobs.c.running, served_at, jobs.c.id).limit(1)


def _take(job: LockedJob, owner: str, lease: float) -> Claim | None:
    first = select(items.c.id).where(*_due(job.id)).order_by(items.c.position).limit(1).scalar_subquery()
    values = {
        "state": "running", "attempts": items.c.attempts + 1, "fence": items.c.fence + 1, "owner": owner,
        "lease_until": clock() + lease, "started_at": clock(),
    }  # fmt: skip
    row = job.connection.execute(update(items).where(items.c.id == first).values(values).returning(items)).mappings().first()
    if row is None:
        return None
    job.move("queued", "running")
    job.record_event("item.running", item_id=row["id"], position=row["position"], attempts=row["attempts"])
    return Claim(
        item_id=row["id"],
        job_id=job.id,
        tenant=job.row["tenant"],
        owner=owner,
        fence=row["fence"],
        attempt=row["attempts"],
        lease=lease,
        conversion=codec.unpack_conversion(job.row["conversion"]),
        source=rows.unpack_source(row["source"]),
        waited=max(0.0, row["started_at"] - job.row["created_at"]),
        origin=Origin(**job.row["origin"]),
    )


def _held(claim: Claim) -> Iterable[Any]:
    return (items.c.id == claim.item_id, items.c.fence == claim.fence, items.c.state == "running")


def _artifact(claim: Claim, position: int, each: NewArtifact) -> dict[str, Any]:
    same = {name: getattr(each, name) for name in ("name", "format", "media_type", "size", "sha256")}
    same |= {"report": dict(each.report), "notices": list(each.notices)}
    return same | {"id": new_id("art"), "job_id": claim.job_id, "item_id": claim.item_id, "position": position}
