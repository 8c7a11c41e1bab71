"""The embedded part of a font: the outlines of the glyphs on the page. HarfBuzz subsets the needed tables in one step.

WeasyPrint subsets each font twice, with tables that a PDF viewer never opens (`cmap`, `name`, `post`, `OS/2`): the PDF has the
characters and widths itself (ISO 32000-2, 9.9). HarfBuzz nevertheless reads these tables, 45,000 characters of a CJK font.
`install` passes a face with the outlines only, without a copy, so that the result is exactly the embedded part.

In a CID-keyed CFF font glyphs keep their numbers by name, in any row (Adobe Technical Note 5176, 13), so there is no row for
each of 65,535 glyphs: 6 ms instead of 60 for a font of 700 glyphs, and a third of the bytes (measured on Noto Serif CJK). In
a TrueType font, rows up to the last glyph of the page are kept, as WeasyPrint does by subsetting twice. An emoji font of
pictures has no outlines: its glyphs are empty, because the pictures are drawn, and WeasyPrint lets fontTools create 4,000 of
them one by one. WeasyPrint handles variable fonts, and fonts with other drawings and outlines.

The file of a font is read only when it is needed: WeasyPrint copies all 24 MB of each font of a page, although only HarfBuzz,
which has the file mapped, reads it.

Numbers of glyphs are passed without a C type for each count: cffi takes two milliseconds to parse `hb_codepoint_t[123]`, and
keeps the type forever. WeasyPrint creates two of them for each font of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

from service.engines.weasyprint.pdf import font_cleaning

CFF = (b"CFF ", b"head", b"maxp")  # all that HarfBuzz needs to cut outlines
METRICS = (b"head", b"hhea", b"hmtx", b"maxp")
TRUETYPE = (b"glyf", b"loca", *METRICS)  # what a TrueType font in a PDF consists of (ISO 32000-2, 9.9)
HINTS = (b"cvt ", b"fpgm", b"prep")
OUTLINES = frozenset({"CFF ", "CFF2", "glyf"})
NUMBERS = "hb_codepoint_t[]"
BUILDER = """
    hb_face_t * hb_face_builder_create (void);
    hb_bool_t hb_face_builder_add_table (hb_face_t *face, hb_tag_t tag, hb_blob_t *blob);
    hb_blob_t * hb_blob_create (const char *data, unsigned length, int mode, void *user_data, void *destroy);
"""
DUPLICATE = 0  # the mode in which a blob has a copy of its data
ROS = b"\x0c\x1e"  # the operator that a CID-keyed font's top dictionary begins with


class _Types:
    """Replaces WeasyPrint's `ffi`; an array that is made of numbers has their length, whether it is said or not."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ffi, name)

    def new(self, kind: str, *given: Any) -> Any:
        return ffi.new(NUMBERS if kind.startswith(NUMBERS[:-1]) and given else kind, *given)


def install() -> None:
    """Makes WeasyPrint take this way for fonts that allow it. Idempotent."""
    if not hasattr(fonts.Font, "file_content"):
        _read_files_late()
        fonts.ffi = _Types()
        ffi.cdef(BUILDER)
    if hasattr(fonts.Font.clean, "plain"):
        return
    plain = fonts.Font.clean

    def clean(font: Any, to_unicode: Mapping[int, str], hinting: bool) -> None:
        bare = _bare(font, to_unicode, hinting) if to_unicode and harfbuzz_subset else b""
        if bare:
            font.file_content = bare
        else:
            plain(font, to_unicode, hinting)
            font.file_content = font_cleaning.without_clock(font.file_content)

    clean.plain = plain  # type: ignore[attr-defined]
    fonts.Font.clean = clean


def _read_files_late() -> None:
    plain = fonts.Font.__init__

    def init(font: Any, *given: Any) -> None:
        fonts.get_hb_object_data = lambda _: None
        try:
            plain(font, *given)
        finally:
            fonts.get_hb_object_data = get_hb_object_data

    def content(font: Any) -> bytes:
        if font.content is None:
            font.content = get_hb_object_data(font.hb_face)
        data: bytes = font.content
        return data

    fonts.Font.__init__ = init
    fonts.Font.file_content = property(content, lambda font, data: setattr(font, "content", data))


def _bare(font: Any, glyphs: Iterable[int], hinting: bool) -> bytes:
    """The outlines of these glyphs as a font; empty where it must be made otherwise."""
    pictures = bool(font.png or font.svg or font.colr)
    if "fvar" in font.tables or font.bitmap or (pictures and OUTLINES.intersection(font.tables)):
        return b""
    if "CFF " in font.tables:
        data = _cut(font, _face(font.hb_face, CFF), glyphs)
        return data if ROS in font_cleaning.outlines(data)[:100] else b""
    if "glyf" in font.tables:
        bare = _face(font.hb_face, TRUETYPE + HINTS if hinting else TRUETYPE)
        return _cut(font, bare, glyphs, "RETAIN_GIDS", *(() if hinting else ("NO_HINTING",)))
    return _cut(font, _empty(font.hb_face, font.glyph_count), glyphs, "RETAIN_GIDS") if pictures else b""


def _cut(font: Any, face: Any, glyphs: Iterable[int], *flags: str) -> bytes:
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    numbers = sorted(glyphs)
    harfbuzz.hb_set_add_sorted_array(harfbuzz_subset.hb_subset_input_glyph_set(wanted), ffi.new(NUMBERS, numbers), len(numbers))
    names = [*flags, "DESUBROUTINIZE", *(["NOTDEF_OUTLINE"] if font.missing else [])]
    harfbuzz_subset.hb_subset_input_set_flags(wanted, sum(getattr(harfbuzz_subset, f"HB_SUBSET_FLAGS_{name}") for name in names))
    cut = ffi.gc(harfbuzz_subset.hb_subset_or_fail(face, wanted), harfbuzz.hb_face_destroy)
    return (get_hb_object_data(cut) or b"") if cut else b""


def _face(face: Any, tables: Iterable[bytes]) -> Any:
    """One of these tables, which are not copied."""
    bare = ffi.gc(harfbuzz.hb_face_builder_create(), harfbuzz.hb_face_destroy)
    for name in tables:
        _add(bare, name, harfbuzz.hb_face_reference_table(face, _tag(name)))
    return bare


def _empty(face: Any, count: int) -> Any:
    """One whose glyphs are empty: each begins and ends where the one before it does."""
    bare = _face(face, METRICS)
    for name, length in ((b"glyf", 1), (b"loca", 4 * (count + 1))):
        _add(bare, name, harfbuzz.hb_blob_create(bytes(length), length, DUPLICATE, ffi.NULL, ffi.NULL))
    return bare


def _add(face: Any, name: bytes, table: Any) -> None:
    harfbuzz.hb_face_builder_add_table(face, _tag(name), table)
    harfbuzz.hb_blob_destroy(table)


def _tag(name: bytes) -> Any:
    return harfbuzz.hb_tag_from_string(name, -1)
