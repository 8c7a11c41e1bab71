"""Requests with files: read from the disk while they are sent, however large they are, and again for a further try."""

from __future__ import annotations

import io
import json
import mimetypes
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

Part = Path | str | tuple[str, bytes]  # a file's path, or a name and bytes


class Url(str):
    """The address of a page, in the place of a file: the service fetches it, where its operator allows that."""

    __slots__ = ()


# As browsers write them (WHATWG, multipart/form-data).
ESCAPES = str.maketrans({"\r": "%0D", "\n": "%0A", '"': "%22"})


class JsonBody(io.BytesIO):
    """A JSON object as the body of a request."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        super().__init__(json.dumps(members, ensure_ascii=False).encode())

    def headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "Content-Length": str(len(self.getbuffer()))}


class Form(io.RawIOBase):
    """A multipart/form-data body; a file-like object, as urllib3 takes it: `read`, and `seek` to the beginning."""

    def __init__(self, fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, Part]]) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._pieces: list[bytes | Path] = []
        for name, value in fields:
            self._pieces.append(_head(boundary, f'name="{name.translate(ESCAPES)}"') + value.encode() + b"\r\n")
        for name, part in files:
            label, content = part if isinstance(part, tuple) else (Path(part).name, Path(part))
            about = f'name="{name}"; filename="{label.translate(ESCAPES)}"'
            kind = mimetypes.guess_type(label)[0] or "application/octet-stream"
            self._pieces += [_head(boundary, about, f"Content-Type: {kind}\r\n"), content, b"\r\n"]
        self._pieces.append(f"--{boundary}--\r\n".encode())
        self._sizes = [piece.stat().st_size if isinstance(piece, Path) else len(piece) for piece in self._pieces]
        self.size = sum(self._sizes)
        self._open = ExitStack()
        self._chunks: Iterator[bytes] = iter(())
        self._left = b""
        self.seek(0)

    def headers(self) -> dict[str, str]:
        return {"Content-Type": self.content_type, "Content-Length": str(self.size)}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = 0) -> int:
        """To the beginning only: for a further try."""
        if place or whence:
            raise io.UnsupportedOperation("a form is sent from its beginning")
        self._open.close()
        self._at, self._left, self._chunks = 0, b"", self._read_pieces()
        return 0

    def read(self, size: int = -1) -> bytes:
        wanted = self.size - self._at if size < 0 else size
        found = [self._left]
        have = len(self._left)
        while have < wanted and (chunk := next(self._chunks, b"")):
            found.append(chunk)
            have += len(chunk)
        data = b"".join(found)
        data, self._left = data[:wanted], data[wanted:]
        self._at += len(data)
        return data

    def _read_pieces(self) -> Iterator[bytes]:
        for piece, size in zip(self._pieces, self._sizes, strict=True):
            if isinstance(piece, bytes):
                yield from (piece[at : at + 65_536] for at in range(0, size, 65_536))
            else:
                yield from self._read_file(self._open.enter_context(piece.open("rb")), piece, size)

    def _read_file(self, file: BinaryIO, path: Path, size: int) -> Iterator[bytes]:
        """Raises RuntimeError for a file that has grown or shrunk: its length was sent already."""
        left = size
        while left and (chunk := file.read(min(left, 65_536))):
            left -= len(chunk)
            yield chunk
        if left or file.read(1):
            raise RuntimeError(f"{path} changed while it was sent")
        file.close()

    def close(self) -> None:
        self._open.close()
        super().close()


def _head(boundary: str, about: str, more: str = "") -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n{more}\r\n".encode()
