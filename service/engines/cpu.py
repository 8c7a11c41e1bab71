"""What a conversion costs: CPU-seconds of a worker and of its pandoc, by the kernel's own clocks."""

from __future__ import annotations

import resource
import time


def spent(child: int) -> float:
    """CPU-seconds so far of this process, all its threads, and of its `child`, alive or waited for."""
    return time.process_time() + _of(child)


def _of(pid: int) -> float:
    try:
        return time.clock_gettime(~pid << 3 | 2)  # the kernel's name for the CPU clock of a process, see clock_getcpuclockid(3)
    except OSError:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime
