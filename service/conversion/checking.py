"""A file checked: by our own rules in a worker, and by the validators that are installed, where the settings allow them."""

from __future__ import annotations

from typing import Any

from service.conversion.bounded_workers import Workers
from service.model.document import Source
from service.workers.cancellation import Cancellation


def check(source: Source, workers: Workers, cancellation: Cancellation | None = None) -> dict[str, Any]:
    """The report of `service.inspect.check`. Raises UnsupportedFormat, InvalidDocument, and what a worker does."""
    report, _ = workers.call("check", {"name": source.name}, [source.data], cancellation=cancellation)
    return {"name": source.name, **report}
