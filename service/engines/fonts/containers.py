"""The fonts in a file: OpenType as it is, WOFF and WOFF2 unpacked, and each font of a collection.

Formats: OpenType 1.9 ("Organization of an OpenType font"), WOFF 1.0 and WOFF 2.0 of the W3C. Sizes that a file declares are
checked before anything is unpacked, and unpacking stops at them: a small file cannot become a large one.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
from fontTools.ttLib import TTFont, TTLibError, woff2

from service.engines.fonts.face import Unreadable
from service.model.font_files import LARGEST_FILE

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # a damaged font is worth 30,000 lines to it
SFNT = (b"\0\1\0\0", b"OTTO", b"true")
MOST_IN_COLLECTION = 16
MOST_TABLES = 100
WOFF_HEADER, WOFF_ROW = struct.Struct(">4s4sLHHL24x"), struct.Struct(">4sLLLL")
WOFF2_HEADER = struct.Struct(">4s4sLHHLL")  # its beginning


def opened(data: bytes) -> Iterator[TTFont]:
    """Each font in the file. Raises Unreadable; what fontTools raises for damaged tables comes when they are read."""
    kind = data[:4]
    if kind == b"wOFF":
        data = _of_woff(data)
    elif kind == b"wOF2":
        data = _of_woff2(data)
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"has more than {LARGEST_FILE:,} bytes when it is unpacked")
    if data[:4] == b"ttcf":
        yield from _of_collection(data)
    elif data[:4] in SFNT:
        yield _font(data)
    else:
        raise Unreadable("is not a font (TTF, OTF, TTC, WOFF or WOFF2)")


def _font(data: bytes, number: int = -1) -> TTFont:
    try:
        font = TTFont(io.BytesIO(data), fontNumber=number, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    except (TTLibError, struct.error, EOFError, AssertionError) as error:
        raise Unreadable("is damaged: its list of tables cannot be read") from error
    if len(font.keys()) > MOST_TABLES:
        raise Unreadable(f"has more than {MOST_TABLES} tables")
    return font


def _of_collection(data: bytes) -> Iterator[TTFont]:
    (count,) = struct.unpack_from(">L", data.ljust(12, b"\0"), 8)
    if not 0 < count <= MOST_IN_COLLECTION:
        raise Unreadable(f"is a collection of {count:,} fonts; the limit is {MOST_IN_COLLECTION}")
    yield from (_font(data, number) for number in range(count))


def _of_woff(data: bytes) -> bytes:
    """WOFF 1.0 as OpenType. Each table is unpacked to the length that it declares, and no further."""
    try:
        _, flavour, _, count, _, _ = WOFF_HEADER.unpack_from(data)
        rows = [WOFF_ROW.unpack_from(data, WOFF_HEADER.size + number * WOFF_ROW.size) for number in range(count)]
    except struct.error as error:
        raise Unreadable("is damaged: its WOFF header is incomplete") from error
    if sum(row[3] for row in rows) > LARGEST_FILE or count > MOST_TABLES:
        raise Unreadable(f"has more than {LARGEST_FILE:,} bytes when it is unpacked")
    tables: list[tuple[bytes, bytes]] = []
    for tag, offset, packed, length, _ in rows:
        part = data[offset : offset + packed]
        tables.append((tag, part if packed == length else _inflated(part, length)))
        if len(tables[-1][1]) != length:
            raise Unreadable(f"is damaged: its table {tag.decode('latin-1')!r} has another length than declared")
    return _joined(flavour, tables)


def _inflated(data: bytes, length: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, length + 1)
    except zlib.error as error:
        raise Unreadable("is damaged: a table cannot be unpacked") from error


def _joined(flavour: bytes, tables: list[tuple[bytes, bytes]]) -> bytes:
    """The tables as an OpenType file; checksums are made again when the font is saved."""
    tables.sort()
    head = flavour + struct.pack(">HHHH", len(tables), 0, 0, 0)
    offset, rows, body = len(head) + 16 * len(tables), b"", b""
    for tag, data in tables:
        rows += struct.pack(">4sLLL", tag, 0, offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return head + rows + body


class _Brotli:
    """Replaces brotli in fontTools' reader of WOFF2, which unpacks a stream of any size."""

    error, compress, MODE_FONT = brotli.error, brotli.compress, brotli.MODE_FONT

    @staticmethod
    def decompress(data: bytes) -> bytes:
        decoder: Any = brotli.Decompressor()
        found: bytes = decoder.process(data, output_buffer_limit=LARGEST_FILE + 1)
        if len(found) > LARGEST_FILE or not decoder.is_finished():
            raise brotli.error("too large, or incomplete")
        return found


woff2.brotli = _Brotli


def _of_woff2(data: bytes) -> bytes:
    """WOFF 2.0 as OpenType."""
    try:
        *_, declared, _ = WOFF2_HEADER.unpack_from(data)
    except struct.error as error:
        raise Unreadable("is damaged: its WOFF2 header is incomplete") from error
    if declared > LARGEST_FILE:
        raise Unreadable(f"has more than {LARGEST_FILE:,} bytes when it is unpacked")
    out = io.BytesIO()
    try:
        woff2.decompress(io.BytesIO(data), out)
    except Exception as error:  # fontTools raises many types for a damaged file
        raise Unreadable("is damaged, or too large: it cannot be unpacked") from error
    return out.getvalue()
