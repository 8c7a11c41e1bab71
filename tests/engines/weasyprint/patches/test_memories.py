"""What is remembered is asked once, and answered as before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from weasyprint.css import AnonymousStyle
from weasyprint.layout import inline
from weasyprint.text import line_break

from service.engines.weasyprint import patches, rendering
from service.engines.weasyprint.patches.break_pairs import Remembered
from tests.engines.weasyprint.patches.test_latin_lines import styled


def test_the_height_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    patches.install()
    style = styled(line_height=1.5)
    found = inline.strut(style)
    assert found == line_break.strut(style) and found[0] == 18
    monkeypatch.setattr(line_break, "_font_style_cache_key", pytest.fail)
    assert inline.strut(style) == found
    assert inline.strut.plain is line_break.strut


def test_a_copied_style_is_asked_anew() -> None:
    """A first line may have a size of its own, set on a copy."""
    patches.install()
    style = AnonymousStyle(SimpleNamespace(root_style=None, cache={}, font_config=rendering._fonts()))
    style.update(styled(line_height=1.5))
    assert inline.strut(style)[0] == 18
    copied = style.copy()
    copied["font_size"] = 24
    assert inline.strut(copied)[0] == 36


@pytest.mark.parametrize(
    ("text", "breaks"), [("ab", False), (" a", True), ("-a", True), ("中文", True), ("“a", False), ("a b", True)]
)
def test_where_a_line_may_end(text: str, breaks: bool) -> None:
    asked: list[str] = []

    def plain(text: str, lang: Any) -> bool:
        asked.append(text)
        return line_break.can_break_text(text, lang)

    remembered = Remembered(plain)
    assert remembered(text, "en") == remembered(text, "en") == breaks
    assert len(asked) == (1 if len(text) == 2 else 2)
