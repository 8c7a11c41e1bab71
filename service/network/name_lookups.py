"""Resolves names within a time limit: the system's resolver has no deadline, and a name server may not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

SECONDS = 5.0  # for one name at most
AT_ONCE = threading.BoundedSemaphore(64)  # abandoned lookups end when the system's resolver gives up


class Busy(TimeoutError):
    """The name was not looked up: too many lookups are open."""


def bounded(look_up: Callable[[], Sequence[Any]], seconds: float) -> Sequence[Any]:
    """Returns or raises the result of `look_up`, if it is in time. Raises TimeoutError, Busy."""
    places = AT_ONCE
    if not places.acquire(blocking=False):
        raise Busy("too many names are being looked up")
    found: list[Sequence[Any]] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.append(look_up())
        except Exception as error:  # raised again for the caller
            failed.append(error)
        finally:
            places.release()

    thread = threading.Thread(target=run, name="look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError("the name server is silent")
    return found[0]
