"""The interface of the pool of workers, and the same with the deadline of one caller."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from service.model.errors import DeadlineExceeded
from service.workers.cancellation import Cancellation


class Workers(Protocol):
    """See `workers.pool`."""

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes],
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]: ...


class Bounded:
    """Workers whose calls share one deadline, the caller's, and one `cancellation`."""

    def __init__(self, workers: Workers, seconds: float | None, cancellation: Cancellation | None) -> None:
        self.workers, self.cancellation = workers, cancellation
        self.until = math.inf if seconds is None else time.monotonic() + seconds

    def for_fetching(self) -> tuple[float, ...]:
        """Seconds for fetching images, if there is a deadline: half of the rest, so that time is left for writing."""
        return () if self.until == math.inf else ((self.until - time.monotonic()) / 2,)

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes],
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        left = self.until - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded("The deadline of the request has passed.")
        return self.workers.call(
            operation, header, blobs, left if deadline is None else min(left, deadline), cancellation or self.cancellation
        )
