"""What the views work with, made once per process and on first use: a pool must not be started before a fork."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Any, cast

from flask import current_app

from service.assets.fetcher import Fetcher
from service.config import Settings
from service.document import Conversion, Source
from service.engines.workers import WorkerPool
from service.pipeline import Outcome, convert
from service.results import ResultCache
from service.storage import open_store
from service.storage.base import Store

NAME = "colophon"


class Services:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None
        self.draining = False

    @property
    def workers(self) -> WorkerPool:
        with self._lock:
            if self._pool is None:
                self._pool = WorkerPool(self.settings)
            return self._pool

    @cached_property
    def fetcher(self) -> Fetcher:
        return Fetcher(self.settings)

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings)

    @cached_property
    def results(self) -> ResultCache:
        return ResultCache(self.settings)

    def convert(self, source: Source, conversion: Conversion, deadline: float | None) -> tuple[Outcome, bool]:
        """The outcome, and whether it was at hand. Raises what `pipeline.convert` does."""
        key = self.results.key(source, conversion)
        found = self.results.get(key)
        if found is not None:
            return found, True
        outcome = convert(source, conversion, self.workers, self.fetcher, deadline)
        self.results.put(key, outcome)
        return outcome, False

    def stop(self) -> None:
        """Drains and ends the workers; idempotent."""
        self.draining = True
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
        self.results.stop()


def of(app: Any) -> Services:
    """Those of an application, from outside a request."""
    return cast(Services, app.extensions[NAME])


def services() -> Services:
    return cast(Services, current_app.extensions[NAME])


def settings() -> Any:
    return services().settings
