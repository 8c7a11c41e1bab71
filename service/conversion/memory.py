"""What has been freed goes back to the system: a front runs for months, and takes large bodies in many threads.

glibc starts with thresholds of 128 KB: larger blocks are the system's own, and freed memory beyond that goes back. But each
large block that is freed raises both, up to 32 and 64 MB, and every arena (there are eight a core) keeps as much. A siege with
bodies of 5 MB made a front grow by 100 MB so, though all objects were gone. Set once, the thresholds stay where they are.

What stays is free memory between blocks in use: after a siege, 23 MB in a heap of 49 MB. Trimmed at intervals, it goes back too.
"""

from __future__ import annotations

import ctypes
import os
import threading
from typing import Any

THRESHOLD = 128 * 1024  # bytes; glibc's own
TRIM, MMAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3)
# Who tunes glibc is not overruled.
TUNED = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


EVERY = 10.0  # seconds between two trims, each of a few milliseconds


def give_back() -> bool:
    """Whether it holds from now on, in this process; not with a C library that has no such thresholds."""
    mallopt = _function("mallopt")
    return bool(mallopt and mallopt(TRIM, THRESHOLD) and mallopt(MMAP, THRESHOLD))


def trim() -> bool:
    """Whether free pages within the heap went back to the system; other threads may run meanwhile."""
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
    """A function of glibc; None with another C library, and where the environment tunes glibc."""
    if any(each in os.environ for each in TUNED):
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
