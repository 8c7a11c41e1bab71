"""Subsets of CJK fonts in one step: WeasyPrint keeps glyph numbers by keeping a row for each of 65,535 glyphs.

A CID-keyed CFF font needs no such rows, for its charset names each glyph by the number that the page uses, whatever row it
is in (Adobe Technical Note 5176, 13). HarfBuzz writes just that when it is not asked to retain glyph numbers: 12 ms
instead of 60 for a font of 700 glyphs, and a third of the bytes (measured on Noto Serif CJK). `install` puts it in place.
It is 6 ms where HarfBuzz is given the outlines alone: a `cmap` it reads whole, 45,000 characters, though it is dropped.

And the file of a font is read when somebody asks for it: WeasyPrint copies all 24 MB of each font that a page uses, though
HarfBuzz, which has the file mapped, is the only one to look into it.

And numbers of glyphs are handed over without a C type for each count of them: cffi takes two milliseconds to parse
`hb_codepoint_t[123]`, and keeps it for ever. WeasyPrint asked for two of them for each font of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

from service.engines import slimming

TABLES = (b"CFF ", b"head", b"maxp")  # all that HarfBuzz needs to cut outlines
NUMBERS = "hb_codepoint_t[]"
BUILDER = """
    hb_face_t * hb_face_builder_create (void);
    hb_bool_t hb_face_builder_add_table (hb_face_t *face, hb_tag_t tag, hb_blob_t *blob);
"""
ROS = b"\x0c\x1e"  # the operator that a CID-keyed font's top dictionary begins with


class _Types:
    """Stands for WeasyPrint's `ffi`; an array that is made of numbers has their length, whether it is said or not."""

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
    if harfbuzz_subset and not hasattr(fonts.Font.subset, "plain"):
        plain = fonts.Font.subset

        def subset(font: Any, to_unicode: Mapping[int, str], hinting: bool) -> None:
            compact = _compact(font, to_unicode) if to_unicode and "CFF " in font.tables else b""
            if compact:
                font.file_content = compact
            else:
                plain(font, to_unicode, hinting)

        subset.plain = plain  # type: ignore[attr-defined]
        fonts.Font.subset = subset


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


def _compact(font: Any, to_unicode: Mapping[int, str]) -> bytes:
    """The font with the glyphs of `to_unicode` alone; empty where its glyphs would lose their numbers."""
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), sorted(to_unicode))
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    if font.missing:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    face = ffi.gc(harfbuzz_subset.hb_subset_or_fail(_outlines(font.hb_face), wanted), harfbuzz.hb_face_destroy)
    data: bytes = (get_hb_object_data(face) or b"") if face else b""
    return data if ROS in slimming.outlines(data)[:100] else b""


def _outlines(face: Any) -> Any:
    """The face without its other tables, which are not copied."""
    bare = ffi.gc(harfbuzz.hb_face_builder_create(), harfbuzz.hb_face_destroy)
    for name in TABLES:
        tag = harfbuzz.hb_tag_from_string(name, -1)
        table = harfbuzz.hb_face_reference_table(face, tag)
        harfbuzz.hb_face_builder_add_table(bare, tag, table)
        harfbuzz.hb_blob_destroy(table)
    return bare


def _add(numbers: Any, values: list[int]) -> None:
    harfbuzz.hb_set_add_sorted_array(numbers, ffi.new(NUMBERS, values), len(values))
