"""Ordinary lines are drawn by looking their glyphs up; what is not ordinary is left to WeasyPrint."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint.draw import text

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches import glyph_runs

CSS = "html { font: 9pt 'Noto Serif', 'Noto Serif CJK SC' } p { width: 9em; margin: 0 }"


def drawn_plainly(monkeypatch: pytest.MonkeyPatch, body: str) -> list[str]:
    """The texts of the lines that took the long way."""
    found: list[str] = []

    def counting(stream: Any, textbox: Any, *rest: Any) -> Any:
        found.extend([textbox.text] if textbox.text.strip() else [])
        return glyph_runs.plain_first_line(stream, textbox, *rest)

    monkeypatch.setattr(text, "draw_first_line", counting)
    glyph_runs.install()
    rendering.render(f"<html lang=en><body>{body}", [CSS], {})
    return found


def test_ordinary_lines_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "<p>Wave after wave, AV To. <b>Bold</b> <i>fluff</i> 湖边的灯塔</p><p style='text-align: justify'>Of many, many words"
    assert drawn_plainly(monkeypatch, body) == []


@pytest.mark.parametrize(
    "body",
    [
        "<p style='overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>Much too long a line for it",
        "<p style='font-family: Noto Color Emoji'>😀",
        "<p>&#xe000;",
    ],
)
def test_others_are_not(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    assert drawn_plainly(monkeypatch, body)
