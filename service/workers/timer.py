"""Calls a function at a given time, unless it is cancelled before. One thread serves the owner for its whole life.

A thread for each call with a deadline took up to a millisecond to start on a busy machine (measured).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

Ring = Callable[[], None]


class Alarm:
    """It has one alarm at a time. Its thread starts with the first alarm and wakes early only for an earlier one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._moment = self._awaited = math.inf
        self._ring: Ring | None = None
        self._stopped = False

    def set(self, moment: float, ring: Ring) -> None:
        """Calls `ring` at `moment` of the monotonic clock, in the alarm's thread. It replaces the alarm before."""
        with self._turn:
            self._moment, self._ring = moment, ring
            if self._thread is None or not self._thread.is_alive():  # `ring` may have failed
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
            elif moment < self._awaited:
                self._turn.notify()

    def clear(self) -> None:
        with self._turn:
            self._moment, self._ring = math.inf, None

    def stop(self) -> None:
        """Ends the thread. It may be called from that thread."""
        with self._turn:
            self._stopped = True
            self._turn.notify()

    def _run(self) -> None:
        while (ring := self._next()) is not None:
            ring()

    def _next(self) -> Ring | None:
        """Waits for the next alarm; None after `stop`."""
        with self._turn:
            while not self._stopped:
                if self._ring is not None and self._moment <= time.monotonic():
                    ring, self._moment, self._ring = self._ring, math.inf, None
                    return ring
                self._awaited = self._moment
                left = self._awaited - time.monotonic()
                self._turn.wait(None if left == math.inf else max(0.0, left))
            return None
