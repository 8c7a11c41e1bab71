"""A slow receiver waits for itself alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from service.jobs.records import Delivery
from service.jobs.webhooks import dispatcher
from service.jobs.webhooks.dispatcher import Dispatcher
from tests.jobs.webhooks.test_message import OWED


def owed(number: int, host: str) -> Delivery:
    return replace(OWED, id=f"evt_{host}_{number}", url=f"https://{host}/hook")


def until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


class Receivers:
    """Those whose name begins with `slow` answer when `answer` is set, the others at once."""

    def __init__(self) -> None:
        self.answer, self.done = threading.Event(), list[str]()
        self.at_once, self.most = 0, 0
        self.lock = threading.Lock()

    def deliver(self, delivery: Delivery) -> None:
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        if delivery.url.startswith("https://slow"):
            assert self.answer.wait(60)
        with self.lock:
            self.at_once -= 1
            self.done.append(delivery.id)


def test_slow_receivers_stop_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """More slow ones than there are threads, each with more deliveries than fit its lane."""
    monkeypatch.setattr(dispatcher, "SLOW", 0.05)
    receivers = Receivers()
    made = Dispatcher(receivers.deliver, lease=60)
    for host in range(dispatcher.THREADS // dispatcher.PER_RECEIVER - 1):
        for number in range(dispatcher.PER_RECEIVER):
            made.offer(owed(number, f"slow{host}.example"))
    time.sleep(0.2)
    refused = [not made.offer(owed(number, "slow0.example")) for number in range(2, dispatcher.CAPACITY + 10)]
    assert sum(refused) == 8  # they come back when their lease ends
    for number in range(200):
        assert made.offer(owed(number, "quick.example"))
    until(lambda: sum(name.startswith("evt_quick") for name in receivers.done) == 200)
    receivers.answer.set()
    made.stop()


def test_a_receiver_has_two_at_a_time() -> None:
    receivers = Receivers()
    made = Dispatcher(receivers.deliver, lease=60)
    for number in range(10):
        made.offer(owed(number, "slow.example"))
    time.sleep(0.1)
    receivers.answer.set()
    until(lambda: len(receivers.done) == 10)
    made.stop()
    assert receivers.most == dispatcher.PER_RECEIVER


def test_a_delivery_that_waited_too_long_is_left_to_its_lease() -> None:
    receivers = Receivers()
    made = Dispatcher(receivers.deliver, lease=0.2)
    for number in range(4):
        made.offer(owed(number, "slow.example"))
    time.sleep(0.3)
    receivers.answer.set()
    until(lambda: len(receivers.done) == dispatcher.PER_RECEIVER)
    made.stop()
    assert len(receivers.done) == dispatcher.PER_RECEIVER


def test_a_failure_frees_its_place() -> None:
    tried: list[str] = []

    def fail(delivery: Delivery) -> None:
        tried.append(delivery.id)
        raise RuntimeError("no")

    made = Dispatcher(fail, lease=60)
    for number in range(5):
        made.offer(owed(number, "a.example"))
    until(lambda: len(tried) == 5)
    made.stop()
