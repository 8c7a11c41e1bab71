"""Fetched images on disk: content-addressed, bounded in size, expiring. The same picture under two URLs is stored once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from service.model.settings import Settings
from service.storage.bounded_folder import BoundedFolder


class ImageCache:
    """`urls/…/<sha256 of tenant and URL>` names a `blobs/…/<sha256 of bytes>`; blobs are checked against their name when read."""

    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.data_dir) / "cache" / "images"
        self.urls = BoundedFolder(self.folder / "urls", settings.fetch_cache, settings.fetch_cache_days * 86_400)
        self.blobs = BoundedFolder(self.folder / "blobs", settings.fetch_cache)

    def get(self, url: str, tenant: str = "") -> bytes | None:
        """The entry that `put` kept for the same tenant. The time of an answer must not reveal fetches of other tenants."""
        name = self.urls.get(_name(url, tenant))
        data = self.blobs.get(name.decode("ascii")) if name else None
        return data if data is not None and _digest(data).encode() == name else None

    def put(self, url: str, data: bytes, tenant: str = "") -> None:
        name = _digest(data)
        self.blobs.put(name, data)
        self.urls.put(_name(url, tenant), name.encode())


def _name(url: str, tenant: str) -> str:
    return _digest(f"{tenant}\n{url}".encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
