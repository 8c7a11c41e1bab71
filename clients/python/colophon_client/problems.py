"""The errors of a call: a problem of the service (RFC 9457), or no answer of Colophon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Unreachable(ConnectionError):
    """The service could not be reached, or another server answered."""


@dataclass(frozen=True, slots=True)
class Place:
    """One fault: a field as a JSON pointer, or a line and column of the text."""

    detail: str
    pointer: str | None = None
    line: int | None = None
    column: int | None = None


class Problem(Exception):
    """The service refused or failed. `code` is stable (docs/problems.md), `retry_after` is in seconds.

    `extra` is the whole problem document.
    """

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.extra = dict(document)
        self.code, self.status = str(document["code"]), status
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail") or self.title or self.code)
        self.retryable = bool(document.get("retryable"))
        self.retry_after: int | None = document.get("retry_after")
        known = Place.__dataclass_fields__
        self.places = tuple(
            Place(**{"detail": "", **{name: each[name] for name in known if name in each}}) for each in document.get("errors", ())
        )
        super().__init__(self.detail)
