"""Ends a conversion from outside. A cancelled job frees its workers at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class Cancelled(Exception):
    """The conversion was ended by `Cancellation.cancel`. No caller waits for its result."""


class Cancellation:
    """Belongs to one conversion. `cancel` kills the workers that serve it and refuses it further ones.

    `caller` is the party the conversion is for: slots are given in turn among callers. `tenant` owns the document:
    no worker reads documents of two tenants. `cpu` is the cost so far: CPU seconds of its workers, and wall-clock
    seconds of those that were killed. With `one_by_one` the conversion has one worker at a time, even if it requests more:
    a quota of conversions at once counts it as one.
    """

    def __init__(self, caller: str = "", tenant: str = "") -> None:
        self.caller, self.tenant = caller, tenant
        self.cancelled = self.one_by_one = False
        self.cpu = 0.0
        self._lock = threading.Lock()
        self._kills: list[Callable[[], None]] = []

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            for kill in self._kills:
                kill()

    def charge(self, seconds: float) -> None:
        with self._lock:
            self.cpu += seconds

    @contextlib.contextmanager
    def around(self, kill: Callable[[], None]) -> Iterator[None]:
        """Calls `kill` if `cancel` is called inside the block. Raises Cancelled if it was called before."""
        with self._lock:
            if self.cancelled:
                raise Cancelled
            self._kills.append(kill)
        try:
            yield
        finally:
            with self._lock:
                self._kills.remove(kill)
