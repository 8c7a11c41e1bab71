"""The ends of items: failures with and without a cost of an attempt, and refused owners."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from service.conversion.driver import Outcome
from service.jobs import runner
from service.jobs.queue import Queue
from service.jobs.records import Claim
from service.jobs.runner import Runner, run_job_item
from service.jobs.store import JobStore
from service.jobs.tables import items
from service.model.document import Conversion, Source
from service.model.errors import DeadlineExceeded, EngineCrashed, QueueFull, StorageFull, StorageUnavailable, TooComplex
from service.model.settings import Settings
from service.telemetry import timings
from service.workers.cancellation import Cancellation, Cancelled
from tests.jobs import slow
from tests.jobs.conftest import Create
from tests.jobs.slow import ScriptedConverter, backend_of
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent


def claim(store: JobStore) -> Claim:
    with store.database.writing() as connection:
        connection.execute(update(items).values(not_before=0))
    found = store.queue.claim("me")
    assert found is not None
    return found


def raising(error: Exception) -> Callable[[Source, Conversion], Outcome]:
    def convert(source: Source, conversion: Conversion) -> Outcome:
        raise error

    return convert


def run(store: JobStore, convert: Callable[[Source, Conversion], Outcome] = slow.made) -> str:
    return run_job_item(claim(store), store, ScriptedConverter(store.settings, convert))


@pytest.mark.parametrize(("length", "reported"), [(runner.LONG, True), (runner.LONG - 1, False)])
def test_stages_of_a_long_document_are_events(store: JobStore, create: Create, length: int, reported: bool) -> None:
    def convert(source: Source, conversion: Conversion) -> Outcome:
        with timings.stage("wait"), timings.stage("write", "epub"):
            return slow.made(source, conversion)

    job = create(1, text="x" * (length - len(" 0")))
    assert run(store, convert) == "succeeded"
    stages = [event.data for event in store.events(job.id) if event.kind == "item.stage"]
    assert [(each["stage"], each["target"], each["ended"]) for each in stages] == (
        [("write", "epub", False), ("write", "epub", True)] if reported else []
    )


def test_an_item_becomes_artifacts(store: JobStore, create: Create) -> None:
    job = create(1)
    assert run(store) == "succeeded"
    (item,) = store.items(job.id)[0]
    (artifact,) = item.artifacts
    assert store.blobs.get(artifact.sha256) == b"epub# One 0"
    assert (artifact.name, artifact.size, item.metadata) == ("0.md.epub", 11, {"title": "0.md"})
    assert store.get(job.id).state == "succeeded"


@pytest.mark.parametrize("error", [TooComplex("Deep."), DeadlineExceeded()])
def test_what_no_second_try_betters_ends_the_item(store: JobStore, create: Create, error: Exception) -> None:
    job = create(1)
    assert run(store, raising(error)) == "failed"
    (item,) = store.items(job.id)[0]
    assert (item.state, item.attempts, item.problem and item.problem["code"]) == ("failed", 1, error.code)  # type: ignore[attr-defined]


@pytest.mark.logs("an unexpected error is logged")
@pytest.mark.parametrize("error", [EngineCrashed("It died."), ZeroDivisionError()])
def test_a_crash_is_tried_three_times(store: JobStore, create: Create, error: Exception) -> None:
    job = create(1)
    assert [run(store, raising(error)) for _ in range(3)] == ["retried"] * 3
    (item,) = store.items(job.id)[0]
    assert (item.state, item.attempts) == ("failed", 3)
    assert store.totals() == {"items_failed": 1, "retries": 2}


@pytest.mark.parametrize("error", [QueueFull(), StorageUnavailable(), StorageFull()])
def test_what_is_not_the_items_fault_costs_no_attempt(store: JobStore, create: Create, error: Exception) -> None:
    job = create(1)
    assert [run(store, raising(error)) for _ in range(5)] == ["released"] * 5
    assert run(store) == "succeeded"
    assert store.items(job.id)[0][0].attempts == 1


def test_a_source_that_is_gone_fails_its_item_only(store: JobStore, create: Create) -> None:
    job = create(2)
    store.blobs.delete(store.items(job.id)[0][0].source_key)
    assert [run(store), run(store)] == ["failed", "succeeded"]
    assert store.get(job.id).state == "partial"
    assert store.items(job.id)[0][0].problem == {"code": "gone", "detail": "The file has expired and was removed."}


@pytest.mark.parametrize("end", ["cancel", "erase"])
def test_work_for_no_one_is_dropped(store: JobStore, create: Create, end: str) -> None:
    job = create(1)

    def convert(source: Source, conversion: Conversion) -> Outcome:
        getattr(store, end)(job.id)
        return slow.made(source, conversion)

    assert run(store, convert) == "lost"
    assert list(store.artifacts(job.id)) == []


def test_a_database_that_is_away_for_a_moment_costs_nothing(
    store: JobStore, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = create(1)
    real, failures = Queue.finish, iter([StorageUnavailable(), StorageFull()])

    def finish(queue: Queue, claim: Claim, **values: object) -> None:
        for error in failures:
            raise error
        real(queue, claim, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Queue, "finish", finish)
    assert run(store) == "succeeded"
    assert store.items(job.id)[0][0].attempts == 1


def test_a_stopped_worker_that_wakes_after_its_lease_is_refused(store: JobStore, create: Create) -> None:
    """SIGSTOP, the lease ends, another takes the item; SIGCONT: the late result is not written."""
    job = create(1)
    folder = Path(store.settings.data_dir)
    argv = [sys.executable, "-m", "tests.jobs.slow", str(folder), store.settings.database_url]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as sleeper:
        try:
            wait_for((folder / "started").exists)
            os.kill(sleeper.pid, signal.SIGSTOP)
            wait_for(store.queue.reap)
            held = claim(store)
            assert held.attempt == 2
            (folder / "go").touch()
            os.kill(sleeper.pid, signal.SIGCONT)
            said, _ = sleeper.communicate(timeout=30)
        finally:
            sleeper.kill()
    assert said.strip() == "lost"
    assert list(store.artifacts(job.id)) == []
    assert run_job_item(held, store, ScriptedConverter(store.settings)) == "succeeded"
    assert len(list(store.artifacts(job.id))) == 1
    assert [event.kind for event in store.events(job.id)].count("item.succeeded") == 1


def test_a_worker_that_works_keeps_its_lease(
    job_settings: Settings, store: JobStore, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runner, "heartbeats", property(lambda runner: 0.05))
    create(1)
    leases: list[float] = []

    def lease() -> float:
        with store.database.reading() as connection:
            return float(connection.execute(select(items.c.lease_until)).scalar_one())

    def convert(source: Source, conversion: Conversion) -> Outcome:
        leases.append(lease())
        for _ in range(3):
            wait_for(lambda: lease() > leases[-1])
            leases.append(lease())
        return slow.made(source, conversion)

    runner = Runner(job_settings, store, ScriptedConverter(job_settings, convert))
    held = runner.claim()
    assert held is not None
    assert runner.run(held) == "succeeded"
    assert len(leases) == 4
    assert store.queue.reap() == []


def test_heartbeats_come_three_times_in_a_lease(job_settings: Settings, store: JobStore) -> None:
    runner = Runner(job_settings, store, ScriptedConverter(job_settings))
    assert runner.heartbeats == job_settings.lease / 3


# The local backend


def test_the_local_backend_runs_what_is_announced_and_what_is_not(store: JobStore, create: Create) -> None:
    left_over = create(2)
    backend = backend_of(store)
    backend.start()
    try:
        new = create(3, text="# Two")
        backend.announce(store.item_ids(new.id))
        wait_for(lambda: {store.get(job.id).state for job in (left_over, new)} == {"succeeded"})
        assert backend.status()["state"] == "ok"
    finally:
        backend.stop(5)


def test_it_takes_back_what_another_lost(store: JobStore, create: Create) -> None:
    job = create(1)
    assert store.queue.claim("killed", lease_seconds=0.1) is not None
    backend = backend_of(store)
    backend.start()
    try:
        wait_for(lambda: store.get(job.id).state == "succeeded")
        assert store.items(job.id)[0][0].attempts == 2
    finally:
        backend.stop(5)


def test_a_drain_lets_end_what_can(store: JobStore, create: Create) -> None:
    job = create(3)
    started = threading.Event()

    def convert(source: Source, conversion: Conversion) -> Outcome:
        started.set()
        wait_for(lambda: backend.runner.closing)
        return slow.made(source, conversion)

    backend = backend_of(store, convert)
    backend.start()
    assert started.wait(20)
    backend.stop(20)
    counts = store.get(job.id).counts
    assert (counts["succeeded"], counts["running"], counts["queued"]) == (1, 0, 2)


@pytest.mark.logs("a late end is reported")
def test_a_drain_hands_back_what_can_not_end(store: JobStore, create: Create) -> None:
    job = create(2)
    started, go = threading.Event(), threading.Event()

    def convert(source: Source, conversion: Conversion) -> Outcome:
        started.set()
        go.wait(30)
        return slow.made(source, conversion)

    backend = backend_of(store, convert)
    backend.start()
    assert started.wait(20)
    backend.stop(0.1)
    found = [(item.state, item.attempts) for item in store.items(job.id)[0]]
    assert found == [("queued", 0), ("queued", 0)]
    go.set()
    wait_for(lambda: backend.runner.running == 0)
    assert list(store.artifacts(job.id)) == []
    assert [run(store), run(store)] == ["succeeded", "succeeded"]


def test_nothing_is_claimed_after_a_stop(store: JobStore, create: Create) -> None:
    backend = backend_of(store)
    backend.start()
    backend.stop(1)
    backend.start()
    job = create(1)
    backend.announce(store.item_ids(job.id))
    threading.Event().wait(0.7)
    assert store.get(job.id).state == "queued"
    assert backend.runner.claim() is None


class Endless(ScriptedConverter):
    """Converts until it is cancelled."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.begun = threading.Event()

    def convert(
        self,
        source: Source,
        conversion: Conversion,
        deadline: float | None,
        cancellation: Cancellation | None = None,
        tenant: str = "",
    ) -> tuple[Outcome, bool]:
        assert cancellation is not None
        self.begun.set()
        wait_for(lambda: cancellation.cancelled)
        raise Cancelled


def test_a_cancelled_job_ends_its_conversion(
    job_settings: Settings, store: JobStore, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runner, "heartbeats", property(lambda runner: 0.05))
    job = create(1)
    converter = Endless(job_settings)
    runner = Runner(job_settings, store, converter)
    held = runner.claim()
    assert held is not None
    said: list[str] = []
    thread = threading.Thread(target=lambda: said.append(runner.run(held)))
    thread.start()
    assert converter.begun.wait(30)
    store.cancel(job.id)
    thread.join(30)
    assert said == ["lost"]
    assert store.get(job.id).state == "cancelled"


def test_what_is_handed_back_is_not_waited_for(job_settings: Settings, store: JobStore, create: Create) -> None:
    job = create(1)
    converter = Endless(job_settings)
    runner = Runner(job_settings, store, converter)
    held = runner.claim()
    assert held is not None
    thread = threading.Thread(target=runner.run, args=(held,))
    thread.start()
    assert converter.begun.wait(30)
    runner.stop(0.1)
    thread.join(30)
    assert not thread.is_alive()
    assert [(item.state, item.attempts) for item in store.items(job.id, None, 10)[0]] == [("queued", 0)]
