"""Recent use of the workers by caller: the next slot goes to the caller with the least."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

HALF_LIFE = 30.0  # seconds after which half of the use is forgotten
MOST = 4_096  # callers kept
HEAVY = 2.0  # seconds above the caller with the least use


class Usage:
    """Worker seconds by caller (a key or an address), running calls included. Thread-safe.

    Time used while no other caller waited is not counted. The caller `None` is the service itself and uses nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}  # seconds, and when they were counted
        self._under_way: dict[str, list[float]] = {}  # start times
        self._lock = threading.Lock()

    def begin(self, caller: str) -> float:
        """Starts a call. Returns its start time, for `end`."""
        began = self._clock()
        with self._lock:
            self._under_way.setdefault(caller, []).append(began)
            self._spent[caller] = (self._left(caller, began), began)
            if len(self._spent) > MOST:
                self._forget(began)
        return began

    def end(self, caller: str, began: float, seconds: float) -> None:
        """Ends a call and counts `seconds` for it."""
        with self._lock:
            calls = self._under_way[caller]
            calls.remove(began)
            if not calls:
                del self._under_way[caller]
            now = self._clock()
            self._spent[caller] = (self._left(caller, now) + seconds, now)

    def lately(self, caller: str | None) -> float:
        """Seconds used lately."""
        if caller is None:
            return 0.0
        with self._lock:
            return self._lately(caller, self._clock())

    def heavy(self, caller: str) -> bool:
        """Whether the caller has used much more than another recent caller. A single caller is never heavy."""
        with self._lock:
            now = self._clock()
            mine = self._lately(caller, now)
            if mine <= HEAVY:
                return False
            seen = (each for each, (_, then) in self._spent.items() if each != caller and now - then < HALF_LIFE)
            return any(mine > self._lately(each, now) + HEAVY for each in seen)

    def _lately(self, caller: str, now: float) -> float:
        return self._left(caller, now) + sum(now - began for began in self._under_way.get(caller, ()))

    def _left(self, caller: str, now: float) -> float:
        seconds, then = self._spent.get(caller, (0.0, now))
        return float(seconds * 0.5 ** ((now - then) / HALF_LIFE))

    def _forget(self, now: float) -> None:
        """Forgets the half of the callers that used the least: they lose the least by it."""
        by_use = sorted(self._spent, key=lambda caller: self._left(caller, now))
        for caller in by_use[: MOST // 2]:
            del self._spent[caller]
