"""The fonts of a conversion inside an EPUB: reduced to the characters of the book, with rules for its style sheet.

TrueType and OpenType are core media types of EPUB 3.3 (3.2), which Kindle and old readers know too. The zip compresses them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from service.engines.fonts.face import Face
from service.style.own_fonts import OwnFonts

ALWAYS = frozenset(range(0x20, 0x7F)) | frozenset(map(ord, "\u00a0\u00ad\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u2026"))
Files = dict[str, tuple[str, bytes]]


def of(own: OwnFonts, text: Callable[[], str]) -> tuple[Files, str]:
    """Name → media type and bytes, and the rules. `text`: the whole text of the book, as HTML."""
    from service.engines.fonts import faces

    characters = ALWAYS | frozenset(map(ord, text()))
    found: Files = {}
    rules: dict[str, None] = {}
    for family in own.allowed("epub").values():
        for face in family:
            data = faces.subsetted(face, characters)
            name = _name(data)
            found[name] = ("font/otf" if data[:4] == b"OTTO" else "font/ttf", data)
            rules[_rule(face, name)] = None
    return found, "\n".join(rules)


def _name(data: bytes) -> str:
    suffix = "otf" if data[:4] == b"OTTO" else "ttf"
    return f"fonts/{hashlib.sha256(data).hexdigest()[:16]}.{suffix}"


def _rule(face: Face, name: str) -> str:
    look = f"font-weight: {face.weight}; font-style: {'italic' if face.italic else 'normal'}"
    return f'@font-face {{ font-family: "{face.family}"; {look}; src: url(../{name}) }}'
