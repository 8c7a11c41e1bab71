"""The faces of a font file: checked, named, and as a static OpenType font that says what its licence allows.

A face is written again from tables that could be read. What no page needs is left out: signatures, bitmaps, colours, and SVG
pictures, which could hold anything. A variable font becomes its regular and its bold instance, upright and slanted.
"""

from __future__ import annotations

import functools
import io
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from service.engines.fonts import containers
from service.engines.fonts.face import Face, Unreadable, saved

READ = ("head", "hhea", "maxp", "hmtx", "cmap", "name", "OS/2", "post")  # decoded, so that damage shows here
NEEDED = ("head", "hhea", "maxp", "hmtx", "cmap", "name")
OUTLINES = ("glyf", "CFF ", "CFF2")
LEFT_OUT = (
    "DSIG", "SVG ", "CBDT", "CBLC", "sbix", "COLR", "CPAL", "EBDT", "EBLC", "EBSC", "FFTM", "Feat", "Silf", "Sill", "Glat",
    "Gloc", "LTSH", "VDMX", "hdmx", "meta", "PCLT",
)  # fmt: skip
FAMILIES = (16, 1)  # name identifiers: typographic family, family (OpenType 1.9, "name")
REGULAR, BOLD = 400, 700
MANY_GLYPHS = 5_000  # a font with more is cut to the text first: 25 MB of Chinese outlines take seconds to write again
# OS/2.fsType (OpenType 1.9, "OS/2"): bits 0 to 3 are one level, of which the freest counts; 8 and 9 are conditions.
RESTRICTED, PRINT, EDITABLE, LEVELS, WHOLE, BITMAPS = 0x0002, 0x0004, 0x0008, 0x000F, 0x0100, 0x0200


def of(file: str, data: bytes, text: frozenset[int]) -> list[Face]:
    """The faces in a file. `text` are the characters of the document. Raises Unreadable."""
    try:
        found = [face for font in containers.opened(data) for face in _of_font(file, font, text)]
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # fontTools raises what it meets: KeyError, struct.error, AssertionError, OverflowError …
        raise Unreadable("is damaged: its tables cannot be read") from error
    if not found:
        raise Unreadable("has no font in it")
    return found


def families_of(data: bytes) -> list[str]:
    """The names of the families in a file, without a check of the rest. Raises Unreadable."""
    try:
        return [name for font in containers.opened(data) for name in _families(font)]
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise Unreadable("is damaged: its names cannot be read") from error


def _of_font(file: str, font: TTFont, text: frozenset[int]) -> Iterator[Face]:
    _check(font)
    names = _families(font)
    if not names:
        raise Unreadable("has no family name")
    permission, whole = _licence(font)
    for tag in LEFT_OUT:
        if tag in font:
            del font[tag]
    mono = bool(font["post"].isFixedPitch) if "post" in font else False
    family = _plain(names[0])
    folded = frozenset(" ".join(name.split()).casefold() for name in (*names, family))
    small = functools.cache(lambda: font if whole else _small(font, text))
    for weight, italic, place in _instances(font):
        make = functools.partial(_static, small, place)
        yield Face(file, family, folded, weight, italic, mono, permission, whole, make)


def _check(font: TTFont) -> None:
    """Raises Unreadable, or any exception of fontTools for a damaged table."""
    missing = [tag for tag in NEEDED if tag not in font]
    if missing:
        raise Unreadable(f"is damaged: it has no table {missing[0]!r}")
    if not any(tag in font for tag in OUTLINES):
        raise Unreadable("has no outlines, only pictures of glyphs")
    for tag in READ:
        if tag in font:
            font[tag]
    units, cmap = font["head"].unitsPerEm, font.getBestCmap()
    if not 16 <= units <= 16_384:
        raise Unreadable(f"is damaged: it has {units} units per em")
    if not cmap:
        raise Unreadable("has no characters of Unicode")
    if "glyf" in font and len(font["loca"].locations) != font["maxp"].numGlyphs + 1:
        raise Unreadable("is damaged: its list of glyphs is incomplete")
    if "CFF " in font:
        font["CFF "].cff[0].CharStrings  # noqa: B018 (read, so that damage shows here)


