"""Whether bytes begin like an image, without a decoder: an error page must not be stored as a picture.

The front uses it on answers of hosts. Later `engines.images.formats` decides in a worker which image can be used.
"""

from __future__ import annotations

import re

BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0",
    b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ",
)  # fmt: skip
BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")  # of ISO base media files (ISO/IEC 14496-12)
SVG = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,30}:)?svg[\s/>]")
SEARCHED = 65_536  # bytes in which the root element of an SVG image must begin


def is_image(data: bytes) -> bool:
    """Whether `data` begins like an image of any known format, also one that cannot be used."""
    if data.startswith(BEGINNINGS):
        return True
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return True
    return _is_svg(data[:SEARCHED])


def _is_svg(data: bytes) -> bool:
    """By the root element; linear in the size of `data`. A page that holds an SVG drawing is not one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16: only ASCII matters here
        data = data[2:].replace(b"\0", b"")
    place = _after_miscellany(data, 3 if data.startswith(b"\xef\xbb\xbf") else 0)
    if data.startswith(b"<!DOCTYPE", place):
        place = _after_miscellany(data, _after_doctype(data, place))
    return SVG.match(data, place) is not None


def _after_miscellany(data: bytes, place: int) -> int:
    """Behind blanks, comments and processing instructions (XML 1.0, production 27)."""
    while True:
        while data[place : place + 1].isspace():
            place += 1
        if data.startswith(b"<?", place):
            end = b"?>"
        elif data.startswith(b"<!--", place):
            end = b"-->"
        else:
            return place
        found = data.find(end, place + 2)
        if found < 0:
            return len(data)
        place = found + len(end)


def _after_doctype(data: bytes, place: int) -> int:
    """Behind a document type, which may hold an internal subset in brackets."""
    end, bracket = data.find(b">", place), data.find(b"[", place)
    if 0 <= bracket < end:
        end = data.find(b">", max(bracket, data.find(b"]", bracket)))
    return end + 1 if end >= 0 else len(data)
