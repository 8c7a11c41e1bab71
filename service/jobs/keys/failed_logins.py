"""Wrong keys, counted by the address that sent them: guessing is noticed, logged, and refused with Retry-After.

In the memory of each front, for what it guards against is noise and not break-in: no one guesses 256 bits. A right key is never
held up by it, anyone who else sends wrong ones from behind the same address.
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
MOST = 10_000  # addresses that are remembered at once


class WrongKeys:
    """At most `limit` a minute from one address; 0 is not a limit. Thread-safe."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self.limit, self.now = limit, now
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}  # address → when its minute began, how many since; oldest first

    def refusal(self, address: str, error: ColophonError) -> ColophonError:
        """What to answer to a wrong key from `address`: `error`, or once there were too many TooManyWrongKeys."""
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
        """How many there were in this minute of the address, with this one, and for how many seconds it lasts."""
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
        """Forgets minutes that are over; where there are still too many, the oldest, which would end the soonest."""
        while self._windows:
            oldest = next(iter(self._windows))
            if len(self._windows) < MOST and self._windows[oldest][0] + MINUTE > now:
                return
            del self._windows[oldest]
