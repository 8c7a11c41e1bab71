"""Returns freed memory to the system: a front runs for months, and receives large bodies in many threads.

glibc starts with thresholds of 128 KB: larger blocks are mapped separately, and free memory above that is returned. But each
large block that is freed raises both, up to 32 and 64 MB, and every arena (eight per core) keeps as much. In a load test with
bodies of 5 MB a front grew by 100 MB, although all objects were freed. Thresholds that are set once do not change.

Free memory between used blocks remains: 23 MB in a heap of 49 MB after the test. A trim at intervals returns it too.
"""

from __future__ import annotations

import ctypes
import os
import threading
from typing import Any

THRESHOLD = 128 * 1024  # bytes; glibc's own
TRIM, MMAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3)
# Settings of the operator for glibc win.
TUNED = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


EVERY = 10.0  # seconds between two trims, each of a few milliseconds


def give_back() -> bool:
    """Sets the thresholds of this process. Returns False with a C library that has no such thresholds."""
    mallopt = _function("mallopt")
    return bool(mallopt and mallopt(TRIM, THRESHOLD) and mallopt(MMAP, THRESHOLD))


def trim() -> bool:
    """Returns free pages within the heap to the system. Other threads may run meanwhile. Returns whether there were any."""
    malloc_trim = _function("malloc_trim")
    return bool(malloc_trim and malloc_trim(0))


class Trimmer:
    """A thread that trims every `seconds`, from `start` to `stop`."""

    def __init__(self, seconds: float = EVERY) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(seconds,), name="trim", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()

    def _run(self, seconds: float) -> None:
        while not self._ended.wait(seconds):
            trim()


def _function(name: str) -> Any:
    """A function of glibc; None with another C library, and if the environment configures glibc."""
    if any(each in os.environ for each in TUNED):
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
