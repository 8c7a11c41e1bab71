"""The way to end a conversion from outside: whoever cancels a job frees its workers at once, not when they are done."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class Halted(Exception):
    """The conversion was ended by `Halt.strike`; nobody waits for it any more."""


class Halt:
    """One conversion's: struck once, it kills the workers that the conversion is in and refuses it further ones.

    `caller` is whose it is, for places go by turns among callers; `tenant` is whose document it reads, for no worker reads those
    of two tenants. `cpu` is what the conversion has cost so far: CPU-seconds of
    its workers, and seconds by the clock of those that were killed.
    """

    def __init__(self, caller: str = "", tenant: str = "") -> None:
        self.caller, self.tenant = caller, tenant
        self.struck = False
        self.cpu = 0.0
        self._lock = threading.Lock()
        self._kills: list[Callable[[], None]] = []

    def strike(self) -> None:
        with self._lock:
            self.struck = True
            for kill in self._kills:
                kill()

    def charge(self, seconds: float) -> None:
        with self._lock:
            self.cpu += seconds

    @contextlib.contextmanager
    def around(self, kill: Callable[[], None]) -> Iterator[None]:
        """Within it, a strike calls `kill`. Raises Halted where it was struck before."""
        with self._lock:
            if self.struck:
                raise Halted
            self._kills.append(kill)
        try:
            yield
        finally:
            with self._lock:
                self._kills.remove(kill)
