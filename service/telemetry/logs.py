"""Structured logs: one JSON object per line on standard error, with the identifier of its request or job."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog


def configure(level: str = "INFO") -> None:
    """Records of the standard library take the same way, so that every line is JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def bind(**values: str) -> None:
    """Adds `values` to every record of this thread until `unbind`."""
    structlog.contextvars.bind_contextvars(**values)


@contextmanager
def bound(**values: str) -> Iterator[None]:
    """Adds those of `values` that are not empty to every record inside; in threads too that run in a copy of this context."""
    with structlog.contextvars.bound_contextvars(**{name: value for name, value in values.items() if value}):
        yield


def unbind() -> None:
    structlog.contextvars.clear_contextvars()
