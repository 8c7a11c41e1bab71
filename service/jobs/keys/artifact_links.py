"""The artifacts that reports of a tenant linked to. Blobs are found by their hash, and a hash is not a secret between tenants."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from service.jobs.database import Database
from service.jobs.tables import clock, links
from service.model.errors import NotFound


class Links:
    """Both methods raise StorageUnavailable. Rows are purged together with their artifacts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def give(self, tenant: str, sha256: str) -> None:
        """Durable before the report is sent. The newest time counts."""
        with self.database.writing() as connection:
            made = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(links)
            statement = made.values(tenant=tenant, sha256=sha256, at=clock())
            newest = {"at": statement.excluded.at}
            connection.execute(statement.on_conflict_do_update(index_elements=["tenant", "sha256"], set_=newest))

    def check(self, tenant: str, sha256: str) -> None:
        """Raises NotFound for an artifact that no report of this tenant linked to."""
        with self.database.reading() as connection:
            found = connection.execute(select(links.c.at).where(links.c.tenant == tenant, links.c.sha256 == sha256)).first()
        if found is None:
            raise NotFound("The artifact does not exist.")