def _families(font: TTFont) -> list[str]:
    """The names of the family in every language; the first is the usual one."""
    table: Any = font["name"]
    best = table.getBestFamilyName()
    rest = [each.toUnicode(errors="replace") for each in table.names if each.nameID in FAMILIES]
    return [name for name in dict.fromkeys([best, *rest]) if name and name.strip()]


def _plain(name: str) -> str:
    """The name with letters, digits and hyphens only: commas and quotes have a meaning to fontconfig, Pango and CSS."""
    kept = "".join(each if each.isalnum() or each in "-_" else " " for each in unicodedata.normalize("NFC", name))
    return " ".join(kept.split())[:60] or "Uploaded"


def _licence(font: TTFont) -> tuple[str, bool]:
    bits = int(font["OS/2"].fsType) if "OS/2" in font else 0
    level = bits & LEVELS
    if bits & BITMAPS or (level & RESTRICTED and not level & (PRINT | EDITABLE)):
        return "none", False
    return ("print" if level & PRINT and not level & EDITABLE else "any"), bool(bits & WHOLE)


def _small(font: TTFont, text: frozenset[int]) -> TTFont:
    """The font; one of many glyphs with those of the text."""
    if font["maxp"].numGlyphs > MANY_GLYPHS:
        cut(font, text)
    return font


def _static(font: Callable[[], TTFont], place: dict[str, float]) -> TTFont:
    if not place:
        return font()
    return instancer.instantiateVariableFont(font(), place, inplace=False, static=True)


def _instances(font: TTFont) -> Iterator[tuple[int, bool, dict[str, float]]]:
    """Weight, slant and place on the axes of a variable font; of any other font, its own weight and slant."""
    weight, italic = _style(font)
    axes = {axis.axisTag: axis for axis in font["fvar"].axes} if "fvar" in font else {}
    if not axes:
        yield weight, italic, {}
        return
    weights = _weights(axes["wght"]) if "wght" in axes else {weight: 0.0}
    slants = {False: 0.0, True: _slanted(axes)} if _slanted(axes) and not italic else {italic: 0.0}
    for slanted, slant in slants.items():
        for each, value in weights.items():
            place = {tag: axis.defaultValue for tag, axis in axes.items()}
            place |= {"wght": value} if "wght" in axes else {}
            place |= {tag: slant for tag in ("ital", "slnt") if tag in axes and slanted}
            yield each, slanted, place


def _weights(axis: Any) -> dict[int, float]:
    """Regular and bold, as near as the axis has them."""
    wanted = {weight: min(max(weight, axis.minValue), axis.maxValue) for weight in (REGULAR, BOLD)}
    return wanted if wanted[REGULAR] != wanted[BOLD] else {round(wanted[REGULAR]): wanted[REGULAR]}


def _slanted(axes: dict[str, Any]) -> float:
    if "ital" in axes:
        return float(axes["ital"].maxValue)
    return float(axes["slnt"].minValue) if "slnt" in axes else 0.0


def _style(font: TTFont) -> tuple[int, bool]:
    """Weight by OS/2, and whether the face is slanted by OS/2 or head."""
    os2, mac = font.get("OS/2", None), int(font["head"].macStyle)
    weight = int(os2.usWeightClass) if os2 else (BOLD if mac & 1 else REGULAR)
    weight = weight * 100 if 0 < weight < 10 else weight  # old fonts count from 1 to 9
    italic = bool(mac & 2) or bool(os2 and os2.fsSelection & 0x0201)
    return min(max(round(weight, -2), 100), 900), italic


def cut(font: TTFont, text: frozenset[int]) -> None:
    """Leaves the glyphs that those characters need."""
    options = subset.Options()
    options.notdef_outline = options.name_legacy = True
    options.name_IDs = [*range(7), 16, 17]
    options.name_languages = ["*"]
    options.layout_features = ["*"]
    options.drop_tables += list(LEFT_OUT)
    options.recalc_timestamp = options.recalc_bounds = False
    options.ignore_missing_unicodes = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=text)
    subsetter.subset(font)


def subsetted(face: Face, text: frozenset[int]) -> bytes:
    """The face with the glyphs of those characters; the whole face where its licence forbids to cut it."""
    if face.whole:
        return face.data
    font = TTFont(io.BytesIO(face.data), lazy=True, recalcTimestamp=False)
    cut(font, text)
    return saved(font)
