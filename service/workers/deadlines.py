"""The time of one call: each step of its work has its own, and the caller may have set a limit to all of it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.model.settings import Settings
from service.workers.slow_queue import TICK
from service.workers.timer import Alarm


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds: of each step, from where the one before ended; and of the whole."""

    steps: tuple[float, ...]
    whole: float = math.inf


# An operation that is not in here is one step, by its own name. Each step has a deadline among the settings.
STEPS: Mapping[str, tuple[str, ...]] = {"convert": ("read", "write")}


def limits_of(operation: str, settings: Settings, deadline: float | None) -> Limits:
    """The settings' and, for the whole, the caller's own `deadline`."""
    names = [f"{step}_deadline" for step in STEPS.get(operation, (operation,))]
    if deadline is None:
        return Limits(tuple(settings[name] for name in names))
    return Limits(tuple(settings.get(name, deadline) for name in names), deadline)


class Watchdog:
    """Calls `strike` when the time is up, and `look` every now and then until then. Both in the alarm's thread.

    `look` tells after how many seconds it is to be called again, and by 0 that the time is up now.
    """

    def __init__(self, alarm: Alarm, limits: Limits, strike: Callable[[], None], look: Callable[[], float] | None = None) -> None:
        self.expired = False
        self._alarm, self._strike, self._look = alarm, strike, look
        self._steps = iter(limits.steps)
        self._lock = threading.Lock()
        self._finished = False
        began = time.monotonic()
        self._end = began + limits.whole
        self._until = self._next()
        self._looks = began + TICK if look else math.inf

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
        self._alarm.set(min(self._looks, self._until), self._wake)

    def _wake(self) -> None:
        seconds = math.inf
        try:
            if self._look and not self._finished and time.monotonic() < self._until:
                seconds = self._look()
        finally:  # whatever came of it
            with self._lock:
                self._looks = time.monotonic() + seconds
                if not self._finished:
                    self._end_or_arm(now=not seconds)

    def _end_or_arm(self, now: bool) -> None:
        if now or time.monotonic() >= self._until:  # else another step may have begun just now
            self.expired = True
            self._strike()
        else:
            self._arm()
