"""Keys on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from service.jobs.keys.store import KeyStore
from service.jobs.store import JobStore
from tests.jobs.conftest import database_url, job_settings, postgresql_server, store

__all__ = ["database_url", "job_settings", "postgresql_server", "store"]


@pytest.fixture
def keys(store: JobStore) -> KeyStore:
    return KeyStore(store.database)
