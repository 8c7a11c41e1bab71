"""The operations of a worker in this process: for Python programs, tests and measurements that trust their documents.

There is no sandbox, and nothing can be killed: a deadline ends the caller's wait, not the work.
"""

from __future__ import annotations

import contextvars
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import orjson

from service.engines import Engines
from service.engines.fonts import face
from service.engines.pandoc.process import Pandoc
from service.engines.weasyprint import rendering
from service.model import codec
from service.model.errors import DeadlineExceeded, Draining
from service.model.settings import Settings
from service.telemetry.timings import stage
from service.workers import child
from service.workers.cancellation import Cancellation
from service.workers.deadlines import limits_of
from service.workers.main import OPERATIONS


class InProcessWorkers:
    """One worker without a process: calls run one after the other, in a thread with the stack of a worker.

    `step` is called when the next step of a call begins.
    """

    def __init__(self, settings: Settings, step: Callable[[], None] = lambda: None) -> None:
        self.settings, self._step = settings, step
        self._engines: Engines | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="in-process")
        with child.large_stack():
            self._thread.submit(threading.get_ident).result()
        self._stopped = False

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes] = (),
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The operation's answer. Raises Cancelled, Draining, DeadlineExceeded, and what the operation raises."""
        if self._stopped:
            raise Draining(retry_after=5)
        limits = limits_of(operation, self.settings, deadline)
        with stage(operation, header.get("target", "")), (cancellation or Cancellation()).around(lambda: None):
            work = contextvars.copy_context().run
            future = self._thread.submit(work, self._perform, operation, header, blobs)
            try:
                return future.result(None if limits.whole == math.inf else limits.whole)
            except TimeoutError:
                future.cancel()
                raise DeadlineExceeded from None

    def _perform(self, operation: str, header: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        if self._engines is None or not self._engines.pandoc.alive:
            self._engines = Engines(Pandoc(self.settings), self.settings, self._step)
        try:
            answer, parts = child.perform(OPERATIONS[operation], header, blobs, self._engines)
        finally:
            if face.SEEN:
                rendering.forget_fonts()
        return orjson.loads(codec.encode(answer)), parts  # the types that come through the pipes of a worker

    def stop(self) -> None:
        """Waits for the call under way. Idempotent."""
        self._stopped = True
        self._thread.shutdown(cancel_futures=True)
        if self._engines is not None:
            self._engines.pandoc.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
