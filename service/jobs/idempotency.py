"""The same request twice is one job. A key belongs to a tenant and exists as long as its job."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.records import NewJob
from service.jobs.tables import clock, idempotency_keys
from service.model.errors import IdempotencyConflict, IdempotencyKeyReused

RESERVED = 120.0  # seconds that a request may take; if its process ended, the key is free after that


def _of(tenant: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (idempotency_keys.c.tenant == tenant, idempotency_keys.c.key == key)


def reserve(connection: Connection, tenant: str, key: str) -> None:
    """Raises IdempotencyConflict while another request with this key is under way. A key that has a job stays as it is."""
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"tenant": tenant, "key": key, "reserved_until": clock() + RESERVED}
    until = idempotency_keys.c.reserved_until  # later than any can be: the clock was set back
    taken = idempotency_keys.c.job_id.is_not(None) | ((until > clock()) & (until <= clock() + RESERVED + 1))
    statement = made(idempotency_keys).values(row)
    again = statement.on_conflict_do_update(
        index_elements=["tenant", "key"], set_={"reserved_until": clock() + RESERVED}, where=~taken
    )
    if connection.execute(again.returning(idempotency_keys.c.key)).first() is not None:
        return
    job_id = connection.execute(select(idempotency_keys.c.job_id).where(*_of(tenant, key))).scalar()
    if job_id is None:
        raise IdempotencyConflict(retry_after=2)


def abandon(connection: Connection, tenant: str, key: str) -> None:
    connection.execute(delete(idempotency_keys).where(*_of(tenant, key), idempotency_keys.c.job_id.is_(None)))


def earlier(connection: Connection, new: NewJob) -> str | None:
    """The job of the earlier request with this key. Raises IdempotencyKeyReused if that request was different."""
    if not new.idempotency_key:
        return None
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"tenant": new.tenant, "key": new.idempotency_key, "reserved_until": clock()}
    # Of two at once, the second waits here until the first has its job.
    connection.execute(made(idempotency_keys).values(row).on_conflict_do_nothing())
    wanted = select(idempotency_keys).where(*_of(new.tenant, new.idempotency_key)).with_for_update()
    found = connection.execute(wanted).mappings().one()
    if found["job_id"] is None:
        return None
    if found["fingerprint"] != new.fingerprint:
        raise IdempotencyKeyReused("Use a new key for another request.")
    return str(found["job_id"])


def keep(connection: Connection, new: NewJob, job_id: str) -> None:
    if new.idempotency_key:
        values = {"job_id": job_id, "fingerprint": new.fingerprint}
        connection.execute(idempotency_keys.update().where(*_of(new.tenant, new.idempotency_key)).values(values))
