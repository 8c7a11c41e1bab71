"""The smallest width of a cell or a running head, without repeated layouts of its text.

For the smallest width of a cell whose words may break anywhere, WeasyPrint sets the text again from every character on: a
fifth of the time of a document with tables (measured). The first line of such a text is always its first
character, so one result is valid for each occurrence of the character. And the words of a running head are the same on
each page. This patch keeps these results.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.layout import preferred
from weasyprint.text.line_break import _font_style_cache_key

# A character of a script that neither joins nor stacks, and its possible followers; without f, which makes ligatures.
ALONE = (
    "!-eg-~\u00a1-\u00ac\u00ae-\u024f\u0400-\u0482\u2010-\u2027\u3001-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e"
)
PLAIN = re.compile(f"[{ALONE}] ?[{ALONE}f]")
MOST, LONGEST = 20_000, 100
SETTINGS = (
    "font_size", "letter_spacing", "word_spacing", "white_space", "overflow_wrap", "word_break", "direction", "tab_size",
    "hyphens", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone",
)  # fmt: skip

Line = tuple[Any, Any, int | None, float, Any, Any]


class Narrowest:
    """Replaces `split_first_line` for preferred widths; `plain` does the rest."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self._known: dict[tuple[Any, ...], tuple[int | None, float]] = {}

    def __call__(self, text: str, style: Any, context: Any, max_width: float | None, spacing: float, **rest: Any) -> Line:
        anywhere = _breaks_anywhere(style, max_width, rest)
        start = _start(text) if anywhere else text
        if max_width not in (0, None) or len(start) > LONGEST:
            line: Line = self.plain(text, style, context, max_width, spacing, **rest)
            return line
        key = (_key_of(style), start, max_width, spacing, *rest.values())
        if key in self._known:
            resume, width = self._known[key]
            return None, None, resume, width, None, None
        head = text[:LONGEST] if anywhere else text
        found: Line = self.plain(head, style, context, max_width, spacing, **rest)
        if len(head) < len(text) and (found[2] is None or found[2] > len(head[: LONGEST // 2].encode())):
            found = self.plain(text, style, context, max_width, spacing, **rest)
        else:
            self._remember(key, found)
        return found

    def _remember(self, key: tuple[Any, ...], line: Line) -> None:
        if len(self._known) > MOST:
            self._known.clear()
        self._known[key] = line[2], line[3]


def _key_of(style: Any) -> str:
    try:
        key: str = style.narrowest
    except AttributeError:
        key = style.narrowest = _font_style_cache_key(style) + repr([style[name] for name in SETTINGS])
    return key


def _breaks_anywhere(style: Any, max_width: float | None, rest: Any) -> bool:
    """Whether the first line is one character. Then only its neighbours matter, not the rest of a long text."""
    breaks = style["overflow_wrap"] == "anywhere" and style["white_space"] == "normal"
    return breaks and max_width == 0 and bool(rest.get("minimum")) and bool(rest.get("is_line_start"))


def _start(text: str) -> str:
    """The characters that the first of the lines depends on."""
    found = PLAIN.match(text)
    return found[0] if found else text[:LONGEST]


def install() -> None:
    """Installs this. Idempotent."""
    inner = getattr(preferred.split_first_line, "plain", None)
    if not isinstance(preferred.split_first_line, Narrowest) and not isinstance(inner, Narrowest):
        preferred.split_first_line = Narrowest(preferred.split_first_line)
