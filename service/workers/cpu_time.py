"""The cost of a conversion: CPU seconds of a worker and its pandoc, by the kernel's clocks."""

from __future__ import annotations

import resource
import time


def spent(child: int) -> float:
    """CPU-seconds so far of this process, all its threads, and of its `child`, alive or waited for."""
    try:
        return time.process_time() + _clock(child)
    except OSError:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + ended.ru_utime + ended.ru_stime


def of(pid: int) -> float:
    """CPU-seconds so far of another process; 0 when it is gone."""
    try:
        return _clock(pid)
    except OSError:
        return 0.0


def _clock(pid: int) -> float:
    return time.clock_gettime(~pid << 3 | 2)  # the kernel's name for the CPU clock of a process, see clock_getcpuclockid(3)
