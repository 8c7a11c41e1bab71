"""Fonts in a PDF: the glyphs of the page and no others, without a clock."""

from __future__ import annotations

import io

import pikepdf
import pytest
from weasyprint.text.ffi import ffi

from service.engines import slimming, weasy
from service.engines.fonts import coverage

HTML = "<html lang=zh><body style='font-family: Noto Serif CJK SC'><p>湖边的灯塔</p></body></html>"


@pytest.mark.skipif("CJK" not in coverage().get("Han (simplified)", ""), reason="no CID-keyed CJK font is installed")
def test_cjk_font_has_the_glyphs_of_the_page_only() -> None:
    printed = weasy.render(HTML, ["@page { size: A6 }"], {})
    with pikepdf.open(io.BytesIO(printed.data)) as file:
        fonts = [each for each in file.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/CIDFontType0C"]
        sizes = [len(each.read_bytes()) for each in fonts]
    assert sizes and max(sizes) < 10_000


def test_no_type_is_parsed_for_each_count_of_glyphs() -> None:
    weasy.render(HTML, ["@page { size: A6 }"], {})
    known = len(ffi._parsed_types)
    for length in range(3, 9):
        weasy.render(f"<html lang=en><body><p>{'abcdefghij'[:length]} 湖边的灯塔湖边的灯塔"[: 40 + length], [], {})
    assert len(ffi._parsed_types) == known


def test_what_is_no_font_is_left_alone() -> None:
    assert slimming.outlines(b"") == b""
    assert slimming.without_clock(b"no font") == b"no font"
