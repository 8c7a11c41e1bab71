"""Deliveries side by side, without a barrier: each receiver has a lane of its own, and a slow one holds up nobody else's.

A lane uses at most `PER_RECEIVER` of the threads. A slow lane, whose receiver has not answered for `SLOW` seconds, or took
as long the last time, gets its threads from a pool of its own, so that however many receivers are slow, the others find
threads. A lane that is full and slow takes nothing more: what it refuses comes back when its lease ends.
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
ROOM = 64  # deliveries that wait in a lane
SLOW = 1.0  # seconds for one attempt
LOOK = 0.05  # seconds between two looks at a full lane


@dataclass
class _Lane:
    waiting: deque[tuple[Delivery, float]] = field(default_factory=deque)  # with the moment of the claim
    started: dict[str, float] = field(default_factory=dict)  # id → when its attempt began
    was_slow: bool = False

    def slow(self, now: float) -> bool:
        return self.was_slow or any(now - begun > SLOW for begun in self.started.values())


class Lanes:
    """`deliver` makes one attempt and records it; `lease` is how long a claimed delivery is ours, in seconds."""

    def __init__(self, deliver: Callable[[Delivery], None], lease: float) -> None:
        self._deliver, self._lease = deliver, lease
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()
        self._quick = ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks")
        self._slow = ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks-slow")

    def offer(self, delivery: Delivery) -> bool:
        """Whether the delivery has a place. Waits while its lane is full and quick: that is for a moment only."""
        receiver, claimed = receiver_of(delivery.url), time.monotonic()
        while True:
            with self._lock:
                lane = self._lanes.setdefault(receiver, _Lane())
                if len(lane.waiting) < ROOM:
                    lane.waiting.append((delivery, claimed))
                    self._fill(receiver, lane)
                    return True
                if lane.slow(time.monotonic()):
                    return False
            time.sleep(LOOK)

    def stop(self) -> None:
        """Returns when what is under way was recorded; what waits is left to others."""
        with self._lock:
            for lane in self._lanes.values():
                lane.waiting.clear()
        self._quick.shutdown()
        self._slow.shutdown()

    def _fill(self, receiver: str, lane: _Lane) -> None:
        """Starts what the lane may start. Holds the lock."""
        while lane.waiting and len(lane.started) < PER_RECEIVER:
            delivery, claimed = lane.waiting.popleft()
            now = time.monotonic()
            if now - claimed > self._lease / 2:  # another process may claim it before an attempt would end
                continue
            lane.started[delivery.id] = now
            pool = self._slow if lane.slow(now) else self._quick
            pool.submit(self._run, receiver, lane, delivery)
        if not lane.waiting and not lane.started:
            self._lanes.pop(receiver, None)

    def _run(self, receiver: str, lane: _Lane, delivery: Delivery) -> None:
        begun = time.monotonic()
        with self._lock:
            lane.started[delivery.id] = begun
        try:
            self._deliver(delivery)
        finally:
            with self._lock:
                del lane.started[delivery.id]
                lane.was_slow = time.monotonic() - begun > SLOW
                self._fill(receiver, lane)


def receiver_of(url: str) -> str:
    """Host and port of a receiver; the URL was checked when the job was made."""
    return urlsplit(url).netloc.lower()
