"""A clock that is set forward or back costs no item its runner, and keeps no item of a dead one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from service.jobs import idempotency, tables
from service.jobs.keys.records import Key, Limits
from service.jobs.leases import Lease, Leases
from service.jobs.store import JobStore
from service.jobs.tables import items
from service.model.errors import EngineCrashed, IdempotencyConflict
from tests.jobs.conftest import Create
from tests.jobs.test_queue import claim

HOUR = 3_600.0
Set = Callable[[float], None]


class Times:
    """A clock of the database and one of our own, which pass together but where the first is set."""

    def __init__(self) -> None:
        self.wall, self.own = 1_000_000.0, 0.0
        self.leases = Leases(15, lambda: self.own)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.own += seconds

    def ended(self, *running: Lease) -> bool:
        return bool(self.leases.ended(running, self.wall))

    def lease(self) -> Lease:
        return Lease("item", "job", 1, self.wall + 15)


def test_a_dead_runner_is_seen_when_its_lease_ends() -> None:
    times = Times()
    lease = times.lease()
    for _ in range(7):
        assert not times.ended(lease)
        times.passes(2)
    times.passes(2)
    assert times.ended(lease)


@pytest.mark.parametrize("jump", [-HOUR, -20, 20, HOUR, 400 * 24 * HOUR])
def test_a_live_runner_keeps_its_item_when_the_clock_is_set(jump: float) -> None:
    times = Times()
    lease = times.lease()
    for tick in range(30):
        if tick % 3 == 0:
            lease = times.lease()  # its heartbeat, each five or six seconds
        if tick == 10:
            times.wall += jump
        assert not times.ended(lease)
        times.passes(2)


@pytest.mark.parametrize("jump", [-HOUR, -20, 20, HOUR])
def test_a_dead_runner_is_seen_within_a_lease_whatever_the_clock_says(jump: float) -> None:
    times = Times()
    lease = times.lease()
    times.ended(lease)
    times.passes(2)
    times.wall += jump
    looks = 0
    while not times.ended(lease):
        times.passes(2)
        looks += 1
    assert looks <= 9


def test_who_starts_after_the_clock_was_set_forward_takes_nothing_from_who_lives() -> None:
    times = Times()
    lease = times.lease()
    times.wall += HOUR
    for _ in range(2):
        assert not times.ended(lease)
        times.passes(2)
    assert not times.ended(times.lease())


@pytest.fixture
def set_clock(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """Sets the database's clock, as all statements read it, by that number of seconds."""
    name = f"_{store.database.engine.dialect.name}_clock"
    real = getattr(tables, name)()
    ahead = {"seconds": 0.0}

    def compiled(*_: object, **__: object) -> str:
        return f"({real} + ({ahead['seconds']!r}))"

    tables.compiles(tables.clock, store.database.engine.dialect.name)(compiled)

    def to(seconds: float) -> None:
        ahead["seconds"] = seconds
        store.database.close()  # statements are compiled again

    yield to
    tables.compiles(tables.clock, store.database.engine.dialect.name)(getattr(tables, name))


def test_items_of_a_dead_runner_come_back_though_the_clock_was_set_back(store: JobStore, create: Create, set_clock: Set) -> None:
    create(1)
    lost = claim(store)
    own = {"seconds": 0.0}
    store.queue._leases = Leases(15, lambda: own["seconds"])
    assert store.queue.reap() == []
    set_clock(-HOUR)
    own["seconds"] += 16
    assert store.queue.reap() == [lost.item_id]
    assert claim(store).attempt == 2


def test_a_live_runner_keeps_its_item_in_the_store_too(store: JobStore, create: Create, set_clock: Set) -> None:
    create(1)
    held = claim(store, lease=15)
    assert store.queue.reap() == []
    set_clock(HOUR)
    assert store.queue.reap() == []
    assert store.queue.heartbeat(held)
    assert store.queue.reap() == []
    store.queue.finish(held)


def test_an_item_that_waits_for_its_second_try_does_not_wait_for_the_clock(
    store: JobStore, create: Create, set_clock: Set
) -> None:
    create(1)
    store.queue.retry(claim(store), EngineCrashed())
    assert store.queue.claim("me") is None
    set_clock(-HOUR)
    assert store.queue.waiting(5)
    assert claim(store).attempt == 2


def test_a_webhook_does_not_wait_for_the_clock(store: JobStore, create: Create, set_clock: Set) -> None:
    create(1, webhook_url="https://a.example/hook")
    store.queue.finish(claim(store))
    set_clock(-HOUR)
    (owed,) = store.due_deliveries()
    assert store.due_deliveries() == []  # it is taken
    set_clock(-2 * HOUR)
    assert [each.id for each in store.due_deliveries()] == [owed.id]  # who took it died


def test_an_idempotency_key_is_not_reserved_for_longer_than_it_may_be(store: JobStore, set_clock: Set) -> None:
    with store.database.writing() as connection:
        idempotency.reserve(connection, "", "k")
    with pytest.raises(IdempotencyConflict), store.database.writing() as connection:
        idempotency.reserve(connection, "", "k")
    set_clock(-HOUR)
    with store.database.writing() as connection:
        idempotency.reserve(connection, "", "k")


def test_quotas_begin_again_when_the_clock_was_set_back(store: JobStore, set_clock: Set) -> None:
    key = Key("key_1", "name", ("convert",), Limits(requests=1), datetime.now(UTC))
    assert not store.quotas.request(key).refused  # type: ignore[union-attr]
    assert store.quotas.request(key).refused  # type: ignore[union-attr]
    set_clock(-HOUR)
    assert not store.quotas.request(key).refused  # type: ignore[union-attr]


def test_lost_rows_do_not_end_a_lease_twice(store: JobStore, create: Create) -> None:
    create(1)
    lost = claim(store, lease=-1)
    with store.database.writing() as connection:
        connection.execute(update(items).values(lease_until=time.time() + 60))
    assert store.queue.reap() == []
    store.queue.finish(lost)
