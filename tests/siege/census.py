"""The resources of the service's processes, by the kernel."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.servers import Server

SETTLED = 1.1  # of the front's memory before


@dataclass(frozen=True)
class Census:
    """Bytes resident; `files` are those that the front has open. Workers come and go, the front must not grow."""

    processes: int
    front: int
    workers: int
    files: int


def census(server: Server) -> Census:
    children = server.children()
    names = {pid: _command(pid) for pid in (server.process.pid, *children)}
    workers = [pid for pid, name in names.items() if "service.workers.main" in name or "worker.lua" in name]
    front = [pid for pid in names if pid not in workers]
    return Census(len(children), _memory(front), _memory(workers), sum(map(_files, front)))


def settled(server: Server, before: Census, seconds: float = 40) -> Census:
    """The census when everything is as before, or after `seconds`.

    Workers that ended are replaced, idle connections are closed, and freed memory goes back with the next trim of the front
    (`conversion.memory.EVERY`).
    """
    end = time.monotonic() + seconds
    while True:
        found = census(server)
        is_as_before = (
            found.processes == before.processes and found.files <= before.files and found.front <= before.front * SETTLED
        )
        if is_as_before or time.monotonic() > end:
            return found
        time.sleep(0.5)


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def _memory(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")
    return total


def _files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0
