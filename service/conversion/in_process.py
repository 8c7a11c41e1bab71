"""Conversions in this process, for a Python program that trusts its documents: no workers, no sandbox (docs/guide.md)."""

from __future__ import annotations

from service.conversion.converter import Converter
from service.model.settings import Settings
from service.workers.in_process import InProcessWorkers
from service.workers.pool import GRACE


class InProcessConverter(Converter):
    """Same results as a `PoolConverter`, one conversion at a time. Importing this module imports the engines."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._workers = InProcessWorkers(settings)

    @property
    def workers(self) -> InProcessWorkers:
        return self._workers

    def stop(self, grace: float = GRACE) -> None:  # noqa: ARG002
        """Waits for the running conversion without a limit: nothing can be killed here."""
        self._workers.stop()
        self._close()
