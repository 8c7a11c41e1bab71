"""Downloads files: streamed, resumed by Range after a break of the connection, complete or missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from colophon_client.problems import Unreachable
from colophon_client.transport import Transport, opened

CHUNK = 1 << 16
DAMAGED = "The file arrived damaged."


def chunks(answer: BaseHTTPResponse) -> Iterator[bytes]:
    """The bytes as they arrive. Raises Unreachable if the connection breaks."""
    try:
        while chunk := answer.read1(CHUNK):
            yield chunk
    except (HTTPError, OSError) as error:
        raise Unreachable("The connection broke while something was read.") from error


def to_file(transport: Transport, where: str, path: Path, sha256: str = "") -> Path:
    """Writes next to `path` and renames. With a `sha256`, continues after a break and compares; without, begins again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w+b") as file:
            for left in range(transport.tries, -1, -1):
                try:
                    _fill(transport, where, file, file.seek(0, 2) if sha256 else 0)
                    break
                except Unreachable:
                    if not left:
                        raise
            file.seek(0)
            if sha256 and hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise Unreachable(DAMAGED)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def _fill(transport: Transport, where: str, file: BinaryIO, have: int) -> None:
    """Writes the bytes after the first `have`, or all if the service sends all."""
    with opened(transport.request("GET", where, headers={"Range": f"bytes={have}-"} if have else {}, stream=True)) as answer:
        file.truncate(file.seek(have if answer.status == 206 else 0))
        for chunk in chunks(answer):
            file.write(chunk)


def compare(data: bytes, sha256: str) -> None:
    """Raises Unreachable if the SHA-256 differs: a proxy changed or cut the bytes."""
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise Unreachable(DAMAGED)
