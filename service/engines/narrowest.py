"""How narrow a table's cell can be, without setting its text once for each character.

For the smallest width of a cell whose words may break anywhere, WeasyPrint sets the text anew from every character on: a
fifth of the time of a document with tables (measured). The first line of such a text is its first character, whatever
follows, so that one answer serves each time the character comes again. `install` puts the memory in between.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.layout import preferred
from weasyprint.text.line_break import _font_style_cache_key

# A character of a script that neither joins nor stacks, and what may follow it; f is left out, for it makes ligatures.
ALONE = (
    "!-eg-~\u00a1-\u00ac\u00ae-\u024f\u0400-\u0482\u2010-\u2027\u3001-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e"
)
PLAIN = re.compile(f"[{ALONE}] ?[{ALONE}f]")
MOST = 20_000
SETTINGS = ("font_size", "letter_spacing", "word_spacing", "hyphens", "hyphenate_limit_chars", "overflow_wrap", "word_break")

Line = tuple[Any, Any, int | None, float, Any, Any]


class Narrowest:
    """Stands for `split_first_line` where preferred widths are told; all it can't answer goes to `plain`."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self._known: dict[tuple[str, str], tuple[int | None, float]] = {}
        self._style: Any = None
        self._key = ""

    def __call__(self, text: str, style: Any, context: Any, max_width: float | None, spacing: float, **rest: Any) -> Line:
        start = self._start(text, style, max_width, rest)
        if not start:
            line: Line = self.plain(text, style, context, max_width, spacing, **rest)
            return line
        key = (self._key_of(style), start)
        if key not in self._known:
            _, _, resume, width, _, _ = self.plain(text, style, context, max_width, spacing, **rest)
            if len(self._known) > MOST:
                self._known.clear()
            self._known[key] = resume, width
        resume, width = self._known[key]
        return None, None, resume, width, None, None

    @staticmethod
    def _start(text: str, style: Any, max_width: float | None, rest: Any) -> str:
        """The characters that the first line depends on; empty where it may be more than one character and a space."""
        breaks = style["overflow_wrap"] == "anywhere" and style["white_space"] == "normal"
        if not breaks or max_width != 0 or not rest["minimum"] or not rest["is_line_start"]:
            return ""
        found = PLAIN.match(text)
        return found[0] if found else ""

    def _key_of(self, style: Any) -> str:
        if style is not self._style:
            self._style = style
            self._key = _font_style_cache_key(style) + repr([style[name] for name in SETTINGS])
        return self._key


def install() -> None:
    """Makes WeasyPrint ask here first. Idempotent."""
    if not isinstance(preferred.split_first_line, Narrowest):
        preferred.split_first_line = Narrowest(preferred.split_first_line)
