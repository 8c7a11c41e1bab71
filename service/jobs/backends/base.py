"""What a backend is: it learns that there is work, and sees to it that a runner takes it. The truth stays in the job store."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol


class Backend(Protocol):
    def start(self) -> None:
        """Begins what the service itself has to do for jobs; returns at once. Idempotent."""

    def announce(self, item_ids: Sequence[str]) -> None:
        """There is work: these items were accepted. Returns at once and raises nothing; what is lost here is found later."""

    def work(self, stop: threading.Event) -> None:
        """Runs items until `stop` is set, then drains: the whole life of a `colophon worker`."""

    def stop(self, grace: float) -> None:
        """Takes nothing more; what runs may end within `grace` seconds, then it goes back to the queue. Idempotent."""

    def status(self) -> dict[str, Any]:
        """`name`, `state` (ok, or in one word what is wrong), `running` (items in this process)."""
