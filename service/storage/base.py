"""The interface of a store: blobs by the SHA-256 of their bytes. The same bytes are stored once. A blob is complete or missing.

Blobs that are read for use are compared with their key, so damage on a disk is always found.
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
    """All methods raise StorageUnavailable if the store cannot be reached, StorageFull if it is full."""

    def put(self, data: bytes) -> str:
        """Stores `data` durably and returns its key (hex SHA-256). A damaged blob is written again."""

    def put_file(self, file: BinaryIO) -> str:
        """As `put`, for a seekable file. The file is never whole in memory."""

    def get(self, key: str) -> bytes:
        """Raises Gone if there is no such blob, Damaged if its bytes do not match its key."""

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start`, in chunks. Raises Gone before the first chunk if there is no such blob.

        The bytes are not compared with the key: call `verify` first.
        """

    def verify(self, key: str) -> int:
        """The size in bytes of a blob, after its bytes were compared with its key. Raises Gone, Damaged."""

    def size(self, key: str) -> int:
        """The size in bytes. Raises Gone if there is no such blob."""

    def delete(self, key: str) -> None:
        """Deletes the blob. It may be gone already."""

    def discard(self, key: str, put_before: float) -> bool:
        """Deletes the blob unless it was put again after that time (seconds since 1970). Returns whether it is gone."""

    def keys(self, older_than: float) -> Iterator[str]:
        """Keys of blobs that were last written more than `older_than` seconds ago, for a sweep."""

    def check(self) -> None:
        """Writes, reads and removes a probe, for readiness."""

    def url(self, key: str, name: str, media_type: str, seconds: int) -> str | None:
        """An address for a direct download with that name, if the store has one."""


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
    """The error for a blob whose bytes do not match its key. The log contains the key."""
    log.error("a blob is damaged", extra={"key": key})
    return Damaged("The stored file is damaged and is not used. Send the original again.")


class Verified:
    """Remembers which blobs were verified recently, and their state. Thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Hashable, float]] = {}

    def knows(self, key: str, state: Hashable) -> bool:
        """Whether the blob was verified in this state recently."""
        known, until = self._known.get(key, (None, 0.0))
        return known == state and time.monotonic() < until

    def add(self, key: str, state: Hashable) -> None:
        """`state` changes with every write: inode and time of change, or an ETag."""
        if len(self._known) >= MOST_VERIFIED:
            self._known = {}
        self._known[key] = (state, time.monotonic() + VERIFIED_FOR)
