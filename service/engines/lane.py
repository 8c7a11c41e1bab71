"""The slow lane: a call that takes long goes on beside the others, so that short ones need not wait behind it.

What hurts runs until its deadline, up to a minute. Were it to keep its place all along, as many of it as there are workers
would stop the service for everybody.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from service.engines.slots import Slots
from service.engines.usage import Usage


class Lane:
    """The places of a pool: `count` of them, for which at most `waiting` calls wait, and as many slow ones beside them."""

    def __init__(self, count: int, waiting: int = sys.maxsize) -> None:
        self.count, self.usage = count, Usage()
        self.quick, self.slow = Slots(count, self.usage, waiting), Slots(count, self.usage, waiting)
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
        for slots in (self.quick, self.slow):
            for _ in range(self.count):
                slots.acquire(timeout=max(0.0, deadline - time.monotonic()))


class Place:
    """One call's place, which it has: a quick one first, and a slow one after `overdue`, as soon as there is one; or a slow one
    from the beginning."""

    def __init__(self, lane: Lane, on_move: Callable[[], None], slow: bool = False) -> None:
        self.lane, self.on_move = lane, on_move
        self.began = time.monotonic()
        self.held: float | None = None  # seconds of its first place; None until it has gone
        self.slow = slow
        self.lane.moved(slow)
        self._settled = False
        self._lock = threading.Lock()

    def overdue(self) -> None:
        """It has run for long: it asks for a slow place, and keeps its quick one until it gets it."""
        if not self.slow:
            self.lane.slow.ask(self._move)

    def _move(self, _: bool) -> None:
        with self._lock:
            moves = not self._settled
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
