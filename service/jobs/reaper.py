"""Regular work that any process can do: lost leases and expired data."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from service.jobs.purge import purge
from service.jobs.store import JobStore
from service.model.errors import ColophonError

log = logging.getLogger("colophon.jobs")
TICK = 2.0  # seconds


def end(thread: threading.Thread) -> None:
    """Waits a limited time for a thread to end after its signal. A thread that never started has ended."""
    if thread.ident is not None and thread is not threading.current_thread():
        thread.join(5)


class Reaper:
    """A thread; any number of processes may have one. `after` is called at each tick, with the ids that were reaped."""

    def __init__(self, jobs: JobStore, after: Callable[[Sequence[str]], None], purging: bool) -> None:
        self.jobs, self.after = jobs, after
        self._seconds = jobs.settings.purge_minutes * 60 if purging else 0
        self._next_purge = time.monotonic() + self._seconds
        self._stopped = threading.Event()
        self._failing = False

        self._thread = threading.Thread(target=self._loop, name="reaper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread no longer uses the database, or after a time limit."""
        self._stopped.set()
        end(self._thread)

    def _loop(self) -> None:
        while not self._stopped.wait(TICK):
            try:
                self._tick()
                self._failing = False
            except ColophonError as error:
                if not self._failing:
                    log.warning("the job store is not available: %s", error.code)
                self._failing = True
            except Exception:
                log.exception("the reaper continues")

    def _tick(self) -> None:
        reaped = self.jobs.queue.reap()
        if reaped:
            log.info("%d items had lost their runner", len(reaped))
        self.after(reaped)
        if self._seconds and time.monotonic() > self._next_purge:
            self._next_purge = time.monotonic() + self._seconds
            purge(self.jobs)
