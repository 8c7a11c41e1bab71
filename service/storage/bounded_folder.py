"""A folder of files by name with a size limit, for caches. The oldest files are removed first.

Several processes can use it, because files appear whole. Nothing is synced: what a power cut removes is created again. On a full
or broken disk only the entry is lost: `get` finds nothing, `put` keeps nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
import time
from pathlib import Path

LEFT_OVER = 3_600.0  # seconds after which a temporary file is one of a process that was killed
log = logging.getLogger("colophon.storage")


class BoundedFolder:
    """`limit` in bytes, 0 for a folder that keeps nothing; `lifetime` in seconds. Names are hexadecimal digests."""

    def __init__(self, folder: Path, limit: int, lifetime: float = float("inf")) -> None:
        self.folder, self.limit, self.lifetime = folder, limit, lifetime
        self._lock = threading.Lock()
        self._size: int | None = None  # unknown until the first put, because listing a large folder takes time

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def get(self, name: str) -> bytes | None:
        """The bytes; None if nothing can be read."""
        path = self._path(name)
        try:
            if time.time() - path.stat().st_mtime > self.lifetime:
                path.unlink(missing_ok=True)
                return None
            return path.read_bytes()
        except OSError:
            return None

    def put(self, name: str, data: bytes) -> bool:
        """Returns whether the file is kept. False if it is larger than the limit of the folder, or the disk is full or broken."""
        if len(data) > self.limit:
            return False
        path = self._path(name)
        with self._lock:
            try:
                size = self._counted() if self._size is None else self._size
                self._size = self._make_room(size + len(data) - _size(path))
                _write(path, data)
            except OSError as error:
                self._size = None
                log.info("a cache could not be written", extra={"folder": str(self.folder), "cause": str(error)})
                return False
        return True

    def _counted(self) -> int:
        """The bytes of all files. Removes files that killed processes left."""
        for path in self.folder.glob(".new-*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFT_OVER:
                    path.unlink()
        return sum(map(_size, self._files()))

    def _files(self) -> list[Path]:
        return list(self.folder.glob("??/*"))

    def _make_room(self, size: int) -> int:
        """Removes the oldest files until a tenth is free, so that not each `put` lists the folder. Returns the new size."""
        if size <= self.limit:
            return size
        for path in sorted(self._files(), key=_changed):
            if size <= self.limit * 0.9:
                break
            size -= _size(path)
            path.unlink(missing_ok=True)
        return size


def _size(path: Path) -> int:
    """0 for a file that another process has removed in the meantime."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
