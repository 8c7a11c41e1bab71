"""Checks the disk, the store and the database. Each check ends within PATIENCE.

A network disk, an object store or a database may not answer for longer than a probe waits. A check that has not ended is
not started again, so probes of a hanging service use one thread for each check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock

from service.model.errors import ColophonError

PATIENCE = 4.0  # seconds
SILENT = "no-answer"
Check = Callable[[], None]


class Readiness:
    """`checks`: name → a function that raises a ColophonError if that part cannot be used. Thread-safe."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._threads = ThreadPoolExecutor(len(checks), thread_name_prefix="readiness")
        self._under_way: dict[str, Future[str]] = {}
        self._lock = Lock()

    def states(self) -> dict[str, str]:
        """Name → `ok`, the code of the problem, or `no-answer`."""
        with self._lock:
            asked = {name: self._asked(name) for name in self._checks}
        wait(asked.values(), PATIENCE)
        return {name: future.result() if future.done() else SILENT for name, future in asked.items()}

    def _asked(self, name: str) -> Future[str]:
        """The running check, else a new one. An earlier answer is never used again."""
        future = self._under_way.get(name)
        if future is None or future.done():
            future = self._under_way[name] = self._threads.submit(_state, self._checks[name])
        return future

    def stop(self) -> None:
        """Returns at once. A check that hangs ends by its own limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _state(check: Check) -> str:
    try:
        check()
    except ColophonError as error:
        return error.code
    return "ok"
