"""The same tests on SQLite and PostgreSQL; a job store, and jobs to put into it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemas import options
from service.jobs.records import Job, NewJob, NewSource
from service.jobs.store import JobStore
from service.model.settings import Settings
from service.storage import open_store
from tests import backing

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    if backing.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with backing.postgresql() as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_installed() -> None:
    if backing.program("redis-server") is None:
        pytest.skip("Redis is not installed (Debian package redis-server)")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Of an empty database."""
    return "" if request.param == "sqlite" else new_database(request.getfixturevalue("postgresql_server"))


def new_database(server: str) -> str:
    name = f"colophon_{os.urandom(4).hex()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def job_settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path), database_url=database_url, workers=1)


@pytest.fixture
def store(job_settings: Settings) -> Iterator[JobStore]:
    opened = JobStore(job_settings, open_store(job_settings))
    yield opened
    opened.close()


Create = Callable[..., Job]


@pytest.fixture
def create(store: JobStore) -> Create:
    """`create(3, text="…")`: a job with that number of sources."""
    return lambda count=1, **more: create_in(store, count, **more)


def new_job(store: JobStore, count: int = 1, text: str = "# One", to: str = "epub", **more: Any) -> NewJob:
    sources = [NewSource(f"{number}.md", store.blobs.put(f"{text} {number}".encode())) for number in range(count)]
    return NewJob(options.defaults(to), sources, **more)


def create_in(store: JobStore, count: int = 1, **more: Any) -> Job:
    return store.create(new_job(store, count, **more))[0]
