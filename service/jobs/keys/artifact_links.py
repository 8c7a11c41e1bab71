"""Whose report linked to which artifact. Blobs are found by their hash alone, and a hash is not a secret among tenants."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.database import Database
from service.jobs.tables import clock, links
from service.model.errors import NotFound


class Links:
    """Both raise StorageUnavailable. Purged when their artifacts are."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def give(self, tenant: str, sha256: str) -> None:
        """Durable before the report goes out; the newest time counts."""
        with self.database.writing() as connection:
            made = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(links)
            statement = made.values(tenant=tenant, sha256=sha256, at=clock())
            newest = {"at": statement.excluded.at}
            connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "sha256"], set_=newest))

    def check(self, tenant: str, sha256: str) -> None:
        """Raises NotFound for what this tenant was never given."""
        with self.database.reading() as connection:
            found = connection.execute(select(links.c.at).where(links.c.tenant == tenant, links.c.sha256 == sha256)).first()
        if found is None:
            raise NotFound("The artifact does not exist.")
