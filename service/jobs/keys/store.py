"""The keys in the database. All methods raise StorageUnavailable and StorageFull; then nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update

from service.jobs.database import Database
from service.jobs.keys import secret
from service.jobs.keys.records import Key, Limits
from service.jobs.tables import api_keys, clock
from service.model.errors import NotFound, Unauthorized


class KeyStore:
    """`queued` limits the unfinished items of a key without its own limit; 0 means no limit."""

    def __init__(self, database: Database, queued: int = 0) -> None:
        self.database, self.queued = database, queued

    def create(self, name: str, scopes: Sequence[str], limits: Limits, days: float | None = None) -> tuple[Key, str]:
        """The key, and its text, which is shown once. It expires after `days`."""
        key_id, text, digest = secret.mint()
        row = {
            "id": key_id, "sha256": digest, "name": name, "scopes": list(scopes), "created_at": clock(),
            "expires_at": None if days is None else clock() + days * 86_400,
            "requests": limits.requests, "conversions": limits.conversions, "cpu_seconds": limits.cpu_seconds,
            "queued": limits.queued,
        }  # fmt: skip
        with self.database.writing() as connection:
            made = connection.execute(insert(api_keys).values(row).returning(api_keys)).mappings().one()
            return _key(made), text

    def all(self) -> list[Key]:
        """The oldest first, with revoked and expired ones."""
        with self.database.reading() as connection:
            return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.created_at)).mappings()]

    def revoke(self, key_id: str) -> Key:
        """The key is invalid from the next request on. Raises NotFound. Idempotent."""
        mine = api_keys.c.id == key_id
        with self.database.writing() as connection:
            connection.execute(update(api_keys).where(mine, api_keys.c.revoked_at.is_(None)).values(revoked_at=clock()))
            row = connection.execute(select(api_keys).where(mine)).mappings().first()
        if row is None:
            raise NotFound("The key does not exist.")
        return _key(row)

    def find(self, text: str) -> Key:
        """The key of this text, with its effective limits. Raises Unauthorized if it is unknown, expired or revoked."""
        found = secret.parse(text)
        if found is None:
            raise Unauthorized("The value is not an API key of this service.")
        row = self._row(found[0])
        if not secret.matches(found[1], None if row is None else row["sha256"]) or row is None:
            raise Unauthorized("The API key is unknown.")
        if row["revoked_at"] is not None:
            raise Unauthorized("The API key was revoked.")
        if row["expires_at"] is not None and row["expires_at"] <= row["now"]:
            raise Unauthorized("The API key has expired.")
        return _key(row | {"queued": row["queued"] or self.queued})

    def _row(self, key_id: str) -> dict[Any, Any] | None:
        with self.database.reading() as connection:
            wanted = select(api_keys, clock().label("now")).where(api_keys.c.id == key_id)
            row = connection.execute(wanted).mappings().first()
        return None if row is None else dict(row)


def _key(row: Mapping[Any, Any]) -> Key:
    times = {name: _moment(row[name]) for name in ("expires_at", "revoked_at")}
    limits = Limits(row["requests"], row["conversions"], row["cpu_seconds"], row["queued"])
    created = datetime.fromtimestamp(row["created_at"], UTC)
    return Key(row["id"], row["name"], tuple(row["scopes"]), limits, created, **times)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
