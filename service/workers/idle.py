"""Workers that wait for a call. One that has read a document of a tenant is never given to another tenant.

Data of a parser, or code that took over a worker, ends with the worker: the next tenant gets
one that has read nothing. A fork for each call instead costs 36 ms of CPU (docs/decisions.md).
"""

from __future__ import annotations

import queue
import threading
import time

from service.workers.worker import Worker

CHANGING = 60.0  # seconds after a tenant found no worker that it may use


class Idle:
    """Thread-safe. The worker that was returned last is used first: its memory is in the CPU caches."""

    def __init__(self) -> None:
        self._workers: list[Worker] = []
        self._changed = threading.Condition()
        self._changing_until = 0.0

    def put(self, worker: Worker) -> None:
        with self._changed:
            self._workers.append(worker)
            self._changed.notify_all()

    def take(self, tenant: str, timeout: float = 0.0) -> Worker:
        """A worker of this tenant, else one that has read nothing; it then belongs to the tenant. Raises queue.Empty."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                found = self._newest(tenant) or self._newest(None)
                if found is not None:
                    self._workers.remove(found)
                    found.tenant = tenant
                    return found
                if not self._changed.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    raise queue.Empty

    def _newest(self, tenant: str | None) -> Worker | None:
        return next((each for each in reversed(self._workers) if each.tenant == tenant), None)

    def missed(self, tenant: str, to_end: bool) -> Worker | None:
        """Call it when `take` found no worker for `tenant`. Notes that tenants change if only workers of others are idle.

        With `to_end`, returns one of them: a new worker takes its place. A worker may have become idle since `take`:
        the tenant gets that one, and nothing changes.
        """
        with self._changed:
            if not self._workers or self._newest(tenant) or self._newest(None):
                return None
            self._changing_until = time.monotonic() + CHANGING
            return self._evict() if to_end else None

    @property
    def more(self) -> int:
        """The number of workers to keep for a tenant without one: 1 while tenants change, else 0."""
        return int(time.monotonic() < self._changing_until)

    def surplus(self, starting: int) -> Worker | None:
        """A worker to replace by a new one: while tenants change, a new one must be ready before it is needed."""
        return self._evict() if self.more and not starting + self._new() else None

    def _new(self) -> int:
        with self._changed:
            return sum(each.tenant is None for each in self._workers)

    def _evict(self) -> Worker | None:
        """Removes and returns the worker that has been idle longest of those that have read documents."""
        with self._changed:
            used = next((each for each in self._workers if each.tenant is not None), None)
            if used is not None:
                self._workers.remove(used)
            return used

    def __len__(self) -> int:
        return len(self._workers)
