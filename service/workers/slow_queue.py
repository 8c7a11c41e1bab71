"""The slow lane: a call that takes long goes on beside the others, so that short ones need not wait behind it.

What hurts runs until its deadline, up to a minute. Were it to keep its place all along, as many of it as there are workers
would stop the service for everybody. And while others wait, as many of it as there are slow places must not either: what
finds none is paused, its process stopped, until it has its turn again; and what can't be paused, for enough are, is evicted,
and begins again when there is a slow place.
"""

from __future__ import annotations

import collections
import math
import sys
import threading
import time
from typing import Protocol

from service.workers.fair_share import HEAVY, Usage
from service.workers.slots import Slots

SLOW = 1  # slow places for each quick one
PAUSED = 2  # calls that may be paused, for each quick place: each keeps its memory
EARLY = 0.15  # CPU-seconds: most calls have ended by then (the model article's PDF takes 0.1), and others wait
TICK = 0.1  # seconds after which a call is looked at again


class Evicted(Exception):
    """The call kept its place for long while others waited, and there is no slow one: it begins again when there is."""


class Lane:
    """The places of a pool: `count` of them, for which at most `waiting` calls wait, and `SLOW` times as many slow ones."""

    def __init__(self, count: int, waiting: int = sys.maxsize) -> None:
        self.count, self.usage = count, Usage()
        self.quick, self.slow = Slots(count, self.usage, waiting), Slots(SLOW * count, self.usage, waiting)
        self.slowed = self.paused = 0
        self.durations: collections.deque[float] = collections.deque(maxlen=50)  # seconds for which calls kept a place
        self._lock = threading.Lock()

    @property
    def beside(self) -> int:
        """Calls beside those that have a quick place."""
        return self.slowed + self.paused

    @property
    def waiting(self) -> int:
        """Calls that have no place yet."""
        return self.quick.waiting + self.slow.waiting

    def retry_after(self) -> int:
        """Seconds until a place is likely to be free: what waits, times what a call takes, over what runs side by side."""
        mean = sum(self.durations) / len(self.durations) if self.durations else 1.0
        return max(1, math.ceil((self.waiting + 1) * mean / self.count))

    def entry(self, caller: str) -> Slots:
        """Where a call begins: a heavy caller's in a slow place, so that the quick ones stay free of what it may bring next."""
        return self.slow if self.usage.heavy(caller) else self.quick

    def keeps_waiting(self, caller: str) -> bool:
        """Whether others wait while this caller has its place."""
        return self.quick.keeps_waiting(caller) or self.slow.keeps_waiting(caller)

    def moved(self, by: int) -> None:
        with self._lock:
            self.slowed += by

    def pause(self) -> bool:
        """Whether one more may be paused, which is counted then."""
        with self._lock:
            may = self.paused < PAUSED * self.count
            self.paused += may
            return may

    def resume(self) -> None:
        with self._lock:
            self.paused -= 1

    def close(self, deadline: float) -> None:
        """Takes all places, when none is paused any more; the quick ones first: what moves over meanwhile is waited for among the
        slow. Ends at `deadline`."""
        while self.paused and time.monotonic() < deadline:
            time.sleep(TICK)
        for slots, count in ((self.quick, self.count), (self.slow, SLOW * self.count)):
            for _ in range(count):
                slots.acquire(timeout=max(0.0, deadline - time.monotonic()))


class Beside(Protocol):
    """What becomes of a call's process."""

    def slow_down(self) -> None: ...
    def resume(self) -> None: ...
    def pause(self) -> None: ...
    def spent(self) -> float: ...


class Place:
    """One call's place, which it has: a quick one first, and a slow one when it is overdue, as soon as there is one; or a slow
    one from the beginning. While it is paused it has none, and asks for a quick one again."""

    def __init__(self, lane: Lane, caller: str, slow_after: float, slow: bool = False) -> None:
        self.lane, self.caller, self.slow_after, self.slow = lane, caller, slow_after, slow
        self.process: Beside | None = None  # while the call runs
        self.began = self._running = time.monotonic()
        self.held: float | None = None  # seconds of its first place; None until it has gone
        self.evicted = self.paused = False
        self.lane.moved(slow)
        self._slice = EARLY  # CPU-seconds that it may take while others wait; twice as many after each pause
        self._settled = self._asked = self._has_none = False
        self._lock = threading.Lock()

    def runs(self, process: Beside) -> None:
        """From now on the call has a worker."""
        self.process, self._running = process, time.monotonic()

    def look(self) -> float:
        """Asks for a slow place where that is due. Seconds until the next look; 0 where the call must end and begin again.

        It is due after `slow_after`, and long before where others wait and it has taken more CPU than most calls do.
        """
        if self.slow or not self.slow_after or self.process is None:
            return math.inf
        if not self.paused:
            overdue, contended = time.monotonic() - self._running >= self.slow_after, self.lane.quick.keeps_waiting(self.caller)
            exceeds = contended and self.process.spent() > self._slice
            if not self._asked and (overdue or exceeds):
                self._asked = True
                self.lane.slow.ask(self._move)
            if exceeds and self._pause():
                self.lane.quick.release()
                self.lane.quick.ask(self._resume, self.caller, again=True)
            elif overdue and self.lane.quick.keeps_lighter_waiting(self.caller, HEAVY) and self._evict():
                return 0.0
        return math.inf if self.slow else TICK

    def _pause(self) -> bool:
        with self._lock:
            if self.process is None or self.slow or self._settled or not self.lane.pause():
                return False
            self.paused = True
            self._slice *= 2
            self._hand_over()
            self.process.pause()
            return True

    def _resume(self, _: bool) -> None:
        with self._lock:
            needs = self.paused
            if needs:
                self._wake()
        if not needs:
            self.lane.quick.release()

    def _wake(self) -> None:
        self.paused = False
        self.lane.resume()
        if self.process is not None:
            self.process.resume()

    def _evict(self) -> bool:
        with self._lock:
            self.evicted = not (self.slow or self._settled or self.paused)
            return self.evicted

    def _move(self, _: bool) -> None:
        with self._lock:
            moves, had_none = not (self._settled or self.evicted), self.paused
            if moves:
                self.slow = True
                self._hand_over()
                self.lane.moved(1)
                if self.process is not None:
                    self.process.slow_down()
                if had_none:
                    self._wake()
        if not moves:
            self.lane.slow.release()
        elif had_none:
            self.lane.quick.withdraw(self._resume, self.caller)
        else:
            self.lane.quick.release()

    def _hand_over(self) -> None:
        if self.held is None:
            self.held = time.monotonic() - self.began

    def settle(self) -> float:
        """Its call has ended: it moves no more. Seconds for which it kept its first place from others."""
        with self._lock:
            self._settled = True
            self._hand_over()
            held, self._has_none = self.held or 0.0, self._has_none or self.paused
            if self.paused:
                self._wake()
        self.lane.slow.withdraw(self._move)
        self.lane.quick.withdraw(self._resume, self.caller)
        return held

    def leave(self) -> None:
        """Gives back the place that it has."""
        self.settle()
        if self.slow:
            self.lane.moved(-1)
        if not self._has_none:
            (self.lane.slow if self.slow else self.lane.quick).release()
