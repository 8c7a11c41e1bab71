"""Frames between processes: length-prefixed JSON headers, each followed by its blobs. The header contains their sizes.

A length is four bytes, big-endian. The same form is used with a worker (front ↔ Python) and with pandoc
(Python ↔ Lua), without pickle.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import orjson

from service.model.text import json_values

LENGTH = struct.Struct(">I")
LARGEST_HEADER = 64 << 20
LARGEST_FRAME = 1 << 30
BUFFER = 1 << 18  # bytes of the streams: a usual frame is one system call, and wakes the other side once


def send(stream: BinaryIO, header: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Raises BrokenPipeError if the other side has closed."""
    text = _written({**header, "sizes": [len(blob) for blob in blobs]})
    stream.write(LENGTH.pack(len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def _written(header: Mapping[str, Any]) -> bytes:
    """The value as JSON. Values that JSON cannot represent become text, so that a hostile file ends no worker."""
    try:
        return orjson.dumps(header)
    except orjson.JSONEncodeError:
        return orjson.dumps(json_values.kept(header))


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Raises EOFError if the other side has closed, ValueError if it is not a frame or too large."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > LARGEST_HEADER:
        raise ValueError(f"header of {length} bytes")
    header = orjson.loads(_exactly(stream, length))
    if not isinstance(header, dict):
        raise ValueError("header is not an object")
    sizes = header.pop("sizes", None) or []  # an empty table of Lua arrives as {}
    if any(not isinstance(size, int) or size < 0 for size in sizes) or sum(sizes) > LARGEST_FRAME:
        raise ValueError("blobs of impossible size")
    return header, [_exactly(stream, size) for size in sizes]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            raise EOFError("the other side ended")
        data += more
    return data
