"""Something done at a moment, unless it is called off before: by one thread that waits for as long as its owner lives.

A thread for each call that has a deadline took up to a millisecond to start where others wanted the CPU too (measured).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

Ring = Callable[[], None]


class Alarm:
    """One moment at a time. Its thread starts when it is first set, and wakes only for moments earlier than it waits for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._turn = threading.Condition()
        self._thread: threading.Thread | None = None
        self._moment = self._awaited = math.inf
        self._ring: Ring | None = None
        self._stopped = False

    def set(self, moment: float, ring: Ring) -> None:
        """Calls `ring` at `moment` of the monotonic clock, in the alarm's thread, and forgets what it was set to before."""
        with self._turn:
            self._moment, self._ring = moment, ring
            if self._thread is None or not self._thread.is_alive():  # what rang may have failed
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
            elif moment < self._awaited:
                self._turn.notify()

    def clear(self) -> None:
        with self._turn:
            self._moment, self._ring = math.inf, None

    def stop(self) -> None:
        """Ends the thread; it may be called from there."""
        with self._turn:
            self._stopped = True
            self._turn.notify()

    def _run(self) -> None:
        while (ring := self._next()) is not None:
            ring()

    def _next(self) -> Ring | None:
        """What rings next, at its moment; None when it is stopped."""
        with self._turn:
            while not self._stopped:
                if self._ring is not None and self._moment <= time.monotonic():
                    ring, self._moment, self._ring = self._ring, math.inf, None
                    return ring
                self._awaited = self._moment
                left = self._awaited - time.monotonic()
                self._turn.wait(None if left == math.inf else max(0.0, left))
            return None
