"""The interface of a backend: it is notified of work and makes a runner take it. The state stays in the job store."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol


class Backend(Protocol):
    def start(self) -> None:
        """Starts the part of the backend that runs in the service. Returns at once. Idempotent."""

    def announce(self, item_ids: Sequence[str]) -> None:
        """Announces accepted items. Returns at once and raises nothing. Lost announcements are found later."""

    def work(self, stop: threading.Event) -> None:
        """Runs items until `stop` is set, then drains: the main function of `colophon worker`."""

    def stop(self, grace: float) -> None:
        """Takes no more items. Running items may end within `grace` seconds, then they return to the queue. Idempotent."""

    def status(self) -> dict[str, Any]:
        """`name`, `state` (ok, or the fault in one word), `running` (items in this process)."""
