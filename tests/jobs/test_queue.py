"""The queue's promises: fair, each item to one runner at a time, late writers refused, no attempt without end."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from service.jobs.locked_job import LockedJob
from service.jobs.queue import Stale
from service.jobs.records import Claim, NewArtifact
from service.jobs.states import ITEM_STATES, JOB_STATES, job_state
from service.jobs.store import JobStore
from service.jobs.tables import COUNTS, clock, items
from service.model.errors import EngineCrashed, TooComplex
from service.model.settings import Settings
from tests.jobs.conftest import Create


def claim(store: JobStore, lease: float = 30) -> Claim:
    found = store.queue.claim("me", lease)
    assert found is not None
    return found


def counted(store: JobStore, job_id: str) -> dict[str, int]:
    """By the items themselves."""
    with store.database.reading() as connection:
        rows = connection.execute(select(items.c.state, func.count()).where(items.c.job_id == job_id).group_by(items.c.state))
        return dict.fromkeys(COUNTS, 0) | dict(tuple(row) for row in rows)


def due_now(store: JobStore) -> None:
    with store.database.writing() as connection:
        connection.execute(update(items).values(not_before=0))


def test_nothing_waits(store: JobStore) -> None:
    assert store.queue.claim("me") is None


def test_a_claim_says_all_that_a_runner_needs(store: JobStore, create: Create) -> None:
    job = create(2, to="pdf", tenant="t")
    first, second = claim(store), claim(store)
    assert (first.source.name, second.source.name) == ("0.md", "1.md")
    assert (first.job_id, first.tenant, first.attempt, first.conversion.to) == (job.id, "t", 1, ("pdf",))
    assert store.blobs.get(first.source.key) == b"# One 0"
    assert store.queue.claim("me") is None
    assert store.get(job.id, "t").state == "running"


def test_jobs_take_turns(store: JobStore, create: Create) -> None:
    """A job of two does not wait until a job of eight is done; each new claim goes to who runs the fewest."""
    big, small = create(8), create(2)
    first = [claim(store) for _ in range(4)]
    assert [each.job_id for each in first] == [big.id, small.id, big.id, small.id]
    for each in first:
        store.queue.finish(each)
    third = create(2)
    turn = []
    for _ in range(4):
        each = claim(store)
        turn.append(each.job_id)
        store.queue.finish(each)
    assert turn.count(third.id) == 2


def test_no_item_goes_to_two(store: JobStore, create: Create) -> None:
    create(15)
    create(15)
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: store.queue.claim("me"), range(40)))
    ids = [each.item_id for each in got if each]
    assert (len(ids), len(set(ids))) == (30, 30)


def test_a_job_is_as_its_items_are(store: JobStore, create: Create) -> None:
    expected = {0: "succeeded", 1: "partial", 3: "failed"}
    for failures, state in expected.items():
        job = create(3)
        for number in range(3):
            store.queue.finish(claim(store), problem=TooComplex() if number < failures else None)
        assert store.get(job.id).state == state
        assert store.get(job.id).expires_at is not None
        assert dict(store.get(job.id).counts) == counted(store, job.id)


def test_a_failed_item_keeps_its_problem(store: JobStore, create: Create) -> None:
    job = create(1)
    store.queue.finish(claim(store), problem=TooComplex("Too deep."))
    (item,) = store.items(job.id)[0]
    assert item.problem == {"code": "too-complex", "detail": "Too deep."}
    assert store.events(job.id)[-2].data["problem"]["code"] == "too-complex"


def test_an_item_ends_once(store: JobStore, create: Create) -> None:
    job = create(2)
    held = claim(store)
    made = [NewArtifact("a", "epub", "a/b", 1, store.blobs.put(b"a"))]
    store.queue.finish(held, produced=made)
    for again in (
        lambda: store.queue.finish(held, produced=made),
        lambda: store.queue.finish(held, problem=TooComplex()),
        lambda: store.queue.release(held),
        lambda: store.queue.retry(held, EngineCrashed()),
    ):
        with pytest.raises(Stale):
            again()
    assert not store.queue.heartbeat(held)
    assert len(list(store.artifacts(job.id))) == 1
    assert dict(store.get(job.id).counts) == counted(store, job.id)


def test_a_lost_lease_goes_to_the_next_and_the_late_writer_is_refused(store: JobStore, create: Create) -> None:
    job = create(1)
    lost = claim(store, lease=-1)
    assert store.queue.claim("other") is None
    assert store.queue.reap() == [lost.item_id]
    assert store.queue.reap() == []
    held = claim(store)
    assert (held.item_id, held.attempt) == (lost.item_id, 2)
    assert held.fence > lost.fence
    made = [NewArtifact("late", "epub", "a/b", 1, store.blobs.put(b"late"))]
    with pytest.raises(Stale):
        store.queue.finish(lost, produced=made)
    assert not store.queue.heartbeat(lost)
    assert store.queue.heartbeat(held)
    store.queue.finish(held)
    assert list(store.artifacts(job.id)) == []
    assert store.totals()["retries"] == 1


def test_heartbeats_keep_the_lease(store: JobStore, create: Create) -> None:
    create(1)
    held = claim(store, lease=600)
    for _ in range(4):
        with store.database.writing() as connection:
            connection.execute(update(items).values(lease_until=clock() + 1))
        assert store.queue.heartbeat(held)
        with store.database.reading() as connection:
            assert connection.execute(select(items.c.lease_until - clock())).scalar_one() > 300
    assert store.queue.reap() == []


def test_attempts_end(store: JobStore, create: Create) -> None:
    job = create(1)
    for _ in range(3):
        claim(store, lease=-1)
        assert len(store.queue.reap()) == 1
    assert store.queue.claim("me") is None
    (item,) = store.items(job.id)[0]
    assert item.state == "failed" and item.problem is not None
    assert (item.attempts, item.problem["code"]) == (3, "engine-crashed")
    assert store.get(job.id).state == "failed"


def test_a_retry_waits_and_counts(store: JobStore, create: Create) -> None:
    job = create(1)
    for _ in range(3):
        due_now(store)
        store.queue.retry(claim(store), EngineCrashed("It died."))
        assert store.queue.claim("me") is None  # not yet, or never again
    (item,) = store.items(job.id)[0]
    assert item.state == "failed" and item.problem is not None
    assert item.problem["detail"] == "It died."


def test_an_item_that_waits_holds_up_no_other_job(store: JobStore, create: Create) -> None:
    create(1)
    store.queue.retry(claim(store), EngineCrashed())
    other = create(1)
    assert claim(store).job_id == other.id


def test_what_is_handed_back_has_not_been_tried(store: JobStore, create: Create) -> None:
    job = create(1)
    for _ in range(5):
        store.queue.release(claim(store))
    held = claim(store)
    assert held.attempt == 1
    store.queue.finish(held)
    assert store.get(job.id).state == "succeeded"


def test_cancelled_and_erased_work_is_refused(store: JobStore, create: Create) -> None:
    for end in (store.cancel, store.erase):
        job = create(1)
        held = claim(store)
        end(job.id)
        assert not store.queue.heartbeat(held)
        with pytest.raises(Stale):
            store.queue.finish(held)


def test_depth(store: JobStore, create: Create) -> None:
    assert (store.depth().queued, store.depth().running, store.depth().oldest) == (0, 0, 0.0)
    create(3)
    claim(store)
    time.sleep(0.05)
    depth = store.depth()
    assert (depth.queued, depth.running) == (2, 1)
    assert depth.oldest > 0
    assert len(store.queue.waiting(10)) == 2
    assert store.retry_after() >= 1


# The state table


@pytest.mark.parametrize(("before", "after"), list(itertools.product(ITEM_STATES, repeat=2)))
def test_only_what_the_table_allows(store: JobStore, create: Create, before: str, after: str) -> None:
    row = dict.fromkeys(COUNTS, 1) | {"id": "j", "now": 0.0, "state": "running", "last_event": 0}
    with store.database.writing() as connection:
        job = LockedJob(connection, row, 1.0)
        if after in ITEM_STATES[before]:
            job.move(before, after)
            assert (job.counts[before], job.counts[after]) == (0, 2)
        else:
            with pytest.raises(ValueError, match="does not go"):
                job.move(before, after)


def test_every_state_is_reached_and_left() -> None:
    assert set(ITEM_STATES) == set(COUNTS)
    assert set().union(*ITEM_STATES.values()) == set(ITEM_STATES)
    assert [state for state, next_states in ITEM_STATES.items() if not next_states] == ["expired"]


def test_every_mix_of_items_is_a_state_of_the_job() -> None:
    found = set()
    for numbers in itertools.product(range(2), repeat=len(COUNTS)):
        counts = dict(zip(COUNTS, numbers, strict=True))
        found |= {job_state(counts, started) for started in (False, True)}
    assert found == set(JOB_STATES)


def test_settings_are_the_queues(job_settings: Settings, store: JobStore, create: Create) -> None:
    create(1)
    held = store.queue.claim("me")
    assert held is not None
    assert held.lease == job_settings.lease
