"""The objects that views use, created once per process on first use: a pool must not be started before a fork."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cached_property
from typing import Any, cast

from flask import current_app

from service.conversion.converter import PoolConverter
from service.jobs.backends import open_backend
from service.jobs.backends.base import Backend
from service.jobs.keys.artifact_links import Links
from service.jobs.keys.failed_logins import WrongKeys
from service.jobs.keys.store import KeyStore
from service.jobs.store import JobStore
from service.jobs.webhooks.deliverer import Deliverer
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.network.pages import PageFetcher
from service.storage import open_store
from service.storage.base import Store
from service.web.readiness import Readiness
from service.workers.pool import GRACE

NAME = "colophon"
NICER = 5  # niceness of the workers: at equal priority a thread with Python's lock waited for a core, and delayed /healthz


class Services(PoolConverter):
    """The converter, the blobs and the jobs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, nicer=NICER)
        self.draining = False
        # Calls that wait for other requests: they must leave threads for those.
        self.waits = threading.BoundedSemaphore(max(1, settings.threads // 4))

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings)

    @cached_property
    def jobs(self) -> JobStore:
        return JobStore(self.settings, self.store)

    @cached_property
    def pages(self) -> PageFetcher:
        return PageFetcher(self.settings)

    @cached_property
    def keys(self) -> KeyStore:
        return KeyStore(self.jobs.database, self.settings.key_queued)

    @cached_property
    def wrong_keys(self) -> WrongKeys:
        return WrongKeys(self.settings.wrong_keys)

    @cached_property
    def links(self) -> Links:
        return Links(self.jobs.database)

    @cached_property
    def readiness(self) -> Readiness:
        return Readiness({"storage": self.store.check, "database": self.jobs.check})

    def retry_after(self) -> int:
        """Seconds until work is likely to be accepted, by the queue of jobs or by the workers, whichever is longer."""
        seconds = 5
        with suppress(ColophonError):  # draining, or the database is not available: this may be the reported problem
            seconds = self.workers.retry_after()
            seconds = max(seconds, self.jobs.retry_after() if self.jobs.depth().queued else 1)
        return seconds

    @cached_property
    def backend(self) -> Backend:
        """Started."""
        backend = open_backend(self.settings, self.jobs, self)
        backend.start()
        return backend

    @cached_property
    def deliverer(self) -> Deliverer:
        """Started."""
        deliverer = Deliverer(self.jobs, self.settings, tracing=self.tracing)
        deliverer.start()
        return deliverer

    def drain(self) -> None:
        """Accepts no new work. Running items of jobs may end, then they are handed back. Idempotent."""
        self.draining = True
        if "backend" in self.__dict__:
            self.backend.stop(self.settings.drain)
        if "deliverer" in self.__dict__:
            self.deliverer.stop()

    def stop(self, grace: float = GRACE) -> None:
        """Drains and ends the workers; idempotent."""
        self.drain()
        super().stop(grace)
        if "readiness" in self.__dict__:
            self.readiness.stop()
        self.jobs.close()


def of(app: Any) -> Services:
    """The services of an application, outside of a request."""
    return cast(Services, app.extensions[NAME])


def services() -> Services:
    return cast(Services, current_app.extensions[NAME])


def settings() -> Any:
    return services().settings
