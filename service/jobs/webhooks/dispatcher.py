"""Sends deliveries side by side: each receiver has a queue of its own, so a slow receiver delays no other.

A queue uses at most `PER_RECEIVER` threads. A queue is slow if an attempt has lasted longer than `SLOW` seconds, or if
the last one did. Slow queues share a thread pool of their own, so quick receivers always find threads. A slow queue
that is full refuses deliveries; they return when their lease ends.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from service.jobs.records import Delivery

THREADS = 16  # in each of the two pools
PER_RECEIVER = 2
CAPACITY = 64  # deliveries that wait in one queue
SLOW = 1.0  # seconds for one attempt
POLL = 0.05  # seconds between two checks of a full queue


@dataclass
class _Queue:
    waiting: deque[tuple[Delivery, float]] = field(default_factory=deque)  # with the moment of the claim
    started: dict[str, float] = field(default_factory=dict)  # id → when its attempt began
    was_slow: bool = False

    def slow(self, now: float) -> bool:
        return self.was_slow or any(now - begun > SLOW for begun in self.started.values())


class Dispatcher:
    """`deliver` makes one attempt and records it. `lease`: seconds for which a claim holds, by `clock`."""

    def __init__(self, deliver: Callable[[Delivery], None], lease: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._deliver, self._lease, self._clock = deliver, lease, clock
        self._queues: dict[str, _Queue] = {}
        self._lock = threading.Lock()
        self._quick = ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks")
        self._slow = ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks-slow")

    def offer(self, delivery: Delivery) -> bool:
        """Returns whether the queue took the delivery. Waits a moment while its queue is full and quick."""
        receiver, claimed = receiver_of(delivery.url), self._clock()
        while True:
            with self._lock:
                queue = self._queues.setdefault(receiver, _Queue())
                if len(queue.waiting) < CAPACITY:
                    queue.waiting.append((delivery, claimed))
                    self._fill(receiver, queue)
                    return True
                if queue.slow(self._clock()):
                    return False
            time.sleep(POLL)

    def stop(self) -> None:
        """Waits for attempts under way. Leaves waiting deliveries to other processes."""
        with self._lock:
            for queue in self._queues.values():
                queue.waiting.clear()
        self._quick.shutdown()
        self._slow.shutdown()

    def _fill(self, receiver: str, queue: _Queue) -> None:
        """Starts as many deliveries as the queue may run. The caller holds the lock."""
        while queue.waiting and len(queue.started) < PER_RECEIVER:
            delivery, claimed = queue.waiting.popleft()
            now = self._clock()
            if now - claimed > self._lease / 2:  # another process may claim it before an attempt would end
                continue
            queue.started[delivery.id] = now
            pool = self._slow if queue.slow(now) else self._quick
            pool.submit(self._run, receiver, queue, delivery)
        if not queue.waiting and not queue.started:
            self._queues.pop(receiver, None)

    def _run(self, receiver: str, queue: _Queue, delivery: Delivery) -> None:
        begun = self._clock()
        with self._lock:
            queue.started[delivery.id] = begun
        try:
            self._deliver(delivery)
        finally:
            with self._lock:
                del queue.started[delivery.id]
                queue.was_slow = self._clock() - begun > SLOW
                self._fill(receiver, queue)


def receiver_of(url: str) -> str:
    """Host and port of a receiver; the URL was checked when the job was made."""
    return urlsplit(url).netloc.lower()
