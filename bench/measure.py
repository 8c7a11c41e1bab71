"""The cost of a process and its descendants: CPU seconds and memory, by the kernel in /proc."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGESIZE")


ADOPT = 36  # PR_SET_CHILD_SUBREAPER


def children(pid: int) -> list[int]:
    """The processes that the process started or adopted."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(each) for each in thread.read_text(encoding="ascii").split()]
    return found


def tree(root: int) -> list[int]:
    """`root` and every process below it; those that end meanwhile are left out."""
    found, todo = [root], [root]
    while todo:
        below = children(todo.pop())
        found += below
        todo += below
    return found


def adopt() -> None:
    """From now on what our children leave behind is ours: a browser's processes outlive the one that was waited for.

    It holds for this process until it ends.
    """
    ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)


def command(pid: int) -> str:
    """The command line; empty when the process is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def cpu(pids: Iterable[int]) -> float:
    """Seconds that the processes used, and those of their ended children that they waited for."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            # The name in parentheses may hold blanks; the fields after it are numbered from 3 (proc(5)).
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / TICK


def cpu_of_ended(left: Callable[[], Iterable[int]], seconds: float = 10) -> float:
    """CPU seconds of all children that ended. Those that `left` names are waited for first, for up to `seconds`: a killed
    worker leaves its pandoc behind, and the kernel counts a process only once it was waited for. See `adopt`.
    """
    deadline = time.monotonic() + seconds
    while (pids := list(left())) and time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.005)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(pids: Iterable[int]) -> int:
    """Bytes: proportional set size, in which what several processes share counts once; the resident set where it is hidden."""
    return sum(map(_proportional, pids))


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return resident(pid)


def resident(pid: int) -> int:
    """Resident bytes; 0 when the process is gone."""
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    return 0


def open_files(pid: int) -> int:
    """Descriptors; 0 when the process is gone."""
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 (a count, not paths)
    return 0


class Peak:
    """`most` is the largest sum of memory that was seen. Looking costs time: never measure both at once."""

    def __init__(self) -> None:
        self.most = 0


@contextlib.contextmanager
def peak(pids: Callable[[], Sequence[int]], interval: float = 0.02) -> Iterator[Peak]:
    """Samples the memory of `pids()` and all below them every `interval` seconds."""
    seen, done = Peak(), threading.Event()

    def look() -> None:
        while not done.wait(interval):
            seen.most = max(seen.most, memory({each for pid in pids() for each in tree(pid)}))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()
        seen.most = max(seen.most, memory({each for pid in pids() for each in tree(pid)}))  # of what was too quick to be seen
