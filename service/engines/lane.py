"""The slow lane: a call that takes long goes on beside the others, so that short ones need not wait behind it.

What hurts runs until its deadline, up to a minute. Were it to keep its place all along, as many of it as there are workers
would stop the service for everybody. And while others wait, as many of it as there are slow places must not either: what
finds none is evicted, and begins again when it gets one.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable

from service.engines.slots import Slots
from service.engines.usage import Usage

SLOW = 2  # slow places for each quick one
EARLY = 0.15  # CPU-seconds: most calls have ended by then (the model article's PDF takes 0.1), and others wait
TICK = 0.1  # seconds after which a call is looked at again


class Evicted(Exception):
    """The call kept its place for long while others waited, and there is no slow one: it begins again when there is."""


class Lane:
    """The places of a pool: `count` of them, for which at most `waiting` calls wait, and `SLOW` times as many slow ones."""

    def __init__(self, count: int, waiting: int = sys.maxsize) -> None:
        self.count, self.usage = count, Usage()
        self.quick, self.slow = Slots(count, self.usage, waiting), Slots(SLOW * count, self.usage, waiting)
        self.slowed = 0
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Calls that have no place yet."""
        return self.quick.waiting + self.slow.waiting

    def entry(self, caller: str) -> Slots:
        """Where a call begins: a heavy caller's in a slow place, so that the quick ones stay free of what it may bring next."""
        return self.slow if self.usage.heavy(caller) else self.quick

    def keeps_waiting(self, caller: str) -> bool:
        """Whether others wait while this caller has its place."""
        return self.quick.keeps_waiting(caller) or self.slow.keeps_waiting(caller)

    def moved(self, by: int) -> None:
        with self._lock:
            self.slowed += by

    def close(self, deadline: float) -> None:
        """Takes all places, the quick ones first: what moves over meanwhile is waited for among the slow. Ends at `deadline`."""
        for slots, count in ((self.quick, self.count), (self.slow, SLOW * self.count)):
            for _ in range(count):
                slots.acquire(timeout=max(0.0, deadline - time.monotonic()))


class Place:
    """One call's place, which it has: a quick one first, and a slow one when it is overdue, as soon as there is one; or a slow
    one from the beginning."""

    def __init__(self, lane: Lane, caller: str, slow_after: float, slow: bool = False) -> None:
        self.lane, self.caller, self.slow_after, self.slow = lane, caller, slow_after, slow
        self.on_move: Callable[[], None] = lambda: None
        self.spent: Callable[[], float] = lambda: 0.0  # CPU-seconds of the call until now
        self.began = time.monotonic()
        self.held: float | None = None  # seconds of its first place; None until it has gone
        self.evicted = False
        self.lane.moved(slow)
        self._settled = self._asked = False
        self._lock = threading.Lock()

    def look(self) -> float:
        """Asks for a slow place where that is due. Seconds until the next look; 0 where the call must end and begin again.

        It is due after `slow_after`, and long before where others wait and it has taken more CPU than most calls do.
        """
        if self.slow or not self.slow_after:
            return math.inf
        overdue, contended = time.monotonic() - self.began >= self.slow_after, self.lane.quick.keeps_waiting(self.caller)
        if not self._asked and (overdue or (contended and self.spent() > EARLY)):
            self._asked = True
            self.lane.slow.ask(self._move)
        if overdue and contended and self._evict():
            return 0.0
        return math.inf if self.slow else TICK

    def _evict(self) -> bool:
        with self._lock:
            self.evicted = not (self.slow or self._settled)
            return self.evicted

    def _move(self, _: bool) -> None:
        with self._lock:
            moves = not (self._settled or self.evicted)
            if moves:
                self.slow, self.held = True, time.monotonic() - self.began
                self.lane.moved(1)
                self.on_move()
        (self.lane.quick if moves else self.lane.slow).release()

    def settle(self) -> float:
        """Its call has ended: it moves no more. Seconds for which it kept its first place from others."""
        with self._lock:
            self._settled = True
            if self.held is None:
                self.held = time.monotonic() - self.began
            held = self.held
        self.lane.slow.withdraw(self._move)
        return held

    def leave(self) -> None:
        """Gives back the place that it has."""
        self.settle()
        if self.slow:
            self.lane.moved(-1)
        (self.lane.slow if self.slow else self.lane.quick).release()
