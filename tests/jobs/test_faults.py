"""Each statement and commit of the job store fails in turn, on both databases: all or nothing, a clear error, then it works."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from service.jobs.purge import purge
from service.jobs.queue import Stale
from service.jobs.records import NewArtifact
from service.jobs.store import JobStore
from service.model.errors import EngineCrashed, StorageFull, StorageUnavailable, TooComplex
from tests.faults import DATABASE_FAULTS, in_turn, of_database
from tests.jobs.conftest import Create, new_job
from tests.jobs.test_queue import claim, counted, due_now

CLEAR = (StorageFull, StorageUnavailable)
FAULTS = pytest.mark.parametrize("fault", DATABASE_FAULTS)
Operation = Callable[[], object]


def made(store: JobStore) -> NewArtifact:
    return NewArtifact("a.epub", "epub", "a/b", 1, store.blobs.put(b"a"))


def creating(store: JobStore, create: Create) -> Operation:
    new = new_job(store, 3)
    return lambda: store.create(new)


def claiming(store: JobStore, create: Create) -> Operation:
    create(2)
    return lambda: store.queue.claim("me")


def beating(store: JobStore, create: Create) -> Operation:
    create(1)
    held = claim(store)
    return lambda: store.queue.heartbeat(held)


def finishing(store: JobStore, create: Create) -> Operation:
    create(2, webhook_url="https://receiver.example/", webhook_secrets=["s"])
    held = claim(store)
    produced = [made(store)]
    return lambda: store.queue.finish(held, produced=produced)


def failing(store: JobStore, create: Create) -> Operation:
    create(1)
    held = claim(store)
    return lambda: store.queue.finish(held, problem=TooComplex())


def retrying(store: JobStore, create: Create) -> Operation:
    create(1)
    held = claim(store)
    return lambda: store.queue.retry(held, EngineCrashed())


def releasing(store: JobStore, create: Create) -> Operation:
    create(1)
    held = claim(store)
    return lambda: store.queue.release(held)


def reaping(store: JobStore, create: Create) -> Operation:
    create(1)
    claim(store, lease=-1)
    return store.queue.reap


def cancelling(store: JobStore, create: Create) -> Operation:
    job = create(2)
    claim(store)
    return lambda: store.cancel(job.id)


def erasing(store: JobStore, create: Create) -> Operation:
    job = create(2)
    return lambda: store.erase(job.id)


def purging(store: JobStore, create: Create) -> Operation:
    create(1)
    return lambda: purge(store)


def paging(store: JobStore, create: Create) -> Operation:
    create(1)
    return store.page


def checking(store: JobStore, create: Create) -> Operation:
    return store.check


OPERATIONS = (
    creating, claiming, beating, finishing, failing, retrying, releasing, reaping, cancelling, erasing, purging, paging, checking,
)  # fmt: skip


def consistent(store: JobStore) -> None:
    """The counts of the job equal those of its items; only items that succeeded have artifacts."""
    for job in store.page(limit=1_000)[0]:
        assert dict(job.counts) == counted(store, job.id)
        for item in store.items(job.id)[0]:
            assert bool(item.artifacts) <= (item.state == "succeeded")


@FAULTS
@pytest.mark.parametrize("prepare", OPERATIONS)
def test_job_store(
    prepare: Callable[[JobStore, Create], Operation], fault: str, store: JobStore, create: Create, count_faults: list[Any]
) -> None:
    engine = store.database.engine
    for faults in in_turn(DATABASE_FAULTS[fault](engine.dialect.name)):
        operation = prepare(store, create)
        before = len(store.page(limit=1_000)[0])
        with of_database(engine, faults):
            if faults.at == 1:
                with pytest.raises(CLEAR) as caught:
                    operation()
                assert caught.value.status in (503, 507)
            else:
                with contextlib.suppress(*CLEAR):
                    operation()
        consistent(store)
        if prepare is creating and faults.struck:
            assert len(store.page(limit=1_000)[0]) == before
        with contextlib.suppress(Stale):  # it was done, when the fault came after it
            operation()
        consistent(store)
        due_now(store)
        while (held := store.queue.claim("me")) is not None:
            store.queue.finish(held)
        count_faults.append(faults.struck)


@pytest.fixture
def count_faults() -> Any:
    found: list[bool] = []
    yield found
    assert sum(found) >= 1
