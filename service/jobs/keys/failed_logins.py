"""Counts wrong keys by address: guessing is noticed, logged, and refused with Retry-After.

Kept in the memory of each front, because it limits load and logs; 256 bits cannot be guessed. A valid key is never
delayed, even if others send wrong keys from the same address.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from service.jobs.keys.rate_limits import MINUTE
from service.model.errors import ColophonError, TooManyWrongKeys
from service.telemetry import metrics

log = logging.getLogger("colophon.keys")
MOST = 10_000  # addresses that are remembered at the same time


class WrongKeys:
    """At most `limit` per minute from one address; 0 means no limit. Thread-safe."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self.limit, self.now = limit, now
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}  # address → when its minute began, how many since; oldest first

    def refusal(self, address: str, error: ColophonError) -> ColophonError:
        """The error for a wrong key from `address`: `error`, or TooManyWrongKeys after too many."""
        count, left = self._count(address)
        limited = 0 < self.limit < count
        metrics.WRONG_KEYS.labels("limited" if limited else "refused").inc()
        if not limited:
            return error
        if count == self.limit + 1:
            log.warning("too many wrong API keys", extra={"address": address, "limit": self.limit})
        detail = f"More than {self.limit} wrong API keys came from your address within a minute."
        return TooManyWrongKeys(detail, retry_after=left, extra={"limit": self.limit})

    def _count(self, address: str) -> tuple[int, int]:
        """The number in this minute of the address, with this one, and the seconds until the minute ends."""
        with self._lock:
            now = self.now()
            began, count = self._windows.get(address, (now, 0))
            if began + MINUTE <= now:
                began, count = now, 0
            if not count:
                self._windows.pop(address, None)  # a new minute is the youngest
                self._make_room(now)
            self._windows[address] = began, count + 1
            return count + 1, max(1, math.ceil(began + MINUTE - now))

    def _make_room(self, now: float) -> None:
        """Removes minutes that have ended. If there are still too many, removes the oldest, which would end first."""
        while self._windows:
            oldest = next(iter(self._windows))
            if len(self._windows) < MOST and self._windows[oldest][0] + MINUTE > now:
                return
            del self._windows[oldest]
