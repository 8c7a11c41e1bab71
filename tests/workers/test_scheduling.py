"""Slow calls in real processes move to a bounded number of slow slots, and every slot and process is given back."""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from service.model.errors import DeadlineExceeded, Draining, EngineCrashed, QueueFull
from service.model.settings import Settings
from service.workers import scheduling
from service.workers.cancellation import Cancellation, Cancelled
from service.workers.pool import WorkerPool
from service.workers.scheduling import EARLY, TICK, Scheduler, Slot
from service.workers.worker import NICER, Worker
from tests.waiting import wait_for
from tests.workers.test_pool import MODULE, echo, gone

SLOW_AFTER = 0.2


class Still:
    """A process that takes no CPU, and what was done to it."""

    def __init__(self, done: list[str]) -> None:
        self.done = done

    def slow_down(self) -> None:
        self.done.append("slowed")

    def pause(self) -> None:
        self.done.append("paused")

    def resume(self) -> None:
        self.done.append("resumed")

    def spent(self) -> float:
        return 0.0


class Road:
    """A pool, and calls that take until they are let go."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        given = {"workers": 1, "slow_after": SLOW_AFTER} | settings
        self.folder, self.pool, self.threads = (
            folder,
            WorkerPool(Settings(data_dir=str(folder), **given), MODULE),
            ThreadPoolExecutor(16),
        )

    def linger(self, name: str, deadline: float = 60, cancellation: Cancellation | None = None) -> Future[Any]:
        return self.threads.submit(self.pool.call, "linger", {"file": str(self.folder / name)}, [], deadline, cancellation)

    def let_go(self, name: str) -> None:
        (self.folder / name).touch()

    def slow(self, count: int) -> None:
        wait_for(lambda: self.pool.status()["slow"] == count)

    def books(self) -> dict[str, int]:
        pool, slots = self.pool, self.pool.scheduler
        free = {"quick": slots.quick._free, "slow": slots.slow._free}
        asked = {
            "slowed": slots.slowed,
            "paused": slots.paused,
            "overdue": len(slots.slow._queues),
            "hungry": pool._hungry,
            "starting": pool._starting,
        }
        status = pool.status()
        return free | asked | {"count": pool._count, "idle": status["idle"], "alive": status["alive"]}

    def settled(self) -> None:
        """In the end there are as many workers as at rest, all of them idle, and every slot is free."""
        size, rest = self.pool.size, self.pool.size + self.pool.spares
        no_one = dict.fromkeys(("slowed", "paused", "overdue", "hungry", "starting"), 0)
        wanted = no_one | {"quick": size, "slow": scheduling.SLOW * size, "count": rest, "idle": rest, "alive": rest}
        with contextlib.suppress(AssertionError):
            wait_for(lambda: self.books() == wanted)
        assert self.books() == wanted


@pytest.fixture(autouse=True)
def one_slow_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each quick one: fewer calls fill the scheduler."""
    monkeypatch.setattr(scheduling, "PAUSED", 1)


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    road = Road(tmp_path)
    yield road
    road.pool.stop(0)
    road.threads.shutdown()


def test_a_long_call_does_not_keep_a_short_one_waiting(road: Road) -> None:
    long = road.linger("long")
    road.slow(1)
    first = echo(road.pool)["pid"]
    assert not long.done()
    road.let_go("long")
    answer, _ = long.result(20)
    assert answer["pid"] != first
    road.settled()


def test_a_slow_worker_is_nicer_and_none_is_so_afterwards(road: Road) -> None:
    long = road.linger("long")
    road.slow(1)
    wait_for(lambda: any(worker.slowed for worker in road.pool._all))
    pid = next(worker.pid for worker in road.pool._all if worker.slowed)
    session = Path(f"/proc/{pid}/autogroup")
    if session.exists():
        assert session.read_text().split()[-1] == str(NICER)
    road.let_go("long")
    assert long.result(20)[0] == {"pid": pid, "nice": min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICER)}
    road.settled()
    for worker in road.pool._all:
        assert os.getpriority(os.PRIO_PGRP, worker.pid) == os.getpriority(os.PRIO_PROCESS, 0)


