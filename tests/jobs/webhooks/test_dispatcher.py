"""A slow receiver waits for itself alone."""

from __future__ import annotations

import threading
from dataclasses import replace

from service.jobs.records import Delivery
from service.jobs.webhooks import dispatcher
from service.jobs.webhooks.dispatcher import Dispatcher
from tests.jobs.webhooks.test_message import OWED
from tests.waiting import wait_for


def owed(number: int, host: str) -> Delivery:
    return replace(OWED, id=f"evt_{host}_{number}", url=f"https://{host}/hook")


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


def test_slow_receivers_stop_no_other() -> None:
    """More slow receivers than there are threads, each with more deliveries than fit its queue."""
    now = [0.0]
    receivers = Receivers()
    made = Dispatcher(receivers.deliver, lease=60, clock=lambda: now[0])
    slow = dispatcher.THREADS - dispatcher.PER_RECEIVER
    for host in range(slow // dispatcher.PER_RECEIVER):
        for number in range(dispatcher.PER_RECEIVER):
            made.offer(owed(number, f"slow{host}.example"))
    wait_for(lambda: receivers.at_once == slow)
    now[0] = 2 * dispatcher.SLOW
    refused = [not made.offer(owed(number, "slow0.example")) for number in range(2, dispatcher.CAPACITY + 10)]
    assert sum(refused) == 8  # they come back when their lease ends
    for number in range(200):
        assert made.offer(owed(number, "quick.example"))
    wait_for(lambda: sum(name.startswith("evt_quick") for name in receivers.done) == 200)
    receivers.answer.set()
    made.stop()


def test_a_receiver_has_two_at_a_time() -> None:
    receivers = Receivers()
    made = Dispatcher(receivers.deliver, lease=60)
    for number in range(10):
        made.offer(owed(number, "slow.example"))
    wait_for(lambda: receivers.at_once == dispatcher.PER_RECEIVER)
    receivers.answer.set()
    wait_for(lambda: len(receivers.done) == 10)
    made.stop()
    assert receivers.most == dispatcher.PER_RECEIVER


def test_a_delivery_that_waited_too_long_is_left_to_its_lease() -> None:
    receivers = Receivers()
    now = [0.0]
    made = Dispatcher(receivers.deliver, lease=60, clock=lambda: now[0])
    for number in range(4):
        made.offer(owed(number, "slow.example"))
    now[0] = 31.0
    receivers.answer.set()
    wait_for(lambda: len(receivers.done) == dispatcher.PER_RECEIVER)
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
    wait_for(lambda: len(tried) == 5)
    made.stop()
