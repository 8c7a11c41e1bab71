"""Fonts made for tests: each glyph is a box, so that nothing depends on the fonts of the machine."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "é–—‘’“”…"
UNITS = 1000
NOT_SUBSET, RESTRICTED, PRINT, EDITABLE, BITMAPS = 0x0100, 0x0002, 0x0004, 0x0008, 0x0200


def _box(pen: Any, width: int, height: int) -> Any:
    pen.moveTo((50, 0))
    pen.lineTo((50, height))
    pen.lineTo((width - 50, height))
    pen.lineTo((width - 50, 0))
    pen.closePath()
    return pen


def font(
    family: str = "Harbour", *, text: str = LETTERS, style: str = "Regular", weight: int = 400, italic: bool = False,
    mono: bool = False, licence: int = 0, width: int = 600, cff: bool = False, variable: bool = False, filler: int = 0,
) -> TTFont:  # fmt: skip
    """`filler`: the number of further glyphs in the private use area."""
    codes = sorted({*map(ord, text), *range(0xE000, 0xE000 + filler)})
    names = [".notdef", *(f"u{code:04X}" for code in codes)]
    widths = {name: width if mono else width + number % 7 * 10 for number, name in enumerate(names)}
    made = FontBuilder(UNITS, isTTF=not cff)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({code: f"u{code:04X}" for code in codes})
    if cff:
        strings = {name: _box(T2CharStringPen(widths[name], None), widths[name], 700).getCharString() for name in names}
        made.setupCFF(f"{family}-{style}".replace(" ", ""), {"FullName": f"{family} {style}"}, strings, {})
    else:
        made.setupGlyf({name: _box(TTGlyphPen(None), widths[name], 700).glyph() for name in names})
    made.setupHorizontalMetrics({name: (widths[name], 50) for name in names})
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": family, "styleName": style, "psName": f"{family}-{style}".replace(" ", "")})
    made.setupOS2(usWeightClass=weight, fsType=licence, sTypoAscender=800, fsSelection=1 if italic else 64)
    made.setupPost(isFixedPitch=int(mono), keepGlyphNames=False)
    made.font["head"].macStyle = (1 if weight >= 600 else 0) | (2 if italic else 0)
    if variable:
        made.setupFvar([("wght", 300, 400, 800, "Weight")], [])
        made.setupGvar({name: [] for name in names})
    return made.font


def packed(made: TTFont, flavour: str | None = None) -> bytes:
    """The bytes as OpenType, or `woff`, `woff2`."""
    made.flavor = flavour
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def data(family: str = "Harbour", **about: Any) -> bytes:
    return packed(font(family, **about))


def collection(families: Sequence[str]) -> bytes:
    made = TTCollection()
    made.fonts = [font(each) for each in families]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
