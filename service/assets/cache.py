"""Fetched images on disk: content-addressed, bounded in size, expiring. The same picture under two URLs is stored once."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from pathlib import Path

from service.config import Settings


class ImageCache:
    """`urls/<sha256 of URL>` names a `blobs/<sha256 of bytes>`; the oldest blobs go first.

    Safe across processes, for files appear whole and are checked against their name when read.
    """

    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.data_dir) / "cache" / "images"
        self.limit: int = settings.fetch_cache
        self.lifetime: float = settings.fetch_cache_days * 86_400
        self._lock = threading.Lock()
        self._size = sum(path.stat().st_size for path in self.folder.glob("blobs/*")) if self.limit else 0

    def get(self, url: str) -> bytes | None:
        if not self.limit:
            return None
        entry = self.folder / "urls" / _digest(url.encode())
        try:
            if time.time() - entry.stat().st_mtime > self.lifetime:
                entry.unlink(missing_ok=True)
                return None
            name = entry.read_text(encoding="ascii")
            data = (self.folder / "blobs" / name).read_bytes()
        except FileNotFoundError:
            return None
        return data if _digest(data) == name else None

    def put(self, url: str, data: bytes) -> None:
        if not self.limit or len(data) > self.limit:
            return
        name = _digest(data)
        blob = self.folder / "blobs" / name
        with self._lock:
            if not blob.exists():
                self._size += len(data)
                self._make_room()
                _write(blob, data)
            _write(self.folder / "urls" / _digest(url.encode()), name.encode())

    def _make_room(self) -> None:
        if self._size <= self.limit:
            return
        blobs = sorted(self.folder.glob("blobs/*"), key=lambda path: path.stat().st_mtime)
        for path in blobs:
            if self._size <= self.limit * 0.9:
                return
            self._size -= path.stat().st_size
            path.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
