"""Items of a key that has used up a quota wait in the queue, and no more come in than it may have; others are not held up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.jobs.keys import quota_counts
from service.jobs.keys.rate_limits import CPU, DAY
from service.jobs.keys.records import Key, Limits
from service.jobs.keys.store import KeyStore
from service.jobs.runner import run_job_item
from service.jobs.store import JobStore
from service.model.errors import QuotaExceeded
from service.model.settings import Settings
from tests.jobs import slow
from tests.jobs.conftest import Create, create_in, new_job
from tests.jobs.slow import ScriptedConverter
from tests.racers import raced

# Waits for the word, then makes jobs of two items for a key as long as it may, and says how many items it got in.
RACER = """
import contextlib, sys
from service.model.settings import Settings
from service.model.errors import QuotaExceeded
from service.jobs.store import JobStore
from service.storage import open_store
from tests.jobs.conftest import create_in
settings = Settings(data_dir=sys.argv[1], database_url=sys.argv[2])
store = JobStore(settings, open_store(settings))
store.check()
print("ready", flush=True)
sys.stdin.readline()
got = 0
for _ in range(6):
    with contextlib.suppress(QuotaExceeded):
        got += create_in(store, 2, tenant=sys.argv[3]).total
print(got, flush=True)
"""


def made(store: JobStore, **limits: int) -> Key:
    return KeyStore(store.database).create("test", ("jobs",), Limits(**limits))[0]


def test_no_more_items_at_once_than_the_key_may_have(store: JobStore, create: Create) -> None:
    bounded = create(3, tenant=made(store, conversions=1).id)
    free = create(2)
    claims = [store.queue.claim("me") for _ in range(5)]
    taken = [claim.job_id for claim in claims if claim]
    assert (taken.count(bounded.id), taken.count(free.id)) == (1, 2)
    (first,) = [claim for claim in claims if claim and claim.job_id == bounded.id]
    store.queue.finish(first)
    again = store.queue.claim("me")
    assert again is not None and again.job_id == bounded.id
    assert store.queue.claim("me") is None


def test_a_request_and_an_item_share_the_places(store: JobStore) -> None:
    key = made(store, conversions=1)
    create_in(store, 1, tenant=key.id)
    with store.quotas.conversion(key):
        assert store.queue.claim("me") is None
    claim = store.queue.claim("me")
    assert claim is not None
    assert [each.refused for each in store.quotas.standings(key)] == [True]
    store.queue.finish(claim)


def test_items_wait_for_the_next_window(store: JobStore) -> None:
    key = made(store, cpu_seconds=1)
    create_in(store, 2, tenant=key.id)
    claim = store.queue.claim("me")
    assert claim is not None
    assert store.queue.claim("me") is None
    run_job_item(claim, store, ScriptedConverter(store.settings, slow.made))  # costs nothing: its second is given back
    assert store.queue.claim("me") is not None


def test_what_ran_is_charged(store: JobStore) -> None:
    key = made(store, cpu_seconds=10)
    create_in(store, 1, tenant=key.id)
    claim = store.queue.claim("me")
    assert claim is not None
    store.quotas.settle(key.id, 4.0)
    assert [each.left for each in store.quotas.standings(key)] == [6]


def test_the_last_second_is_given_once(store: JobStore) -> None:
    key = made(store, cpu_seconds=2)
    create_in(store, 3, tenant=key.id)
    assert [store.queue.claim("me") is not None for _ in range(3)] == [True, True, False]
    with store.database.writing() as connection:
        assert quota_counts.take(connection, key.id, CPU, 1, 2, DAY).refused


def test_no_more_unfinished_items_than_the_key_may_have(store: JobStore, create: Create) -> None:
    key = made(store, queued=3)
    first = create(2, tenant=key.id)
    with pytest.raises(QuotaExceeded, match="3 items of jobs that have not ended") as caught:
        create(2, tenant=key.id)
    assert caught.value.extra == {"quota": "queued", "limit": 3}
    assert [each.as_dict() for each in caught.value.places] == [
        {"pointer": "/file", "detail": "2 items, and the key has room for 1."}
    ]
    assert caught.value.retry_after == 10
    assert create(1, tenant=key.id).total == 1
    assert store.quotas.queued(key).refused
    create(5)
    create(3, tenant=made(store, queued=3).id)
    claim = store.queue.claim("me")
    assert claim is not None and claim.job_id == first.id
    with pytest.raises(QuotaExceeded):  # what runs has not ended
        create(1, tenant=key.id)
    store.queue.finish(claim)
    assert store.quotas.queued(key).left == 1
    store.cancel(first.id)
    assert create(2, tenant=key.id).total == 2
    assert store.page(key.id)[0][0].total == 2, "what was refused has left nothing"


def test_a_job_that_could_never_fit(store: JobStore, create: Create) -> None:
    with pytest.raises(QuotaExceeded) as caught:
        create(3, tenant=made(store, queued=2).id)
    assert caught.value.places[0].detail == "3 items, and the key has room for 2."
    assert caught.value.retry_after is None


def test_the_same_request_again_is_the_same_job(store: JobStore) -> None:
    new = new_job(store, 2, tenant=made(store, queued=2).id, idempotency_key="one")
    assert store.create(new)[0].id == store.create(new)[0].id
    with pytest.raises(QuotaExceeded):
        store.create(replace(new, idempotency_key="two"))
    store.reserve(new.tenant, "two")  # nothing of it was kept


def test_a_key_without_such_a_limit_has_that_of_the_settings(job_settings: Settings, store: JobStore) -> None:
    bounded = JobStore(replace(job_settings, key_queued=2), store.blobs)
    key, own = made(store), made(store, queued=3)
    for each, limit in ((key, 2), (own, 3)):
        with pytest.raises(QuotaExceeded):
            create_in(bounded, limit + 1, tenant=each.id)
        assert create_in(bounded, limit, tenant=each.id).total == limit
    assert create_in(bounded, 4).total == 4, "jobs without a key have no limit"
    assert create_in(store, 4, tenant=key.id).total == 4
    bounded.close()


def test_processes_that_race_get_in_what_may_be_and_no_more(job_settings: Settings, store: JobStore) -> None:
    key = made(store, queued=7)
    got = raced(RACER, job_settings.data_dir, job_settings.database_url, key.id)
    assert sum(got) == 6
    assert store.quotas.queued(key).left == 1
