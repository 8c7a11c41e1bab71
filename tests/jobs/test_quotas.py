"""Items of a key that has used up a quota wait in the queue; those of others are not held up."""

from __future__ import annotations

from service.jobs.runner import run_job_item
from service.jobs.store import JobStore
from service.keys import counting
from service.keys.records import Key, Limits
from service.keys.standing import CPU, DAY
from service.keys.store import KeyStore
from tests.jobs import slow
from tests.jobs.conftest import Create, create_in
from tests.jobs.slow import TestWorkshop


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
    run_job_item(claim, store, TestWorkshop(store.settings, slow.made))  # costs nothing: its second is given back
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
        assert counting.take(connection, key.id, CPU, 1, 2, DAY).refused
