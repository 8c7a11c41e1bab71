"""A database and a broker behind sockets that fail in every way: what is accepted is done once they are back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.jobs import postgresql
from service.jobs.backends import open_backend
from service.jobs.database import Database
from service.jobs.store import JobStore
from service.model.errors import StorageUnavailable
from service.model.settings import Settings
from service.storage import open_store
from tests.backing import Running, redis_server
from tests.broken_proxy import FAULTS, BrokenProxy, broken_proxy
from tests.faults import COUNTS
from tests.jobs.conftest import create_in, new_database, new_job
from tests.jobs.slow import ScriptedConverter
from tests.waiting import wait_for


@pytest.fixture
def proxied(postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[JobStore, BrokenProxy]]:
    monkeypatch.setattr(postgresql, "SILENCE", 3.0)
    monkeypatch.setattr(postgresql, "CONNECT", 4)
    server, _, name = new_database(postgresql_server).rpartition("/")
    host, _, port = server.rpartition(":")
    with broken_proxy(int(port)) as proxy:
        settings = Settings(data_dir=str(tmp_path), database_url=f"{host}:{proxy.port}/{name}", workers=1)
        store = JobStore(settings, open_store(settings))
        yield store, proxy
        proxy.fault = ""
        store.close()


@pytest.mark.parametrize("opened", [True, False], ids=["while it runs", "at the start"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_database_that_fails(fault: str, opened: bool, proxied: tuple[JobStore, BrokenProxy]) -> None:
    store, proxy = proxied
    job = create_in(store) if opened else None
    proxy.fault = fault
    for operation in (store.page, store.check, lambda: store.create(new_job(store)), lambda: store.queue.claim("me")):
        with pytest.raises(StorageUnavailable) as caught:
            operation()
        assert caught.value.status == 503 and caught.value.retry_after
        COUNTS[f"PostgreSQL socket {fault}"] += 1
    proxy.fault = ""
    store.check()
    assert [each.id for each in store.page()[0]] == ([job.id] if job else [])
    assert create_in(store).total == 1
    assert store.queue.claim("me") is not None


def test_those_who_wait_for_a_silent_database_share_its_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened one after another, twenty callers would wait twenty times as long."""
    database, opened = Database(Settings(data_dir=str(tmp_path))), list[bool]()

    def fails() -> None:
        opened.append(True)
        raise StorageUnavailable(retry_after=5)

    monkeypatch.setattr(database, "_open", fails)
    with pytest.raises(StorageUnavailable):
        _ = database.engine
    database._failed_at += 1_000  # as one sees it who has asked before
    with pytest.raises(StorageUnavailable):
        _ = database.engine
    assert opened == [True]
    database._failed_at -= 2_000
    with pytest.raises(StorageUnavailable):
        _ = database.engine
    assert opened == [True, True]


@pytest.fixture
def redis(redis_installed: None) -> Iterator[Running]:
    with redis_server() as running:
        yield running


@pytest.mark.logs("a broker that is away is logged once")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_broker_that_fails(fault: str, redis: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are accepted, the state names the broker, and items are announced again when it is back."""
    monkeypatch.setattr("service.jobs.backends.celery.TIMEOUT", 1.0)
    with broken_proxy(redis.port) as proxy:
        url = f"redis://127.0.0.1:{proxy.port}/0"
        settings = Settings(data_dir=str(tmp_path), backend="celery", broker_url=url)
        store = JobStore(settings, open_store(settings))
        backend = open_backend(settings, store, ScriptedConverter(settings))
        backend.start()
        proxy.fault = fault
        job = create_in(store, 2)
        backend.announce(store.item_ids(job.id))
        wait_for(lambda: backend.status()["state"] == "broker-unreachable")
        COUNTS[f"Redis socket {fault}"] += 1
        assert store.get(job.id).state == "queued"
        proxy.fault = ""
        wait_for(lambda: backend.status()["state"] == "ok")
        wait_for(lambda: _permits(settings) >= 2)
        backend.stop(0)
        store.close()


def _permits(settings: Settings) -> int:
    """Messages that wait at the broker."""
    from service.jobs.backends.celery import PERMITS, application

    with application(settings).connection_for_read() as connection:
        return int(PERMITS.bind(connection.default_channel).queue_declare().message_count)
