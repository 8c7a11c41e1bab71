"""A folder of files by name that never grows beyond its limit: what the caches are made of. The oldest files go first.

Safe across processes, for files appear whole; nothing is synced, for what a power cut takes is only made anew.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path


class BoundedFolder:
    """`limit` in bytes, 0 for a folder that keeps nothing; `lifetime` in seconds. Names are hexadecimal digests."""

    def __init__(self, folder: Path, limit: int, lifetime: float = float("inf")) -> None:
        self.folder, self.limit, self.lifetime = folder, limit, lifetime
        self._lock = threading.Lock()
        self._size: int | None = None  # unknown until the first put: listing a large folder takes its time

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def get(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            if time.time() - path.stat().st_mtime > self.lifetime:
                path.unlink(missing_ok=True)
                return None
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, data: bytes) -> None:
        if len(data) > self.limit:
            return
        path = self._path(name)
        with self._lock:
            size = sum(each.stat().st_size for each in self._files()) if self._size is None else self._size
            self._size = self._make_room(size + len(data) - (path.stat().st_size if path.exists() else 0))
            _write(path, data)

    def _files(self) -> list[Path]:
        return list(self.folder.glob("??/*"))

    def _make_room(self, size: int) -> int:
        """The size after the oldest files went, until a tenth is free: so that not each `put` has to list the folder."""
        if size <= self.limit:
            return size
        for path in sorted(self._files(), key=lambda each: each.stat().st_mtime):
            if size <= self.limit * 0.9:
                break
            size -= path.stat().st_size
            path.unlink(missing_ok=True)
        return size


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
