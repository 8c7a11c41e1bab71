"""What a store is: blobs by the SHA-256 of their bytes. The same bytes are stored once; a blob is there whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

CHUNK = 1 << 20


class Store(Protocol):
    """All methods raise StorageUnavailable when the store can't be reached, StorageFull when it has no room."""

    def put(self, data: bytes) -> str:
        """The key (hex SHA-256) under which `data` is durable when this returns."""

    def put_file(self, file: BinaryIO) -> str:
        """As `put`, of all that a seekable file holds, never whole in memory."""

    def get(self, key: str) -> bytes:
        """Raises Gone when there is no such blob."""

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start`, in chunks. Raises Gone before the first chunk when there is no such blob."""

    def size(self, key: str) -> int:
        """Bytes. Raises Gone when there is no such blob."""

    def delete(self, key: str) -> None:
        """No error when it is gone already."""

    def discard(self, key: str, put_before: float) -> bool:
        """Deletes the blob unless it was put again after that moment (seconds since 1970); whether it is gone."""

    def keys(self, older_than: float) -> Iterator[str]:
        """Keys of blobs last written more than `older_than` seconds ago: what a sweep looks at."""

    def check(self) -> None:
        """Writes, reads and removes a probe, for readiness."""

    def url(self, key: str, name: str, media_type: str, seconds: int) -> str | None:
        """An address for a direct download under that name, where the store can give one."""


def digest(file: BinaryIO) -> str:
    """Hex SHA-256 of a seekable file, from its beginning."""
    file.seek(0)
    found = hashlib.sha256()
    for chunk in iter(lambda: file.read(CHUNK), b""):
        found.update(chunk)
    return found.hexdigest()
