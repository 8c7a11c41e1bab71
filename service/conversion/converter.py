"""Converts: starts workers, the fetcher and the result cache once per process, on first use.

The web, the runner of jobs and the command line have a `PoolConverter` each. `in_process` has the converter without workers.
"""

from __future__ import annotations

import functools
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Self

from service.conversion import memory, signing
from service.conversion.bounded_workers import Bounded, Workers
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


class Converter(ABC):
    """The common part of all converters. A subclass provides the workers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    @abstractmethod
    def workers(self) -> Workers:
        """The workers, started on first use. Raises Draining after `stop`."""

    @abstractmethod
    def stop(self, grace: float = GRACE) -> None:
        """Lets running conversions end within `grace` seconds. Idempotent."""

    @cached_property
    def fetcher(self) -> Fetcher:
        return Fetcher(self.settings)

    def fetcher_of(self, tenant: str) -> Fetch:
        """The fetcher with the cache and the pauses of one tenant."""
        return functools.partial(self.fetcher, tenant=tenant)

    @cached_property
    def signer(self) -> signing.Signer:
        return signing.Signer(self.settings)

    @cached_property
    def tracing(self) -> Tracing:
        """The tracer by the OTEL_* variables of the environment. Raises ValueError for variables that cannot be applied."""
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
        """The outcome, and whether it came from the cache of the tenant. Raises what `conversion.driver.convert` does,
        SigningUnavailable and TimeStampUnavailable.
        """
        is_signed, began = signing.is_wanted(conversion, self.settings), time.monotonic()
        with metrics.conversion(conversion.to):
            outcome, hit = self._convert(source, conversion, deadline, cancellation, tenant)
            if is_signed:  # after the cache: a cached result would have an old time of signature
                left = None if deadline is None else deadline - (time.monotonic() - began)
                outcome = self.signer.sign_all(outcome, Bounded(self.workers, left, cancellation))
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

    def _close(self) -> None:
        self.results.stop()
        if "tracing" in self.__dict__:
            self.tracing.close()


class PoolConverter(Converter):
    """Converts in sandboxed worker processes. Must not start its pool before a fork.

    `spares` are workers that replace one that ends; a short command needs none. `targets` are the only
    formats that will be written, if they are known. `nicer` is the niceness of the workers, relative to this process.
    """

    def __init__(self, settings: Settings, spares: int = 1, targets: Sequence[str] | None = None, nicer: int = 0) -> None:
        super().__init__(settings)
        memory.give_back()
        self._trimmer = memory.Trimmer()
        self._spares, self._targets, self._nicer = spares, targets, nicer
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None
        self._stopped = False

    @property
    def workers(self) -> WorkerPool:
        with self._lock:
            if self._stopped:
                raise Draining(retry_after=5)
            if self._pool is None:
                self._pool = WorkerPool(self.settings, spares=self._spares, targets=self._targets, nicer=self._nicer)
                self._trimmer.start()
            return self._pool

    def stop(self, grace: float = GRACE) -> None:
        """Kills the workers that still run after `grace` seconds."""
        with self._lock:
            self._stopped = True
            self._trimmer.stop()
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop(grace)
        self._close()
