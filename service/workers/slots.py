"""A fair semaphore: a limited number of slots, given to waiting callers in turn."""

from __future__ import annotations

import collections
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.workers.fair_share import Usage

# Called with True when the call gets a slot, with False when it is refused because too many wait.
Turn = Callable[[bool], None]
PATIENCE = 10.0  # seconds after which a waiting call is not overtaken any more


@dataclass(frozen=True, slots=True)
class Entry:
    """A waiting call. `again`: it had a slot before and gave it up."""

    since: float
    turn: Turn
    again: bool


class Slots:
    """A fair semaphore.

    With `threading.Semaphore` a thread that releases may acquire again before a waiting one wakes: in a batch of 1,200
    articles with one worker one thread waited for 30 seconds.

    Each caller has its own queue. The next slot goes to the caller that has used the workers least lately, so a flood of
    calls or a few hostile ones delay others by one turn only. The caller `None` is the service itself and comes first.
    """

    def __init__(
        self, count: int, usage: Usage | None = None, most: int = sys.maxsize, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.usage, self.most = usage or Usage(), most
        self.waiting = 0  # of callers, for their first place
        self._free, self._clock = count, clock
        self._queues: dict[str | None, collections.deque[Entry]] = {}
        self._lock = threading.Lock()

    def ask(self, turn: Turn, caller: str | None = None, again: bool = False) -> None:
        """Calls `turn(True)` once a slot is free: now, or from the thread that frees one.

        Where too many wait, the newest call of the caller with the longest queue gets `turn(False)`. With `again` the call
        gave up its slot before: it is not counted and never refused.
        """
        last = None
        with self._lock:
            placed = self._free > 0
            if placed:
                self._free -= 1
            else:
                entry = Entry(self._clock(), turn, again)
                self._queues.setdefault(caller, collections.deque()).append(entry)
                self.waiting += _counts(caller, entry)
                if self.waiting > self.most and (loser := self._longest()) is not None:
                    last = self._remove(loser, next(each for each in reversed(self._queues[loser]) if not each.again))
        if placed:
            turn(True)
        elif last is not None:
            last(False)

    def keeps_waiting(self, caller: str) -> bool:
        """Whether other callers wait while this one holds a slot."""
        with self._lock:
            return any(other not in (caller, None) for other in self._queues)

    def keeps_lighter_waiting(self, caller: str, by: float) -> bool:
        """Whether a caller waits that has used at least `by` seconds less lately."""
        mine = self.usage.lately(caller) - by
        with self._lock:
            return any(self.usage.lately(other) < mine for other in self._queues if other not in (caller, None))

    def refuses(self, caller: str) -> bool:
        """Whether one more call of this caller would be refused now."""
        with self._lock:
            return self.waiting >= self.most and self._longest(caller) == caller

    def withdraw(self, turn: Turn, caller: str | None = None) -> bool:
        """Removes a waiting call. Returns False where it has its answer already, or is about to get it."""
        with self._lock:
            entry = next((each for each in self._queues.get(caller, ()) if each.turn == turn), None)
            if entry is not None:
                self._remove(caller, entry)
            return entry is not None

    def acquire(self, timeout: float, caller: str | None = None) -> bool:
        """Waits up to `timeout` seconds for a slot. Returns False without one, at once where too many wait."""
        answered, placed = threading.Event(), list[bool]()

        def turn(has: bool) -> None:
            placed.append(has)
            answered.set()

        self.ask(turn, caller)
        if not answered.wait(timeout) and self.withdraw(turn, caller):
            return False
        answered.wait()
        return placed[0]

    def release(self) -> None:
        """Frees a slot, or passes it to the next waiting call."""
        with self._lock:
            turn = None
            if self._queues:
                caller = self._next()
                turn = self._remove(caller, self._queues[caller][0])
            else:
                self._free += 1
        if turn is not None:
            turn(True)

    def _remove(self, caller: str | None, entry: Entry) -> Turn:
        self.waiting -= _counts(caller, entry)
        self._queues[caller].remove(entry)
        if not self._queues[caller]:
            del self._queues[caller]
        return entry.turn

    def _next(self) -> str | None:
        """The next caller: the service, else one past PATIENCE, else the one with the least use (of equals the oldest)."""
        if None in self._queues:
            return None
        came = {caller: queue[0].since for caller, queue in self._queues.items()}
        first = min(came, key=lambda caller: came[caller])
        if self._clock() - came[first] > PATIENCE:
            return first
        return min(came, key=lambda caller: (self.usage.lately(caller), came[caller]))

    def _longest(self, coming: str | None = None) -> str | None:
        """The caller with the longest queue, one call of `coming` added. Of equals: the most use, then the newest."""
        lengths = {caller: sum(_counts(caller, each) for each in queue) for caller, queue in self._queues.items()}
        lengths = {caller: length for caller, length in lengths.items() if length}
        if coming is not None:
            lengths[coming] = lengths.get(coming, 0) + 1
        return max(reversed(lengths), key=lambda caller: (lengths[caller], self.usage.lately(caller)), default=None)


def _counts(caller: str | None, entry: Entry) -> bool:
    return caller is not None and not entry.again
