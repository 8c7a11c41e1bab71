"""The time of one call: each step of its work has its own, and the caller may have set a limit to all of it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.engines.alarm import Alarm


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds: of each step, from where the one before ended; and of the whole."""

    steps: tuple[float, ...]
    whole: float = math.inf


class Watchdog:
    """Calls `strike` when the time is up, and `overdue`, if `patience` is over before, once. Both in the alarm's thread."""

    def __init__(
        self,
        alarm: Alarm,
        limits: Limits,
        strike: Callable[[], None],
        overdue: Callable[[], None] | None = None,
        patience: float = 0.0,
    ) -> None:
        self.expired = False
        self._alarm, self._strike, self._overdue = alarm, strike, overdue
        self._steps = iter(limits.steps)
        self._lock = threading.Lock()
        self._finished = False
        began = time.monotonic()
        self._end = began + limits.whole
        self._until = self._next()
        self._patient_until = began + patience if overdue and patience else math.inf

    def __enter__(self) -> Watchdog:
        with self._lock:
            self._arm()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._finished = True
            self._alarm.clear()

    def step(self) -> None:
        """The next step begins now. Raises ValueError where there is none: a worker must not get time by asking for it."""
        with self._lock:
            self._until = self._next()
            self._arm()

    def _next(self) -> float:
        seconds = next(self._steps, None)
        if seconds is None:
            raise ValueError("a step too many")
        return min(time.monotonic() + seconds, self._end)

    def _arm(self) -> None:
        if self._patient_until < self._until:
            self._alarm.set(self._patient_until, self._slow)
        else:
            self._alarm.set(self._until, self._over)

    def _slow(self) -> None:
        try:
            if self._overdue and not self._finished:
                self._overdue()
        finally:  # whatever came of it
            with self._lock:
                self._patient_until = math.inf
                if not self._finished:
                    self._arm()

    def _over(self) -> None:
        with self._lock:
            if self._finished:
                return
            if time.monotonic() < self._until:  # the next step began just now
                self._arm()
                return
            self.expired = True
            self._strike()
