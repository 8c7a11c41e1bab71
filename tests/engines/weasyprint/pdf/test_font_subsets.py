"""Fonts in a PDF: the glyphs of the page and no others, without a clock."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from weasyprint.text.ffi import ffi

from service.engines.weasyprint import rendering
from service.engines.weasyprint.fonts import coverage
from service.engines.weasyprint.pdf import font_cleaning

HTML = "<html lang=zh><body style='font-family: Noto Serif CJK SC'><p>湖边的灯塔</p></body></html>"


@pytest.mark.skipif("CJK" not in coverage().get("Han (simplified)", ""), reason="no CID-keyed CJK font is installed")
def test_cjk_font_has_the_glyphs_of_the_page_only() -> None:
    printed = rendering.render(HTML, ["@page { size: A6 }"], {})
    with pikepdf.open(io.BytesIO(printed.data)) as file:
        fonts = [each for each in file.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/CIDFontType0C"]
        sizes = [len(each.read_bytes()) for each in fonts]
    assert sizes and max(sizes) < 10_000


def embedded(html: str) -> list[TTFont]:
    """The TrueType fonts in its PDF."""
    printed = rendering.render(html, [], {})
    with pikepdf.open(io.BytesIO(printed.data)) as file:
        return [
            TTFont(io.BytesIO(each.read_bytes()))
            for each in file.objects
            if isinstance(each, pikepdf.Stream) and "/Length1" in each
        ]


def test_truetype_font_is_what_a_pdf_reads_of_it() -> None:
    (font,) = embedded("<html lang=en><body style='font-family: Noto Serif'><p>Zebra</p></body></html>")
    assert {"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"} == set(font.keys())
    drawn = [name for name in font.getGlyphOrder() if font["glyf"][name].numberOfContours]
    assert len(drawn) == len(set("Zebra"))
    assert font["maxp"].numGlyphs == font.getGlyphID(drawn[-1]) + 1  # glyphs keep their numbers
    assert all(font["hmtx"][name][0] for name in drawn)


@pytest.mark.skipif(coverage().get("Emoji") != "Noto Color Emoji", reason="Noto Color Emoji is not installed")
def test_emoji_are_pictures_over_empty_glyphs() -> None:
    (font,) = embedded("<html lang=en><body style='font-family: Noto Color Emoji'><p>\U0001f600</p></body></html>")
    assert {"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"} == set(font.keys())
    assert not any(font["glyf"][name].numberOfContours for name in font.getGlyphOrder())
    assert font["hmtx"][font.getGlyphOrder()[-1]][0]


def test_no_type_is_parsed_for_each_count_of_glyphs() -> None:
    rendering.render(HTML, ["@page { size: A6 }"], {})
    known = len(ffi._parsed_types)
    for length in range(3, 9):
        rendering.render(f"<html lang=en><body><p>{'abcdefghij'[:length]} 湖边的灯塔湖边的灯塔"[: 40 + length], [], {})
    assert len(ffi._parsed_types) == known


def test_what_is_no_font_is_left_alone() -> None:
    assert font_cleaning.outlines(b"") == b""
    assert font_cleaning.without_clock(b"no font") == b"no font"
