"""Places are given in the order in which they were asked for, and none is lost."""

from __future__ import annotations

import threading
import time

from service.engines.slots import Slots
from tests.jobs.slow import wait_for


def test_who_leaves_waits_behind_those_who_wait() -> None:
    slots, order = Slots(1), list[str]()
    assert slots.acquire(1)

    def wait(name: str) -> None:
        assert slots.acquire(10)
        order.append(name)
        slots.release()

    threads = []
    for number, name in enumerate(("first", "second", "third"), 1):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        wait_for(lambda number=number: len(slots._waiting) == number)  # type: ignore[misc]
    slots.release()
    wait("the one who left")
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second", "third", "the one who left"]


def test_who_gives_up_takes_no_place_along() -> None:
    slots = Slots(1)
    assert slots.acquire(0)
    assert not slots.acquire(0.01)
    slots.release()
    assert slots.acquire(0)
    assert not slots.acquire(0)


def test_nobody_waits_long_beside_others_that_come_and_go() -> None:
    slots, longest, done = Slots(2), list[float](), threading.Event()

    def work() -> None:
        while not done.is_set():
            began = time.monotonic()
            assert slots.acquire(20)
            longest.append(time.monotonic() - began)
            time.sleep(0.001)
            slots.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    done.set()
    for thread in threads:
        thread.join(30)
    assert len(longest) > 100 and max(longest) < 10
