"""Temporary folders that are removed at the next start if their process was killed.

A killed process cannot clean up. So each folder is locked by its process, and the kernel releases the lock however
that process ends. A folder without a lock is left over, and the next process that starts removes it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PREFIX = "colophon-run-"
NAME = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")  # as `tempfile` makes them: what a user calls colophon-run-1 is theirs
OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
log = logging.getLogger("colophon.workers")


class Folder:
    """Locked by this process until `cleanup`, or its end. The lock is on the folder itself, which no worker can replace."""

    def __init__(self) -> None:
        self._made, descriptor = _locked()
        self._unlock = weakref.finalize(self, os.close, descriptor)
        self.name = self._made.name

    def cleanup(self) -> None:
        """Idempotent."""
        self._made.cleanup()
        self._unlock()


@contextmanager
def folder() -> Iterator[str]:
    """One for as long as the block takes."""
    made = Folder()
    try:
        yield made.name
    finally:
        made.cleanup()


def _locked() -> tuple[tempfile.TemporaryDirectory[str], int]:
    """Creates a folder and locks it. One that was swept before it was locked is created again. Returns it and the descriptor."""
    while True:
        made = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        with suppress(FileNotFoundError):
            descriptor = os.open(made.name, OPEN)
            if _lock(descriptor) and _is_at(descriptor, made.name):
                return made, descriptor
            os.close(descriptor)
        made.cleanup()


def _lock(descriptor: int) -> bool:
    """Returns False if another process has the lock. On a file system without locks no process sweeps."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def sweep(root: str = "") -> int:
    """Removes what killed processes left over in `root`, by default the system's temporary folder. Returns the number of folders.

    Folders that are locked, links, another user's, or have another name are not touched.
    """
    with suppress(OSError):
        top = os.open(root or tempfile.gettempdir(), OPEN & ~os.O_NOFOLLOW)
        try:
            with os.scandir(top) as found:
                names = [each.name for each in found if NAME.fullmatch(each.name)]
            swept = sum(_swept(top, name) for name in names)
        finally:
            os.close(top)
        if swept:
            log.info("swept temporary folders of processes that were killed", extra={"folders": swept})
        return swept
    return 0


def _swept(top: int, name: str) -> bool:
    try:
        descriptor = os.open(name, OPEN, dir_fd=top)
    except OSError:  # a link, a file, not ours to open, or gone
        return False
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(name, dir_fd=top)  # does not follow links
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
