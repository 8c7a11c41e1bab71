"""Deadlines of one call: one per step, and one for the whole call where the caller set it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.model.document import EMPTY
from service.model.operations import OPERATIONS
from service.model.settings import Settings
from service.workers.scheduling import TICK
from service.workers.timer import Alarm


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for each step, counted from the end of the step before, and for the whole call."""

    steps: tuple[float, ...]
    whole: float = math.inf


def limits_of(operation: str, settings: Settings, deadline: float | None, header: Mapping[str, Any] = EMPTY) -> Limits:
    """The limits of the settings; `deadline` is the caller's own for the whole call, `header` that of the operation.

    An operation without a row (of another program than `workers.main`) is one step. Raises KeyError if it has no deadline.
    """
    row = OPERATIONS.get(operation)
    if row is None and deadline is None:
        raise KeyError(operation)
    whole = math.inf if deadline is None else deadline
    is_book = bool(header.get("conversion", EMPTY).get("options", EMPTY).get("combine"))
    return Limits(tuple(settings[name] for name in row.steps(is_book)) if row else (whole,), whole)


class Watchdog:
    """Calls `expire` at the deadline, and `check` from time to time before. Both run in the alarm's thread.

    `check` returns the seconds until its next call; 0 ends the call now.
    """

    def __init__(
        self, alarm: Alarm, limits: Limits, expire: Callable[[], None], check: Callable[[], float] | None = None
    ) -> None:
        self.expired = False
        self._alarm, self._expire, self._check = alarm, expire, check
        self._steps = iter(limits.steps)
        self._lock = threading.Lock()
        self._finished = False
        began = time.monotonic()
        self._end = began + limits.whole
        self._until = self._next()
        self._next_check = began + TICK if check else math.inf

    def __enter__(self) -> Watchdog:
        with self._lock:
            self._arm()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._finished = True
            self._alarm.clear()

    def step(self) -> None:
        """Starts the next step. Raises ValueError without a next step: a worker cannot gain time by reporting steps."""
        with self._lock:
            self._until = self._next()
            self._arm()

    def _next(self) -> float:
        seconds = next(self._steps, None)
        if seconds is None:
            raise ValueError("The worker reports more steps than its operation has.")
        return min(time.monotonic() + seconds, self._end)

    def _arm(self) -> None:
        self._alarm.set(min(self._next_check, self._until), self._wake)

    def _wake(self) -> None:
        seconds = math.inf
        try:
            if self._check and not self._finished and time.monotonic() < self._until:
                seconds = self._check()
        finally:  # also after an exception of `check`
            with self._lock:
                self._next_check = time.monotonic() + seconds
                if not self._finished:
                    self._end_or_arm(now=not seconds)

    def _end_or_arm(self, now: bool) -> None:
        if now or time.monotonic() >= self._until:  # otherwise another step may have started just now
            self.expired = True
            self._expire()
        else:
            self._arm()
