"""The fetcher's state of hosts: open connections, and addresses that could not be reached.

Both tables are keyed by tenant and by the host and port that the guard has checked, so that no tenant can stop the images
of another, and no host is held responsible for a host that it redirects to. Both are bounded: `Turns` forgets a host when
its last connection ends, `Pauses` holds at most `MOST_PAUSED` entries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import SplitResult

from service.network.addresses import port_of

PAUSE = 60.0  # seconds before an address that could not be reached is tried again
MOST_PAUSED = 1_000


class Place(NamedTuple):
    """The place that a tenant connects to."""

    tenant: str
    host: str
    port: int

    @classmethod
    def of(cls, tenant: str, parts: SplitResult) -> Place:
        """`parts` come from `Guard.check`, so the host and the port are valid."""
        return cls(tenant, str(parts.hostname).lower(), port_of(parts))


@dataclass
class _Turn:
    free: threading.BoundedSemaphore
    users: int = 0


@dataclass
class Turns:
    """At most `at_once` connections to a place; thread-safe."""

    at_once: int
    _turns: dict[Place, _Turn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def at(self, place: Place, seconds: float) -> Iterator[None]:
        """Raises TimeoutError if no connection is free within `seconds`."""
        with self._lock:
            turn = self._turns.setdefault(place, _Turn(threading.BoundedSemaphore(self.at_once)))
            turn.users += 1
        try:
            if not turn.free.acquire(timeout=max(0.0, seconds)):
                raise TimeoutError("all connections to the host are in use")
            try:
                yield
            finally:
                turn.free.release()
        finally:
            with self._lock:
                turn.users -= 1
                if not turn.users:
                    del self._turns[place]

    def __len__(self) -> int:
        """The number of places with a connection, or with a caller that waits for one."""
        return len(self._turns)


@dataclass
class Pauses:
    """Places that could not be reached; an archive often names one dead host thousands of times. Thread-safe."""

    clock: Callable[[], float]
    _until: dict[Place, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, place: Place) -> None:
        with self._lock:
            self._until.pop(place, None)  # the dictionary stays in the order of the ends
            while len(self._until) >= MOST_PAUSED:
                del self._until[next(iter(self._until))]
            self._until[place] = self.clock() + PAUSE

    def __contains__(self, place: Place) -> bool:
        with self._lock:
            now = self.clock()
            while self._until and next(iter(self._until.values())) <= now:
                del self._until[next(iter(self._until))]
            return place in self._until

    def __len__(self) -> int:
        return len(self._until)
