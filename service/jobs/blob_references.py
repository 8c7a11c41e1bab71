"""The blobs that jobs need. A blob that no job needs is removed: at once if it was not put again since, else by the sweep."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.tables import clock, holds

AT_ONCE = 500
SLACK = 0.05  # seconds by which the clocks of database and file system may differ when both are on this machine


def hold(connection: Connection, job_id: str, keys: Iterable[str]) -> None:
    """Idempotent. The newest time counts."""
    made = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(holds)
    for key in sorted(set(keys)):
        statement = made.values(job_id=job_id, key=key, at=clock())
        connection.execute(statement.on_conflict_do_update(index_elements=["job_id", "key"], set_={"at": statement.excluded.at}))


def let_go(connection: Connection, job_id: str) -> dict[str, float]:
    """Removes the references of the job. Returns key → time of the blobs that no other job needs."""
    mine = connection.execute(delete(holds).where(holds.c.job_id == job_id).returning(holds.c.key, holds.c.at)).all()
    others = held(connection, [key for key, _ in mine])
    return {key: at + SLACK for key, at in mine if key not in others}


def held(connection: Connection, keys: Iterable[str]) -> set[str]:
    """The ones of `keys` that a job needs."""
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found |= set(connection.execute(select(holds.c.key).where(holds.c.key.in_(some))).scalars())
    return found
