"""What has been freed goes back to the system: a front runs for months, and takes large bodies in many threads.

glibc starts with thresholds of 128 KB: larger blocks are the system's own, and freed memory beyond that goes back. But each
large block that is freed raises both, up to 32 and 64 MB, and every arena (there are eight a core) keeps as much. A siege with
bodies of 5 MB made a front grow by 100 MB so, though all objects were gone. Set once, the thresholds stay where they are.
"""

from __future__ import annotations

import ctypes
import os

THRESHOLD = 128 * 1024  # bytes; glibc's own
TRIM, MMAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3)
# Who tunes glibc is not overruled.
TUNED = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES")


def give_back() -> bool:
    """Whether it holds from now on, in this process; not with a C library that has no such thresholds."""
    if any(name in os.environ for name in TUNED):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(TRIM, THRESHOLD)) and bool(mallopt(MMAP, THRESHOLD))
