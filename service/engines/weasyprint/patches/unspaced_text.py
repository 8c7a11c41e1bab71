"""The smallest width of a long text, without setting the whole rest for each of its words.

For the smallest width of a cell, WeasyPrint breaks its text wherever a line may end. It cuts the text behind the next space
before it is set, but without one, as in Chinese or in a row of emoji, it sets the whole rest for each word, and in
both cases searches the rest for hyphens. This is quadratic: 16 s for 3,000 ideographs in two cells
(measured). Text far behind a word does not change its width. This patch passes a few words to WeasyPrint; if the first of
them is longer than half of these, the whole text.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.layout import preferred

WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]+")
FEW, MANY = 16, 100  # characters: of ideographs, of anything
SOFT_HYPHEN = "\xad"


class Unspaced:
    """Replaces `split_first_line` for preferred widths, where only the end and the width are used."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __call__(self, text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **named: Any) -> Any:
        if len(text) > FEW and max_width == 0 and _breaks_at_words(text, style):
            for length in _lengths(text):
                line = self.plain(text[:length], style, context, max_width, *rest, **named)
                resume = line[2]
                if resume is not None and resume <= len(text[: length // 2].encode()):
                    return line
        return self.plain(text, style, context, max_width, *rest, **named)


def _breaks_at_words(text: str, style: Any) -> bool:
    """Whether a line ends at the first place where it may; a soft hyphen anywhere changes that for all words before it."""
    usual = style["white_space"] == "normal" and style["overflow_wrap"] != "anywhere" and style["font_size"]
    return bool(usual) and SOFT_HYPHEN not in text


def _lengths(text: str) -> list[int]:
    """The number of characters to try."""
    found = WIDE.match(text, 0, FEW)
    few = [FEW] if found is not None and found.end() == FEW else []
    return few + [MANY] * (len(text) > MANY)


def install() -> None:
    """Installs this, around `minimum_widths`, which keeps the results. Idempotent."""
    inner = getattr(preferred.split_first_line, "plain", None)
    if not isinstance(preferred.split_first_line, Unspaced) and not isinstance(inner, Unspaced):
        preferred.split_first_line = Unspaced(preferred.split_first_line)
