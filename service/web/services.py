"""What the views work with, made once per process and on first use: a pool must not be started before a fork."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from flask import current_app

from service.config import Settings
from service.engines.workers import GRACE
from service.jobs.backends import open_backend
from service.jobs.backends.base import Backend
from service.jobs.store import JobStore
from service.storage import open_store
from service.storage.base import Store
from service.workshop import Workshop

NAME = "colophon"


class Services(Workshop):
    """The workshop, and what is kept: blobs and jobs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.draining = False

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings)

    @cached_property
    def jobs(self) -> JobStore:
        return JobStore(self.settings, self.store)

    @cached_property
    def backend(self) -> Backend:
        """Started."""
        backend = open_backend(self.settings, self.jobs, self)
        backend.start()
        return backend

    def drain(self) -> None:
        """No new work; items of jobs under way may end, then they are handed back. Idempotent."""
        self.draining = True
        if "backend" in self.__dict__:
            self.backend.stop(self.settings.drain)

    def stop(self, grace: float = GRACE) -> None:
        """Drains and ends the workers; idempotent."""
        self.drain()
        super().stop(grace)
        self.jobs.close()


def of(app: Any) -> Services:
    """Those of an application, from outside a request."""
    return cast(Services, app.extensions[NAME])


def services() -> Services:
    return cast(Services, current_app.extensions[NAME])


def settings() -> Any:
    return services().settings
