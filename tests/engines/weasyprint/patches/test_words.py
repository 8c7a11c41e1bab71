"""Lines drawn word by word are those that WeasyPrint draws, byte for byte, and few of them go the long way."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.draw import text as drawing

from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches.words import Written

CSS = "html { font-family: 'Noto Serif'; hyphens: auto } p { width: 15em }"
PIECES = st.one_of(
    st.sampled_from(
        ["office", "AVATAR", "characteristically", "well-known", "the", "l’état", "<em>so</em>", "<b> and</b>", "<u>so </u>"]
    ),
    st.text("abfiltAVWTé.,-–—/'’“”()!?:;%$…0123456789", min_size=1, max_size=12).map(escape),
)


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    patches.install()
    now = drawing.draw_first_line
    yield
    drawing.draw_first_line = now


def printed(body: str) -> bytes:
    return rendering.render(f"<html lang=en><body>{body}", [CSS], {}, identifier=b"x").data


def long_way(body: str) -> bytes:
    now = drawing.draw_first_line
    drawing.draw_first_line = now.words
    try:
        return printed(body)
    finally:
        drawing.draw_first_line = now


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=30).map(" ".join), st.integers(70, 300), st.sampled_from(["justify", "left"]))
def test_same_bytes(text: str, size: int, align: str) -> None:
    body = f"<p style='text-align: {align}; font-size: {size / 10}pt'>{text}</p>" * 2
    assert printed(body) == long_way(body)


def test_a_word_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    plain = Written._glyphs
    monkeypatch.setattr(Written, "_glyphs", lambda self, word, *rest: written.append(word) or plain(self, word, *rest))
    printed("<p>lighthouse and lighthouse</p>" * 9)
    assert sorted(written) == [" ", "and", "lighthouse"]


@pytest.mark.parametrize(
    "text", ["一段中文", "Ο φάρος", "e\u0301 and", "two&nbsp;words", "<i style='letter-spacing: 1pt'>wide</i>"]
)
def test_all_else_goes_the_long_way(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(Written, "line", lambda self, text, *rest: drawn.append(text))
    printed(f"<p>{text}</p>")
    assert not drawn
