"""Fonts in a PDF: the glyphs of the page and no others, without a clock."""

from __future__ import annotations

import io

import pikepdf
import pytest

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


def test_what_is_no_font_is_left_alone() -> None:
    assert slimming.outlines(b"") == b""
    assert slimming.without_clock(b"no font") == b"no font"
