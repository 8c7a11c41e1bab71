"""What a store is: blobs by the SHA-256 of their bytes. The same bytes are stored once; a blob is there whole or not at all.

The key is also the proof: what is read for use is compared with it, so a damaged disk never passes for an article.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Hashable, Iterator
from typing import BinaryIO, Protocol

from service.model.errors import Damaged

CHUNK = 1 << 20
VERIFIED_FOR = 60.0  # seconds for which a verified blob that did not change is not read again: for ranges of one download
MOST_VERIFIED = 1_000
log = logging.getLogger("colophon.storage")


class Store(Protocol):
    """All methods raise StorageUnavailable when the store cannot be reached, StorageFull when it has no room."""

    def put(self, data: bytes) -> str:
        """The key (hex SHA-256) under which `data` is durable when this returns. A damaged blob is written again."""

    def put_file(self, file: BinaryIO) -> str:
        """As `put`, of all that a seekable file holds, never whole in memory."""

    def get(self, key: str) -> bytes:
        """Raises Gone when there is no such blob, Damaged when its bytes are not those of its key."""

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start`, in chunks. Raises Gone before the first chunk when there is no such blob.

        The bytes are not compared with the key: call `verify` first.
        """

    def verify(self, key: str) -> int:
        """The size in bytes of a blob whose bytes are those of its key. Raises Gone, Damaged."""

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


def verified(key: str, data: bytes) -> bytes:
    """`data`, if its SHA-256 is `key`. Raises Damaged."""
    if hashlib.sha256(data).hexdigest() != key:
        raise damaged(key)
    return data


def damaged(key: str) -> Damaged:
    """The error for a blob whose bytes are not those of its key; the operator finds the key in the log."""
    log.error("a blob is damaged", extra={"key": key})
    return Damaged("The stored file is damaged and is not used. Send the original again.")


class Verified:
    """Which blobs were verified a moment ago, with the state in which they were; thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Hashable, float]] = {}

    def knows(self, key: str, state: Hashable) -> bool:
        """Whether the blob was verified in this very state, not long ago."""
        known, until = self._known.get(key, (None, 0.0))
        return known == state and time.monotonic() < until

    def add(self, key: str, state: Hashable) -> None:
        """`state` changes with every write: inode and time of change, or an ETag."""
        if len(self._known) >= MOST_VERIFIED:
            self._known = {}
        self._known[key] = (state, time.monotonic() + VERIFIED_FOR)