def test_a_worker_that_must_stay_nice_is_replaced(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CAP_SYS_NICE the kernel refuses to take niceness back."""
    true = os.setpriority

    def unprivileged(which: int, who: int, to: int) -> None:
        if to < os.getpriority(which, who):
            raise PermissionError
        true(which, who, to)

    monkeypatch.setattr(os, "setpriority", unprivileged)
    long = road.linger("long")
    road.slow(1)
    road.let_go("long")
    assert gone(long.result(20)[0]["pid"])
    road.settled()
    assert road.pool.counts == {"recycled": 1}


def test_where_others_wait_what_takes_more_than_most_makes_way_early(tmp_path: Path) -> None:
    road = Road(tmp_path, slow_after=60.0)
    try:
        busy = road.threads.submit(road.pool.call, "burn", {"file": str(tmp_path / "enough")}, [], 60, Cancellation("one"))
        time.sleep(EARLY + 2 * TICK)
        assert road.pool.status()["slow"] == 0  # the queue is empty
        road.pool.call("echo", {}, deadline=20, cancellation=Cancellation("another"))
        assert road.pool.status()["slow"] == 1 and not busy.done()
        road.let_go("enough")
        busy.result(20)
        road.settled()
    finally:
        road.pool.stop(0)


def test_what_only_waits_does_not_make_way_early(tmp_path: Path) -> None:
    road = Road(tmp_path, slow_after=60.0, queue_wait=1.0)
    try:
        long = road.linger("long", cancellation=Cancellation("one"))
        wait_for(lambda: road.pool.scheduler.quick._free == 0)
        with pytest.raises(QueueFull):
            road.pool.call("echo", {}, deadline=20, cancellation=Cancellation("another"))
        road.let_go("long")
        long.result(20)
    finally:
        road.pool.stop(0)


def test_where_the_lane_is_full_a_busy_call_is_paused_for_others_and_goes_on(tmp_path: Path) -> None:
    road = Road(tmp_path, slow_after=60.0)
    try:
        slots = road.pool.scheduler
        assert slots.slow.acquire(0)
        busy = road.threads.submit(road.pool.call, "burn", {"file": str(tmp_path / "enough")}, [], 60, Cancellation("one"))
        wait_for(lambda: slots.quick._free == 0)
        for _ in range(3):
            road.pool.call("echo", {}, deadline=20, cancellation=Cancellation("another"))
        wait_for(lambda: slots.paused == 0)  # the queue is empty again
        assert not busy.done()
        road.let_go("enough")
        assert busy.result(20)
        assert road.pool.counts == {}
        slots.slow.release()
        road.settled()
    finally:
        road.pool.stop(0)


@pytest.mark.parametrize("end", ["deadline", "cancellation", "slow"])
def test_a_call_that_is_paused_ends_or_moves_all_the_same(tmp_path: Path, end: str) -> None:
    road, cancellation = Road(tmp_path, slow_after=60.0), Cancellation("one")
    try:
        slots = road.pool.scheduler
        assert slots.slow.acquire(0)
        limit = 3.0 if end == "deadline" else 60
        busy = road.threads.submit(road.pool.call, "burn", {"file": str(tmp_path / "enough")}, [], limit, cancellation)
        wait_for(lambda: slots.quick._free == 0)
        other = road.linger("other", cancellation=Cancellation("another"))
        wait_for(lambda: slots.paused == 1)
        if end == "cancellation":
            cancellation.cancel()
        if end == "slow":
            slots.slow.release()
            road.slow(1)
            road.let_go("enough")
            assert busy.result(20)
        else:
            with pytest.raises(DeadlineExceeded if end == "deadline" else Cancelled):
                busy.result(20)
            slots.slow.release()
        wait_for(lambda: slots.paused == 0)
        road.let_go("other")
        assert other.result(20)
        road.settled()
    finally:
        road.pool.stop(0)


def test_so_many_are_paused_and_no_more(tmp_path: Path) -> None:
    road = Road(tmp_path, workers=2, slow_after=60.0)
    try:
        slots, file = road.pool.scheduler, {"file": str(tmp_path / "all")}
        assert slots.slow.acquire(0) and slots.slow.acquire(0)
        calls = [road.threads.submit(road.pool.call, "burn", file, [], 60, Cancellation(str(number))) for number in range(6)]
        wait_for(lambda: slots.paused == 2 and slots.quick.waiting == 2)
        time.sleep(5 * TICK)
        assert slots.paused == 2 and road.pool._count <= 2 + 2 + road.pool.spares
        road.let_go("all")
        assert all(each.result(20) for each in calls)
        slots.slow.release()
        slots.slow.release()
        road.settled()
    finally:
        road.pool.stop(0)


def test_where_the_lane_is_full_a_long_call_begins_again_and_keeps_no_one_waiting(road: Road) -> None:
    first = road.linger("first", cancellation=Cancellation("one"))
    road.slow(1)
    second = road.linger("second", cancellation=Cancellation("two"))
    wait_for(lambda: bool(road.pool.scheduler.slow._queues))  # overdue, and it keeps its slot while the queue is empty
    assert road.pool.counts["evicted"] == 0
    road.pool.call("echo", {}, deadline=20, cancellation=Cancellation("three"))
    assert road.pool.counts["evicted"] == 1
    assert not first.done() and not second.done()
    for name in ("second", "first"):  # the second has no slot until the first has gone
        assert not second.done()
        road.let_go(name)
    assert first.result(20) and second.result(20)
    road.settled()


def test_the_deadline_of_what_was_evicted_is_for_both_its_tries(road: Road) -> None:
    first = road.linger("first", cancellation=Cancellation("one"))
    road.slow(1)
    cancellation = Cancellation("two")
    second = road.linger("second", deadline=4.0, cancellation=cancellation)
    wait_for(lambda: bool(road.pool.scheduler.slow._queues))
    time.sleep(2.0)
    road.pool.call("echo", {}, deadline=20, cancellation=Cancellation("three"))
    wait_for(lambda: "two" in road.pool.scheduler.slow._queues)
    assert cancellation.cpu > 2.0
    road.let_go("first")
    first.result(20)
    with pytest.raises(DeadlineExceeded):
        second.result(20)
    assert cancellation.cpu < 2.0 + 4.0
    road.settled()


def test_a_second_slow_call_keeps_its_place_until_the_lane_is_free(tmp_path: Path) -> None:
    road = Road(tmp_path, queue_wait=0.5)
    try:
        first = road.linger("first")
        road.slow(1)
        second = road.linger("second")
        wait_for(lambda: bool(road.pool.scheduler.slow._queues))  # it is overdue and asks
        assert road.pool.status()["slow"] == 1
        with pytest.raises(QueueFull):
            echo(road.pool)
        road.let_go("first")
        first.result(20)
        road.slow(1)  # the second, now
        echo(road.pool)
        assert not second.done()
        road.let_go("second")
        second.result(20)
        road.settled()
    finally:
        road.pool.stop(0)


def used(road: Road, caller: str, seconds: float) -> None:
    usage = road.pool.scheduler.usage
    usage.end(caller, usage.begin(caller), seconds)


def test_a_heavy_caller_leaves_the_quick_places_to_others(road: Road) -> None:
    used(road, "heavy", 10.0)
    used(road, "other", 0.0)
    first = road.linger("first", cancellation=Cancellation("heavy"))
    road.slow(1)
    assert road.books()["quick"] == 1
    second = road.linger("second", cancellation=Cancellation("heavy"))
    wait_for(lambda: road.pool.status()["waiting"] == 1)
    echo(road.pool)  # with a quick slot
    road.let_go("first")
    assert first.result(20)[0]["nice"] == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICER)
    road.let_go("second")
    second.result(20)
    road.settled()


def test_what_is_overdue_moves_before_a_heavy_caller_begins(road: Road) -> None:
    used(road, "heavy", 10.0)
    used(road, "other", 0.0)
    calls = [road.linger("first", cancellation=Cancellation("heavy"))]
    road.slow(1)
    calls.append(road.linger("waits", cancellation=Cancellation("heavy")))
    wait_for(lambda: road.pool.status()["waiting"] == 1)
    calls.append(road.linger("overdue", cancellation=Cancellation("other")))
    wait_for(lambda: None in road.pool.scheduler.slow._queues)
    road.let_go("first")
    calls[0].result(20)
    wait_for(lambda: road.pool.scheduler.quick._free == 1)  # the overdue one has moved
    assert road.pool.status()["waiting"] == 1
    for name in ("overdue", "waits"):
        road.let_go(name)
    for call in calls:
        call.result(20)
    road.settled()


def test_where_niceness_stays_a_heavy_caller_costs_no_worker_a_call(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "_renice", lambda _, by: by > 0)
    used(road, "heavy", 10.0)
    used(road, "other", 0.0)
    for _ in range(4):
        road.pool.call("sleep", {"seconds": 0}, deadline=20, cancellation=Cancellation("heavy"))
    road.settled()
    assert road.pool.counts == {"recycled": 1}  # by that it was learnt


@pytest.mark.logs("a death is logged")
@pytest.mark.parametrize("end", ["deadline", "kill", "cancellation"])
def test_a_slow_call_that_is_killed_frees_its_place(road: Road, end: str) -> None:
    cancellation = Cancellation()
    long = road.linger("never", 1.0 if end == "deadline" else 60, cancellation)
    road.slow(1)
    wait_for(lambda: any(worker.slowed for worker in road.pool._all))
    pid = next(worker.pid for worker in road.pool._all if worker.slowed)
    if end == "kill":
        os.kill(pid, 9)
    if end == "cancellation":
        cancellation.cancel()
    with pytest.raises({"deadline": DeadlineExceeded, "kill": EngineCrashed, "cancellation": Cancelled}[end]):
        long.result(20)
    assert gone(pid) and cancellation.cpu > SLOW_AFTER
    road.settled()
    echo(road.pool)


def test_no_more_run_than_there_are_places_of_both_kinds(tmp_path: Path) -> None:
    road = Road(tmp_path, workers=2)
    try:
        long = [road.linger("all") for _ in range(6)]
        road.slow(2)
        wait_for(lambda: len(road.pool.scheduler.slow._queues.get(None, ())) == 2)
        status = road.pool.status()
        assert (status["size"], status["slow"], status["waiting"]) == (2, 2, 2)
        assert road.pool._count <= 2 * 2 + road.pool.spares
        road.let_go("all")
        assert len({each.result(20)[0]["pid"] for each in long}) >= 4
        road.settled()
    finally:
        road.pool.stop(0)


def test_stop_waits_for_slow_calls_and_leaves_nothing(tmp_path: Path) -> None:
    road = Road(tmp_path)
    long = road.linger("long")
    road.slow(1)
    pids = {worker.pid for worker in road.pool._all}
    stop = road.threads.submit(road.pool.stop, 20)
    wait_for(lambda: road.pool.closing)
    with pytest.raises(Draining):
        echo(road.pool)
    assert not stop.done()
    road.let_go("long")
    assert long.result(20)
    stop.result(20)
    assert all(gone(pid) for pid in pids | {worker.pid for worker in road.pool._all})


def test_off_no_one_makes_way(tmp_path: Path) -> None:
    road = Road(tmp_path, slow_after=0.0, queue_wait=0.5)
    try:
        long = road.linger("long")
        wait_for(lambda: road.pool.status()["idle"] == 1 and road.pool.scheduler.quick._free == 0)
        with pytest.raises(QueueFull):
            echo(road.pool)
        assert road.pool.status()["slow"] == 0
        road.let_go("long")
        long.result(20)
    finally:
        road.pool.stop(0)


def test_all_is_given_back_after_many_calls(tmp_path: Path) -> None:
    """Calls that end at about the moment at which they would move, among short ones and some that are killed."""
    road, chance = Road(tmp_path, workers=2, slow_after=0.05, queue_wait=120.0), random.Random(7)

    def call(seconds: float) -> str:
        try:
            road.pool.call("sleep", {"seconds": seconds}, deadline=20 if seconds < 1 else 0.1)
        except DeadlineExceeded:
            return "deadline"
        return "done"

    try:
        lengths = [9.0] * 5 + [chance.choice((0.0, 0.0, 0.045, 0.05, 0.055, 0.15)) for _ in range(195)]
        chance.shuffle(lengths)
        reported = list(road.threads.map(call, lengths))
        assert reported.count("deadline") >= 5 and reported.count("done") >= 190
        road.settled()
        assert road.pool.counts["deadline"] == reported.count("deadline")
    finally:
        road.pool.stop(0)


def test_a_place_that_was_left_takes_no_slow_one_along() -> None:
    """The watchdog may say so at the very moment at which the call ends."""
    slots, moves = Scheduler(1), list[str]()
    assert slots.quick.acquire(0) and slots.slow.acquire(0)
    slot = Slot(slots, "", 0.001)
    slot.runs(Still(moves))
    time.sleep(0.002)
    assert slot.check() == TICK
    slot.leave()
    slot.check()
    slots.slow.release()
    assert slots.slow.acquire(0) and slots.quick.acquire(0)
    assert (moves, slot.slow, slots.slowed) == ([], False, 0)
