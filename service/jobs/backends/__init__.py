"""BACKENDS, which run jobs: one line per backend. The setting `backend` names one. Other code does not depend on which one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.conversion.converter import Converter
from service.jobs.backends.base import Backend
from service.jobs.backends.local import LocalBackend
from service.jobs.runner import Runner
from service.jobs.store import JobStore
from service.model.settings import Settings


def _celery(jobs: JobStore, runner: Runner) -> Backend:
    from service.jobs.backends.celery import CeleryBackend  # celery is an extra

    return CeleryBackend(jobs, runner)


BACKENDS: Mapping[str, Callable[[JobStore, Runner], Backend]] = {"local": LocalBackend, "celery": _celery}


def open_backend(settings: Settings, jobs: JobStore, converter: Converter) -> Backend:
    return BACKENDS[settings.backend](jobs, Runner(settings, jobs, converter))
