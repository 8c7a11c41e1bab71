"""Where conversions are made: the warm workers, the fetcher and the cache of results, made once per process and on first use.

The web, the runner of jobs and the command line have one each. A pool must not be started before a fork.
"""

from __future__ import annotations

import functools
import os
import threading
from functools import cached_property
from typing import Self

from service.conversion import memory
from service.conversion.driver import Fetch, Outcome, convert
from service.conversion.result_cache import ResultCache
from service.model.document import Conversion, Source
from service.model.errors import Draining
from service.model.settings import Settings
from service.network.fetcher import Fetcher
from service.telemetry import metrics
from service.telemetry.tracing import Tracing, open_tracing
from service.workers.cancellation import Cancellation
from service.workers.pool import GRACE, WorkerPool


class Converter:
    """`spares` are workers that take the place of one that ends; a command that ends soon needs none."""

    def __init__(self, settings: Settings, spares: int = 1) -> None:
        memory.give_back()
        self.settings, self._spares = settings, spares
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None
        self._stopped = False

    @property
    def workers(self) -> WorkerPool:
        """Raises Draining when the converter was stopped."""
        with self._lock:
            if self._stopped:
                raise Draining(retry_after=5)
            if self._pool is None:
                self._pool = WorkerPool(self.settings, spares=self._spares)
            return self._pool

    @cached_property
    def fetcher(self) -> Fetcher:
        return Fetcher(self.settings)

    def fetcher_of(self, tenant: str) -> Fetch:
        """The fetcher with the cache and the pauses of one tenant."""
        return functools.partial(self.fetcher, tenant=tenant)

    @cached_property
    def tracing(self) -> Tracing:
        """By the OTEL_* variables of the environment. Raises ValueError for those that can't be followed."""
        return open_tracing(os.environ)

    @cached_property
    def results(self) -> ResultCache:
        return ResultCache(self.settings)

    def convert(
        self,
        source: Source,
        conversion: Conversion,
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
        tenant: str = "",
    ) -> tuple[Outcome, bool]:
        """The outcome, and whether it was at hand, made for the same tenant. Raises what `conversion.driver.convert` does."""
        with metrics.conversion(conversion.to):
            outcome, hit = self._convert(source, conversion, deadline, cancellation, tenant)
        metrics.CACHE.labels("hit" if hit else "miss").inc()
        return outcome, hit

    def _convert(
        self, source: Source, conversion: Conversion, deadline: float | None, cancellation: Cancellation | None, tenant: str
    ) -> tuple[Outcome, bool]:
        key = self.results.key(source, conversion, tenant)
        found = self.results.get(key)
        if found is not None:
            return found, True
        outcome = convert(source, conversion, self.workers, self.fetcher_of(tenant), deadline, cancellation)
        self.results.put(key, outcome)
        return outcome, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self, grace: float = GRACE) -> None:
        """Conversions under way may end within `grace` seconds; then the workers are killed. Idempotent."""
        with self._lock:
            self._stopped = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop(grace)
        self.results.stop()
        if "tracing" in self.__dict__:
            self.tracing.close()
