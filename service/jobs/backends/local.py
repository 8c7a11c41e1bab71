"""Threads of this process run the items, without another server. Several processes may share a database."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.jobs.reaper import Reaper, end
from service.jobs.records import Claim
from service.jobs.runner import Runner
from service.jobs.store import JobStore
from service.model.errors import ColophonError

log = logging.getLogger("colophon.jobs")
POLL = 0.5  # seconds until work that another process accepted is seen


class LocalBackend:
    """One dispatcher claims an item when one of `settings.workers` threads is free. Until then items stay in the fair queue."""

    def __init__(self, jobs: JobStore, runner: Runner, purging: bool = True) -> None:
        self.jobs, self.runner = jobs, runner
        self._slots = threading.Semaphore(jobs.settings.workers)
        self._wake = threading.Event()
        self._threads = ThreadPoolExecutor(jobs.settings.workers, thread_name_prefix="item")
        self._reaper = Reaper(jobs, lambda reaped: self.announce(reaped) if reaped else None, purging)
        self._dispatcher = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)
        self._lock = threading.Lock()
        self._state = "stopped"

    def start(self) -> None:
        with self._lock:
            if self._state != "stopped" or self.runner.closing:
                return
            self._state = "ok"
        self._reaper.start()
        self._dispatcher.start()

    def announce(self, item_ids: Sequence[str]) -> None:  # noqa: ARG002 - the queue knows them
        self._wake.set()

    def work(self, stop: threading.Event) -> None:
        self.start()
        stop.wait()
        self.stop(self.jobs.settings.drain)

    def _dispatch(self) -> None:
        while not self.runner.closing:
            if not self._slots.acquire(timeout=POLL):
                continue
            claim = self._claim()
            if claim is None:
                self._slots.release()
                self._wake.wait(POLL)
                self._wake.clear()
            else:
                self._threads.submit(self._run, claim)

    def _claim(self) -> Claim | None:
        try:
            claim = self.runner.claim()
            self._state = "ok"
            return claim
        except ColophonError as error:
            if self._state != error.code:
                log.warning("no items can be claimed: %s", error.code)
            self._state = error.code
        except Exception:
            log.exception("the dispatcher continues")
        return None

    def _run(self, claim: Claim) -> None:
        try:
            self.runner.run(claim)
        finally:
            self._slots.release()
            self._wake.set()

    def stop(self, grace: float) -> None:
        self.runner.stop(grace)
        self._wake.set()
        self._reaper.stop()
        end(self._dispatcher)
        self._threads.shutdown(wait=False)

    def status(self) -> dict[str, Any]:
        return {"name": "local", "state": self._state, "running": self.runner.running}
