"""Damages files: bytes, tokens of parsers, and the members of a zip."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

TOKENS: tuple[bytes, ...] = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\r", b"\n---\n", b"\n+++\n", b"---\n", b"[", b"](",
    b"![](", b"[^1]: ", b"^[", b"$$", b"```", b":::", b"> ", b"- ", b"| ", b"|-|\n", b"# ", b"<", b"</", b"<!--", b"<![CDATA[",
    b"<div>", b"<table><tr><td>", b"<svg>", b"<math>", b"<script>", b"&#x0;", b"&#xD800;", b"&lt;", b"%00", b"javascript:",
    b"<w:tbl>", b"data:image/png;base64,", b"http://[::1", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"xmlns=''", b"colspan='99999999'",
    b": ", b"!!binary ",
    b"&a *a ", b"{", b"}", b"'", b'"', b"\\", b"1e999", b"-0", b"99999999999999999999", b"2024-13-45", b"nan",
    b"\xf0\x9f\x91\xa9\xe2\x80\x8d", b"\xcc\x81" * 50, b"<text:p>",
)  # fmt: skip
LARGEST = 400_000
Damage = Callable[[random.Random, bytearray], None]


def _flip(chance: random.Random, data: bytearray) -> None:
    for _ in range(chance.choice((1, 1, 4, 32))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(chance: random.Random, data: bytearray) -> None:
    place = chance.randrange(len(data) + 1)
    data[place:place] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 7, 60, 1000))


def _cut(chance: random.Random, data: bytearray) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 8, 100, len(data)))]


def _repeat(chance: random.Random, data: bytearray) -> None:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(1, 200)]
    data[start:start] = piece * chance.choice((1, 2, 20, 300))


def _move(chance: random.Random, data: bytearray) -> None:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randrange(1, 500)]
    del data[start : start + len(piece)]
    place = chance.randrange(len(data) + 1)
    data[place:place] = piece


def _number(chance: random.Random, data: bytearray) -> None:
    """Four bytes that are a length somewhere."""
    place = chance.randrange(len(data))
    data[place : place + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\x01\0"))


DAMAGES: Sequence[Damage] = (_flip, _insert, _insert, _cut, _repeat, _move, _number)


def damaged(chance: random.Random, data: bytes) -> bytes:
    """One to six damages, at most LARGEST bytes of it."""
    out = bytearray(data)
    for _ in range(chance.randrange(1, 7)):
        if out:
            chance.choice(DAMAGES)(chance, out)
    return bytes(out[:LARGEST])


def damaged_text(chance: random.Random, data: bytes) -> bytes:
    """Damaged, but mostly still text: what is not UTF-8 is refused before anything interesting happens."""
    out = damaged(chance, data)
    if chance.random() < 0.1:
        return out
    return "".join(one for one in out.decode("utf-8", "ignore") if one >= " " or one in "\n\t\r").encode()


def damaged_zip(chance: random.Random, data: bytes) -> bytes:
    """Mostly one member is damaged and packed again with a true directory; sometimes the archive as such."""
    if chance.random() < 0.15:
        return damaged(chance, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(entry, archive.read(entry)) for entry in archive.infolist()]
    chosen = chance.randrange(len(parts))
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        for number, (entry, content) in enumerate(parts):
            new = zipfile.ZipInfo(entry.filename)
            new.compress_type = entry.compress_type
            archive.writestr(new, _damaged_member(chance, content) if number == chosen else content)
    return out.getvalue()


def _damaged_member(chance: random.Random, content: bytes) -> bytes:
    return damaged_text(chance, content) if content.lstrip()[:1] == b"<" else damaged(chance, content)


def damaged_png(chance: random.Random, data: bytes) -> bytes:
    """Chunks damaged, their checksums fixed, so that the decoder continues."""
    place, out = 8, bytearray(data[:8])
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        place += size + 12
        if chance.random() < 0.4:
            content = damaged(chance, content)
        out += len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
    return bytes(out)
