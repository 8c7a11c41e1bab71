"""A key, its rights and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SCOPES = ("convert", "jobs", "metrics", "admin")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one key; 0 means no limit."""

    requests: int = 0  # a minute
    conversions: int = 0  # at once, items of jobs too
    cpu_seconds: int = 0  # a day, of the workers
    queued: int = 0  # items of jobs that have not ended


@dataclass(frozen=True, slots=True)
class Key:
    """`id` is not secret: it is the tenant of everything that the key creates, and is in the log."""

    id: str
    name: str
    scopes: tuple[str, ...]
    limits: Limits
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
