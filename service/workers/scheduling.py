"""Schedules calls on the slots of a pool: a long call moves to a slow slot, so that short calls do not wait behind it.

A hostile document runs until its deadline, up to a minute. If such calls kept quick slots, one per worker would stop the
service. If they filled all slow slots while others wait, further ones are paused (the process is stopped) until they get
a slot again. If enough calls are paused already, a long call is evicted: it ends, and starts again in a slow slot.
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

SLOW = 1  # slow slots per quick slot
PAUSED = 2  # calls that may be paused per quick slot: each keeps its memory
EARLY = 0.15  # CPU seconds after which a call gives way to waiting ones; the model article's PDF takes 0.1
TICK = 0.1  # seconds between two checks of a call


class Evicted(Exception):
    """The call held its slot too long while others waited, and no slow slot was free. It starts again in a slow slot."""


class Scheduler:
    """The slots of a pool: `count` quick ones and `SLOW` times as many slow ones. At most `waiting` calls wait for a slot."""

    def __init__(self, count: int, waiting: int = sys.maxsize) -> None:
        self.count, self.usage = count, Usage()
        self.quick, self.slow = Slots(count, self.usage, waiting), Slots(SLOW * count, self.usage, waiting)
        self.slowed = self.paused = 0
        self.durations: collections.deque[float] = collections.deque(maxlen=50)  # seconds for which calls held a quick slot
        self._lock = threading.Lock()

    @property
    def extra(self) -> int:
        """Number of calls that run or pause outside the quick slots."""
        return self.slowed + self.paused

    @property
    def waiting(self) -> int:
        """Number of calls that have no slot yet."""
        return self.quick.waiting + self.slow.waiting

    def retry_after(self) -> int:
        """Seconds until a slot is likely to be free: waiting calls × mean seconds per call ÷ slots."""
        mean = sum(self.durations) / len(self.durations) if self.durations else 1.0
        return max(1, math.ceil((self.waiting + 1) * mean / self.count))

    def entry(self, caller: str) -> Slots:
        """The slots in which a call starts. Calls of a heavy caller start in a slow slot and leave the quick ones free."""
        return self.slow if self.usage.heavy(caller) else self.quick

    def keeps_waiting(self, caller: str) -> bool:
        """Whether other callers wait while this one holds a slot."""
        return self.quick.keeps_waiting(caller) or self.slow.keeps_waiting(caller)

    def moved(self, by: int) -> None:
        with self._lock:
            self.slowed += by

    def pause(self) -> bool:
        """Counts one more paused call. Returns False, and counts nothing, where enough are paused."""
        with self._lock:
            may = self.paused < PAUSED * self.count
            self.paused += may
            return may

    def resume(self) -> None:
        with self._lock:
            self.paused -= 1

    def close(self, deadline: float) -> None:
        """Waits until no call is paused, then takes all slots, or gives up at `deadline`.

        Quick slots first: a call that moves meanwhile is waited for among the slow ones.
        """
        while self.paused and time.monotonic() < deadline:
            time.sleep(TICK)
        for slots, count in ((self.quick, self.count), (self.slow, SLOW * self.count)):
            for _ in range(count):
                slots.acquire(timeout=max(0.0, deadline - time.monotonic()))


class Process(Protocol):
    """The process that serves a call, as the scheduler sees it."""

    def slow_down(self) -> None: ...
    def resume(self) -> None: ...
    def pause(self) -> None: ...
    def spent(self) -> float: ...


class Slot:
    """The slot of one call. A call starts in a quick slot and moves to a slow one when it is overdue, or starts in a slow one.

    A paused call has no slot and waits for a quick one again.
    """

    def __init__(self, scheduler: Scheduler, caller: str, slow_after: float, slow: bool = False) -> None:
        self.scheduler, self.caller, self.slow_after, self.slow = scheduler, caller, slow_after, slow
        self.process: Process | None = None  # while the call runs
        self.began = self._running = time.monotonic()
        self.held: float | None = None  # seconds in its first slot; None while it is still there
        self.evicted = self.paused = False
        self.scheduler.moved(slow)
        self._slice = EARLY  # CPU seconds it may use while others wait; doubled by each pause
        self._settled = self._asked = self._without = False
        self._lock = threading.Lock()

    def runs(self, process: Process) -> None:
        """Notes the worker that serves the call."""
        self.process, self._running = process, time.monotonic()

    def check(self) -> float:
        """Requests a slow slot where one is due. Returns seconds until the next check; 0 where the call is evicted.

        A slow slot is due after `slow_after` seconds, and earlier where others wait and the call has used more CPU than most.
        """
        if self.slow or not self.slow_after or self.process is None:
            return math.inf
        if not self.paused:
            overdue = time.monotonic() - self._running >= self.slow_after
            contended = self.scheduler.quick.keeps_waiting(self.caller)
            exceeds = contended and self.process.spent() > self._slice
            if not self._asked and (overdue or exceeds):
                self._asked = True
                self.scheduler.slow.ask(self._move)
            if exceeds and self._pause():
                self.scheduler.quick.release()
                self.scheduler.quick.ask(self._resume, self.caller, again=True)
            elif overdue and self.scheduler.quick.keeps_lighter_waiting(self.caller, HEAVY) and self._evict():
                return 0.0
        return math.inf if self.slow else TICK

    def _pause(self) -> bool:
        with self._lock:
            if self.process is None or self.slow or self._settled or not self.scheduler.pause():
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
            self.scheduler.quick.release()

    def _wake(self) -> None:
        self.paused = False
        self.scheduler.resume()
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
                self.scheduler.moved(1)
                if self.process is not None:
                    self.process.slow_down()
                if had_none:
                    self._wake()
        if not moves:
            self.scheduler.slow.release()
        elif had_none:
            self.scheduler.quick.withdraw(self._resume, self.caller)
        else:
            self.scheduler.quick.release()

    def _hand_over(self) -> None:
        if self.held is None:
            self.held = time.monotonic() - self.began

    def settle(self) -> float:
        """Ends all moves: the call is over. Returns the seconds for which it held its first slot."""
        with self._lock:
            self._settled = True
            self._hand_over()
            held, self._without = self.held or 0.0, self._without or self.paused
            if self.paused:
                self._wake()
        self.scheduler.slow.withdraw(self._move)
        self.scheduler.quick.withdraw(self._resume, self.caller)
        return held

    def leave(self) -> None:
        """Releases the slot."""
        self.settle()
        if self.slow:
            self.scheduler.moved(-1)
        if not self._without:
            (self.scheduler.slow if self.slow else self.scheduler.quick).release()
