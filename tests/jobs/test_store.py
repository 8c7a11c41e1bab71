"""Accepted jobs are kept, reported and removed, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from service.jobs.records import NewArtifact
from service.jobs.store import JobStore
from service.model.errors import Gone, IdempotencyConflict, IdempotencyKeyReused, NotFound, QueueFull, TooLarge
from service.model.settings import Settings
from service.storage import open_store
from tests.jobs.conftest import Create, new_job


def test_a_job_is_what_was_asked_for(store: JobStore, create: Create) -> None:
    job = create(3, name="three", webhook_url="https://a.example/hook")
    assert (job.state, job.total, job.counts["queued"], job.name) == ("queued", 3, 3, "three")
    assert job.conversion.to == ("epub",)
    assert job.created_at.tzinfo is not None
    assert store.get(job.id) == job
    items, cursor = store.items(job.id)
    assert [(each.position, each.name, each.state, each.attempts) for each in items] == [
        (number, f"{number}.md", "queued", 0) for number in range(3)
    ]
    assert cursor is None
    assert store.item_ids(job.id) == [each.id for each in items]
    assert store.blobs.get(items[1].source_key) == b"# One 1"


def test_it_survives_the_process(store: JobStore, create: Create, job_settings: Settings) -> None:
    job = create(2)
    store.close()
    again = JobStore(job_settings, store.blobs)
    assert again.get(job.id) == job
    again.close()


def test_another_tenants_job_is_not_there(store: JobStore, create: Create) -> None:
    job = create(tenant="a")
    assert store.get(job.id, "a").id == job.id
    for tenant in ("", "b"):
        with pytest.raises(NotFound):
            store.get(job.id, tenant)
    with pytest.raises(NotFound):
        store.get("job_0")


def test_pages_go_from_new_to_old(store: JobStore, create: Create) -> None:
    made = [create().id for _ in range(5)]
    create(tenant="other")
    first, cursor = store.page(limit=3)
    second, end = store.page(cursor=cursor, limit=3)
    assert [job.id for job in first + second] == sorted(made, reverse=True)
    assert end is None
    store.cancel(made[0])
    assert [job.id for job in store.page(state="cancelled")[0]] == made[:1]


def test_items_come_in_pages_with_their_artifacts(store: JobStore, create: Create) -> None:
    job = create(5)
    for _ in range(5):
        claim = store.queue.claim("me")
        assert claim is not None
        key = store.blobs.put(claim.item_id.encode())
        made = [NewArtifact(f"{form}", form, "a/b", 3, key, {"a": 1}, [{"code": "x"}]) for form in ("pdf", "epub")]
        store.queue.finish(claim, produced=made, notices=[{"code": "n"}], metadata={"title": "T\0"})
    first, cursor = store.items(job.id, limit=2)
    rest, end = store.items(job.id, cursor, 10)
    assert ([each.position for each in first], [each.position for each in rest], end) == ([0, 1], [2, 3, 4], None)
    assert [[made.format for made in each.artifacts] for each in first] == [["pdf", "epub"]] * 2
    assert first[0].metadata == {"title": "T\0"}
    assert first[0].notices == [{"code": "n"}]
    everything = list(store.artifacts(job.id, at_once=2))
    assert len(everything) == 10
    assert store.artifact(job.id, everything[3].id) == everything[3]
    assert everything[3].notices == [{"code": "x"}]
    with pytest.raises(NotFound):
        store.artifact("job_0", everything[3].id)


def test_the_same_key_and_body_give_the_same_job(store: JobStore) -> None:
    new = new_job(store, idempotency_key="k", fingerprint="f")
    first, made = store.create(new)
    second, again = store.create(new)
    assert (made, again, second.id) == (True, False, first.id)
    assert store.create(replace(new, tenant="other"))[1]
    with pytest.raises(IdempotencyKeyReused):
        store.create(replace(new, fingerprint="g"))
    store.erase(first.id)
    assert store.create(replace(new, fingerprint="g"))[1]


def test_many_at_once_with_the_same_key_make_one_job(store: JobStore) -> None:
    new = new_job(store, idempotency_key="k", fingerprint="f")
    with ThreadPoolExecutor(6) as threads:
        made = [call.result() for call in [threads.submit(store.create, new) for _ in range(12)]]
    assert len({job.id for job, _ in made}) == 1
    assert sum(now for _, now in made) == 1


def test_a_key_under_way_is_a_conflict(store: JobStore) -> None:
    store.reserve("", "k")
    with pytest.raises(IdempotencyConflict) as caught:
        store.reserve("", "k")
    assert caught.value.retry_after
    store.abandon("", "k")
    store.reserve("", "k")
    store.create(new_job(store, idempotency_key="k", fingerprint="f"))
    store.reserve("", "k")  # it has its job: `create` compares the bodies
    store.abandon("", "k")
    assert not store.create(new_job(store, idempotency_key="k", fingerprint="f"))[1]


def test_a_full_queue_takes_no_more_and_says_when(job_settings: Settings) -> None:
    settings = replace(job_settings, queue_items=4)
    store = JobStore(settings, open_store(settings))
    with pytest.raises(TooLarge):
        store.create(new_job(store, 5))
    store.create(new_job(store, 3))
    with pytest.raises(QueueFull) as caught:
        store.create(new_job(store, 2, text="late"))
    assert caught.value.retry_after and caught.value.retry_after >= 1
    assert len(store.page()[0]) == 1
    claim = store.queue.claim("me")
    assert claim is not None
    store.create(new_job(store, 2, text="late"))
    store.close()


def test_cancel_ends_what_has_not_ended(store: JobStore, create: Create) -> None:
    job = create(3)
    for problem in (None, None):
        claim = store.queue.claim("me")
        assert claim is not None
        if claim.source.name == "0.md":
            store.queue.finish(claim, problem=problem)
    store.cancel(job.id)
    assert dict(store.get(job.id).counts) == {
        "queued": 0,
        "running": 0,
        "succeeded": 1,
        "failed": 0,
        "cancelled": 2,
        "expired": 0,
    }
    assert store.get(job.id).state == "cancelled"
    before = store.events(job.id)
    store.cancel(job.id)
    assert store.events(job.id) == before
    with pytest.raises(NotFound):
        store.cancel("job_0")


def test_erase_leaves_nothing_but_what_others_hold(store: JobStore, create: Create) -> None:
    job, other = create(2), create(1)  # they share the source 0.md
    claim = store.queue.claim("me")
    assert claim is not None and claim.job_id == job.id
    store.queue.finish(claim, produced=[NewArtifact("a", "epub", "a/b", 1, store.blobs.put(b"an artifact"))])
    store.erase(job.id)
    with pytest.raises(NotFound):
        store.get(job.id)
    assert store.events(job.id) == [] and store.items(job.id) == ([], None)
    (kept,) = store.items(other.id)[0]
    assert list(store.blobs.keys(-10)) == [kept.source_key]
    store.erase(job.id)
    store.erase(other.id)
    assert list(store.blobs.keys(-10)) == []


def test_events_tell_the_whole_story_in_order(store: JobStore, create: Create) -> None:
    job = create(1)
    claim = store.queue.claim("me")
    assert claim is not None
    store.queue.finish(claim)
    events = store.events(job.id)
    reported = ["job.created", "item.running", "job.running", "item.succeeded", "job.succeeded"]
    assert [(event.id, event.kind) for event in events] == list(enumerate(reported, 1))
    assert [event.id for event in store.events(job.id, after=3)] == [4, 5]
    assert events[3].data["item_id"] == claim.item_id


def test_a_webhook_is_owed_from_the_moment_of_the_change(store: JobStore, create: Create) -> None:
    job = create(1, webhook_url="https://a.example/hook", webhook_secrets=["whsec_new", "whsec_old"])
    assert store.due_deliveries() == []
    claim = store.queue.claim("me")
    assert claim is not None
    store.queue.finish(claim)
    (owed,) = store.due_deliveries(lease_seconds=60)
    assert (owed.event, owed.url, owed.secrets) == ("job.succeeded", "https://a.example/hook", ("whsec_new", "whsec_old"))
    assert owed.data["counts"]["succeeded"] == 1
    assert store.due_deliveries() == []  # it is taken
    assert store.record_attempt(owed, 500, "no", next_at=owed.at)
    assert not store.record_attempt(owed, 200, "", None)  # someone else has recorded this attempt
    (again,) = store.due_deliveries()
    assert store.record_attempt(again, 204, "", None)
    (log,) = store.deliveries(job.id)
    assert (log.state, log.attempts, log.last_status, log.secrets) == ("delivered", 2, 204, ())
    assert "whsec" not in repr(owed)


def test_a_job_without_a_webhook_owes_none(store: JobStore, create: Create) -> None:
    job = create(1)
    store.cancel(job.id)
    assert store.deliveries(job.id) == []


@pytest.mark.parametrize("tenant", ["", "a"])
def test_an_expired_job_is_gone(store: JobStore, create: Create, tenant: str) -> None:
    from sqlalchemy import update

    from service.jobs.tables import jobs

    job = create(1, tenant=tenant)
    with store.database.writing() as connection:
        connection.execute(update(jobs).values(state="expired"))
    with pytest.raises(Gone):
        store.get(job.id, tenant)
