"""The pool of warm workers: a bounded number of conversions at once, each in a process group that a deadline can kill.

A worker is a Python process and its pandoc, in a session of their own. A crash or a kill fails only its own
call. A warm spare serves the next call. For the choice against pebble see docs/decisions.md.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.engines.weasyprint import tested_versions
from service.model.errors import ColophonError, DeadlineExceeded, Draining, EngineCrashed, Internal, QueueFull
from service.model.settings import Settings
from service.storage import temporary_folders
from service.telemetry.timings import stage
from service.workers.cancellation import Cancellation, Cancelled
from service.workers.deadlines import Limits, limits_of
from service.workers.fork_server import ForkServer
from service.workers.idle import Idle
from service.workers.scheduling import Evicted, Scheduler, Slot
from service.workers.slots import Slots
from service.workers.worker import START_DEADLINE, Running, Worker

GRACE = 30.0
log = logging.getLogger("colophon.workers")


class WorkerPool:
    """Runs at most `settings.workers` quick calls at once, and slow ones next to them: see `service.workers.scheduling`.

    `spares` more workers are kept warm to replace those that died or serve a slow call. `targets` are the only formats
    that will be written: engines that no format needs are not loaded. None loads all.
    """

    def __init__(
        self,
        settings: Settings,
        module: str = "service.workers.main",
        spares: int = 1,
        targets: Sequence[str] | None = None,
        nicer: int = 0,
    ) -> None:
        """`nicer`: see `ForkServer`."""
        self.settings, self.module, self.spares, self.targets, self.nicer = settings, module, spares, targets, nicer
        self.size: int = settings.workers
        self.scheduler, self._idle = Scheduler(self.size, settings.waiting), Idle()
        self._all: set[Worker] = set()
        self._lock = threading.Lock()
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._hungry = 0  # calls with a slot but no worker yet
        self._count = self._starting = 0  # all workers, and those that are not ready yet
        self._failures = 0
        self.returns = True  # whether a worker's priority can be restored, as far as known
        self.counts: collections.Counter[str] = collections.Counter()
        self.sandbox: dict[str, Any] = {}
        self.closing = False
        self.ever_ready = False
        self._starter = threading.Thread(target=self._start_workers, name="worker-starter", daemon=True)
        self._starter.start()
        for message in tested_versions.warnings():
            log.warning(message)
        threading.Thread(target=temporary_folders.sweep, name="sweeper", daemon=True).start()
        self._refill()

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes] = (),
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The operation's answer. `deadline` is in seconds of work. The settings `<step>_deadline` hold as well.

        Raises QueueFull, Draining, DeadlineExceeded, EngineCrashed, Cancelled, and what the operation raises.
        """
        limits, began = limits_of(operation, self.settings, deadline, header), time.monotonic()
        cancellation = cancellation or Cancellation()
        with stage(operation, header.get("target", "")):
            try:
                return self._call(operation, header, blobs, limits, cancellation, self._entry(cancellation.caller))
            except Evicted:
                left = limits.whole - (time.monotonic() - began)
                return self._call(operation, header, blobs, Limits(limits.steps, left), cancellation, self.scheduler.slow)

    def _call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes],
        limits: Limits,
        cancellation: Cancellation,
        entry: Slots,
    ) -> tuple[dict[str, Any], list[bytes]]:
        cause = ""
        with self._slot(cancellation, entry) as (slot, worker):
            started = self.scheduler.usage.begin(cancellation.caller)
            contended = self.scheduler.keeps_waiting(cancellation.caller)
            try:
                with cancellation.around(worker.kill), stage("worker"):
                    return worker.call(operation, header, blobs, limits, slot.check)
            except DeadlineExceeded:
                cause = "evicted" if slot.evicted else "deadline"
                if slot.evicted:
                    raise Evicted from None
                raise
            except EngineCrashed as error:
                cause = "cancelled" if cancellation.cancelled else "crash"
                if cancellation.cancelled:
                    raise Cancelled from None
                log.error("a worker died in %s: %s", operation, getattr(error, "__notes__", ""))
                raise
            finally:
                spent = time.monotonic() - started
                cost = spent if worker.cpu is None else worker.cpu
                cancellation.charge(cost)
                contended = contended or self.scheduler.keeps_waiting(cancellation.caller)
                self.scheduler.usage.end(cancellation.caller, started, cost if contended else 0.0)
                log.debug("worker called", extra={"operation": operation, "pid": worker.pid, "ms": round(spent * 1000, 1)})
                self.scheduler.durations.append(slot.settle())
                self._give_back(worker, cause, slot.slow)

    @contextlib.contextmanager
    def _slot(self, cancellation: Cancellation, entry: Slots) -> Iterator[tuple[Slot, Worker]]:
        """A slot and its worker. The caller gives the worker back."""
        with stage("wait"):
            slot = self._enter(cancellation.caller, entry)
            try:
                worker = self._take(cancellation.tenant)
            except BaseException:
                slot.leave()
                raise
        slot.runs(Running(worker, self._refill))
        if slot.slow and self.returns:
            worker.slow_down()
        try:
            yield slot, worker
        finally:
            slot.leave()

    def _entry(self, caller: str) -> Slots:
        return self.scheduler.entry(caller) if self.settings.slow_after else self.scheduler.quick

    def _enter(self, caller: str, entry: Slots) -> Slot:
        if self.closing:
            raise Draining(retry_after=5)
        if not entry.acquire(self.settings.queue_wait, caller):
            raise QueueFull("All workers are busy.", retry_after=self.retry_after())
        return Slot(self.scheduler, caller, self.settings.slow_after, slow=entry is self.scheduler.slow)

    def refuse_early(self, caller: str) -> None:
        """Raises QueueFull if a call of this caller would be refused now. Call it before expensive preparation."""
        if self._entry(caller).refuses(caller):
            raise QueueFull("All workers are busy, and callers with less use wait.", retry_after=self.retry_after())

    def retry_after(self) -> int:
        """Seconds until a slot is likely to be free."""
        return self.scheduler.retry_after()

    def _take(self, tenant: str) -> Worker:
        with self._lock:
            self._hungry += 1
        self._refill()
        try:
            return self._next_idle(tenant, time.monotonic() + START_DEADLINE)
        finally:
            with self._lock:
                self._hungry -= 1

    def _next_idle(self, tenant: str, deadline: float) -> Worker:
        timeout = 0.0
        while True:
            try:
                worker = self._idle.take(tenant, timeout)
            except queue.Empty:
                if self.closing:
                    raise Draining(retry_after=5) from None
                if self._failures >= 3 or time.monotonic() > deadline:
                    raise Internal("No worker can be started. The log has the cause.") from None
                self._make_room(tenant)
                timeout = 0.5
                continue
            if worker.alive:
                return worker
            self._retire(worker, "idle")

    def _make_room(self, tenant: str) -> None:
        """If only workers of other tenants are idle, replaces one of them by a new worker."""
        if (used := self._idle.missed(tenant, self._starting < self._hungry)) is not None:
            self._retire(used, "")
        self._refill()

    def _give_back(self, worker: Worker, cause: str, slow: bool) -> None:
        """`cause`: why the worker ended in its call; empty if it answered. One that answered and ended had no heap left."""
        if not worker.alive:
            self._retire(worker, cause or "memory")
        elif worker.worn or self.closing or (slow and not self._returns(worker)):
            self._retire(worker, cause or worker.worn or ("" if self.closing else "recycled"))
        else:
            self._keep(worker)

    def _returns(self, worker: Worker) -> bool:
        """Restores the worker's priority. Returns whether that worked."""
        came_back = worker.speed_up()
        self.returns = self.returns and came_back
        return came_back

    def _keep(self, worker: Worker, new: bool = False) -> None:
        """Keeps the worker for the next call, or retires it if enough are idle because the slow calls have ended."""
        with self._lock:
            self._starting -= new
            enough = len(self._idle) >= self.size + self.spares + self._idle.more
            if not enough:
                self._idle.put(worker)
        if (gone := worker if enough else self._idle.surplus(self._starting)) is not None:
            self._retire(gone, "")

    def _refill(self) -> None:
        """Starts workers: one per slot and spare, and one per slow call when idle ones run out."""
        with self._lock:
            least = self.size + self.spares + self._idle.more
            most = least + self.scheduler.extra
            while self._count < least or (self._count < most and len(self._idle) + self._starting < self.spares + self._hungry):
                self._count += 1
                self._starting += 1
                self._wanted.put(True)

    def _retire(self, worker: Worker, cause: str) -> None:
        """`cause` is one of the labels of `colophon_worker_endings_total`; empty for a regular end, which is not counted."""
        if cause:
            self.counts[cause] += 1
        with self._lock:
            self._all.discard(worker)
            self._count -= 1
        if not self.closing:
            self._refill()
        worker.close()

    def _start_workers(self) -> None:
        """Runs until the pool ends: the kernel kills the fork server when the thread that started it ends."""
        server = ForkServer(self.settings, self.module, self.targets, self.nicer)
        while self._wanted.get():
            if self.closing:
                continue
            if self._failures:
                time.sleep(min(0.2 * 2**self._failures, 10))
            try:
                if not server.alive:
                    server.close()
                    server = ForkServer(self.settings, self.module, self.targets, self.nicer)
                worker = Worker(server)
            except (EngineCrashed, OSError):
                log.exception("a worker cannot be started")
                self._failures += 1
                self._wanted.put(True)
                continue
            with self._lock:
                self._all.add(worker)
            threading.Thread(target=self._welcome, args=(worker,), daemon=True).start()
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            worker.close()
        server.close()

    def _welcome(self, worker: Worker) -> None:
        try:
            worker.wait_until_ready()
        except (ColophonError, OSError) as error:
            self._failures += 1
            if not self.closing:
                log.error("a worker did not become ready: %s %s", error, getattr(error, "__notes__", ""))
            with self._lock:
                self._starting -= 1
            self._retire(worker, "start")
            return
        self._failures = 0
        self.ever_ready = True
        self.sandbox = worker.facts.get("sandbox", {})
        self._keep(worker, new=True)

    def wait_until_ready(self, seconds: float = START_DEADLINE) -> bool:
        """Whether a worker is ready within `seconds`."""
        deadline = time.monotonic() + seconds
        while not len(self._idle) and time.monotonic() < deadline and self._failures < 3:
            time.sleep(0.01)
        return bool(len(self._idle))

    def status(self) -> dict[str, Any]:
        """For /readyz and the metrics."""
        with self._lock:
            workers = list(self._all)
        return {
            "size": self.size,
            "alive": sum(worker.alive for worker in workers),
            "idle": len(self._idle),
            "slow": self.scheduler.slowed,
            "paused": self.scheduler.paused,
            "waiting": self.scheduler.waiting,
            "memory": sum(worker.memory for worker in workers),
            "counts": dict(self.counts),
            "sandbox": dict(self.sandbox),
            "closing": self.closing,
        }

    def stop(self, grace: float = GRACE) -> None:
        """Refuses new calls, gives running ones `grace` seconds, then kills every process group."""
        self.closing = True
        self.scheduler.close(time.monotonic() + grace)
        self._wanted.put(False)
        self._starter.join(START_DEADLINE)
