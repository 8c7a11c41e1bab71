"""So many at once; and whose turn it is among those who wait."""

from __future__ import annotations

import collections
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.workers.fair_share import Usage

# Called with whether it has its place; with False where no more may wait and it was the last in line.
Turn = Callable[[bool], None]
PATIENCE = 10.0  # seconds after which nobody is passed over any more


@dataclass(frozen=True, slots=True)
class Entry:
    """One who waits: since when, what is to be called, and whether it has had a place before."""

    since: float
    turn: Turn
    again: bool


class Slots:
    """A semaphore that is fair.

    With threading's own whoever leaves may take the place again before those who wait have woken: under load one thread
    waited for 30 seconds beside others that came and went (measured in a batch of 1,200 with one worker).

    Each caller has a queue of its own, and the next place goes to the first of whoever has used the least lately: a flood, or
    a few bombs, make others wait for one turn and not for all of it. `None` is the service itself, which comes first.
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
        """Calls `turn(True)` when it has a place: now, or from the thread that frees one.

        Where no more may wait, the last in line is told False: who comes last of the caller that has most in line. Who asks
        `again` gave its place to others: it is not counted, and never told False.
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
                    last = self._out(loser, next(each for each in reversed(self._queues[loser]) if not each.again))
        if placed:
            turn(True)
        elif last is not None:
            last(False)

    def keeps_waiting(self, caller: str) -> bool:
        """Whether others wait while this caller has its place."""
        with self._lock:
            return any(other not in (caller, None) for other in self._queues)

    def keeps_lighter_waiting(self, caller: str, by: float) -> bool:
        """Whether somebody waits who has used so many seconds less lately."""
        mine = self.usage.lately(caller) - by
        with self._lock:
            return any(self.usage.lately(other) < mine for other in self._queues if other not in (caller, None))

    def refuses(self, caller: str) -> bool:
        """Whether one more of this caller would be told to go at once, as things are."""
        with self._lock:
            return self.waiting >= self.most and self._longest(caller) == caller

    def withdraw(self, turn: Turn, caller: str | None = None) -> bool:
        """Whether `turn` still waited; where it did not, it has been told, or is about to be."""
        with self._lock:
            entry = next((each for each in self._queues.get(caller, ()) if each.turn == turn), None)
            if entry is not None:
                self._out(caller, entry)
            return entry is not None

    def acquire(self, timeout: float, caller: str | None = None) -> bool:
        """Whether there was a place within `timeout` seconds; at once False where no more may wait."""
        told, placed = threading.Event(), list[bool]()

        def turn(has: bool) -> None:
            placed.append(has)
            told.set()

        self.ask(turn, caller)
        if not told.wait(timeout) and self.withdraw(turn, caller):
            return False
        told.wait()
        return placed[0]

    def release(self) -> None:
        """Hands the place to whose turn it is."""
        with self._lock:
            turn = None
            if self._queues:
                caller = self._next()
                turn = self._out(caller, self._queues[caller][0])
            else:
                self._free += 1
        if turn is not None:
            turn(True)

    def _out(self, caller: str | None, entry: Entry) -> Turn:
        self.waiting -= _counts(caller, entry)
        self._queues[caller].remove(entry)
        if not self._queues[caller]:
            del self._queues[caller]
        return entry.turn

    def _next(self) -> str | None:
        """The service itself; else whose first has waited beyond patience; else who has used the least, of equals the first."""
        if None in self._queues:
            return None
        came = {caller: queue[0].since for caller, queue in self._queues.items()}
        first = min(came, key=lambda caller: came[caller])
        if self._clock() - came[first] > PATIENCE:
            return first
        return min(came, key=lambda caller: (self.usage.lately(caller), came[caller]))

    def _longest(self, coming: str | None = None) -> str | None:
        """The caller with most in line, were one of `coming` added; among equals who has used the most, then who came last."""
        lengths = {caller: sum(_counts(caller, each) for each in queue) for caller, queue in self._queues.items()}
        lengths = {caller: length for caller, length in lengths.items() if length}
        if coming is not None:
            lengths[coming] = lengths.get(coming, 0) + 1
        return max(reversed(lengths), key=lambda caller: (lengths[caller], self.usage.lately(caller)), default=None)


def _counts(caller: str | None, entry: Entry) -> bool:
    return caller is not None and not entry.again
