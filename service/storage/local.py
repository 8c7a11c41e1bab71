"""Blobs as files: written next to their place, fsynced, renamed.

The folder is fsynced too, so that a returned key survives a power cut.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from service.model.errors import Gone, NotFound, StorageFull, StorageUnavailable
from service.model.settings import Settings
from service.storage.base import CHUNK, Verified, damaged, digest, verified

KEY = re.compile(r"[0-9a-f]{64}")
LEFT_OVER = 3_600.0  # seconds after which a temporary file is no longer in use
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def _mapped() -> Iterator[None]:
    """Translates the errors of the operating system."""
    try:
        yield
    except FileNotFoundError as error:
        raise Gone("The file has expired and was removed.") from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull from error
        raise StorageUnavailable(retry_after=10) from error


class LocalStore:
    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.data_dir) / "blobs"
        self._verified = Verified()

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NotFound("The file does not exist.")
        return self.folder / key[:2] / key

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        with self._writing():
            if not self._renewed(key):
                _write(self._path(key), (data,))
        return key

    def put_file(self, file: BinaryIO) -> str:
        key = digest(file)
        with self._writing():
            if not self._renewed(key):
                file.seek(0)
                _write(self._path(key), iter(lambda: file.read(CHUNK), b""))
        return key

    def _renewed(self, key: str) -> bool:
        """Whether the blob is complete. If so, its age starts again, so that a sweep keeps it."""
        path = self._path(key)
        try:
            self.verify(key)
            os.utime(path)
        except (Gone, StorageUnavailable, FileNotFoundError):
            return False
        return path.exists()  # a sweep that looked at its age before may have moved it aside during the call

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise (StorageFull() if error.errno in NO_ROOM else StorageUnavailable(retry_after=10)) from error

    def get(self, key: str) -> bytes:
        with _mapped():
            return verified(key, self._path(key).read_bytes())

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        with _mapped():
            file = self._path(key).open("rb")
        return _chunks(file.fileno(), file, start, length)

    def verify(self, key: str) -> int:
        with _mapped(), self._path(key).open("rb") as file:
            found = os.fstat(file.fileno())
            state = (found.st_ino, found.st_ctime_ns, found.st_size)
            if not self._verified.knows(key, state):
                if digest(file) != key:
                    raise damaged(key)
                self._verified.add(key, state)
            return found.st_size

    def size(self, key: str) -> int:
        with _mapped():
            return self._path(key).stat().st_size

    def delete(self, key: str) -> None:
        with self._writing():
            self._path(key).unlink(missing_ok=True)

    def discard(self, key: str, put_before: float) -> bool:
        """The blob is moved aside before its age is checked again: a `put` meanwhile either renews the age or writes again."""
        path = self._path(key)
        aside = path.with_name(f".new-{secrets.token_hex(8)}")
        with self._writing():
            try:
                if path.stat().st_mtime > put_before:
                    return False
                path.rename(aside)
            except FileNotFoundError:
                return True
            try:
                if aside.stat().st_mtime <= put_before:
                    aside.unlink()
                    return True
                aside.replace(path)
            except BaseException:
                with suppress(OSError):
                    aside.replace(path)  # a failed check must not remove the blob
                raise
            return False

    def keys(self, older_than: float) -> Iterator[str]:
        now = time.time()
        for path in self.folder.glob("??/*"):
            try:
                age = now - path.stat().st_mtime
            except FileNotFoundError:
                continue
            if age > older_than and KEY.fullmatch(path.name):
                yield path.name
            elif age > max(older_than, LEFT_OVER) and path.name.startswith(".new-"):
                path.unlink(missing_ok=True)  # left by a process that ended while writing

    def check(self) -> None:
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".probe-") as probe:
                probe.write(b"probe")
                probe.flush()

    def url(self, key: str, name: str, media_type: str, seconds: int) -> str | None:  # noqa: ARG002
        return None


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _chunks(descriptor: int, file: object, start: int, length: int | None) -> Iterator[bytes]:
    try:
        left = length
        while left is None or left > 0:
            with _mapped():
                chunk = os.pread(descriptor, CHUNK if left is None else min(CHUNK, left), start)
            if not chunk:
                return
            start += len(chunk)
            left = None if left is None else left - len(chunk)
            yield chunk
    finally:
        file.close()  # type: ignore[attr-defined]
