"""Lines of Chinese, Japanese and Korean without setting four lines of text for each.

To find where a line ends, WeasyPrint sets as many characters as might fit if they were a quarter of an em wide, and finds
the break among them. Ideographs are a whole em: a line and a half of them always holds the break and the next one, which
is all that is asked for. `install` cuts the text before it is set; where it was too little, the whole text is.
"""

from __future__ import annotations

import re
from math import inf
from typing import Any

from weasyprint.layout import inline

WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]+")
MORE, SPARE = 1.5, 4  # of a line, and characters


class WideLines:
    """Stands for `split_first_line` where lines are made."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __call__(self, text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **named: Any) -> Any:
        length = _enough(text, style, max_width)
        if length:
            line = self.plain(text[:length], style, context, max_width, *rest, **named)
            resume = line[2]
            if resume is not None and resume <= len(text[: length - SPARE].encode()):
                return line
        return self.plain(text, style, context, max_width, *rest, **named)


def _enough(text: str, style: Any, max_width: float | None) -> int:
    """How many characters hold the first line and a break behind it; 0 where there is nothing to save, or no telling."""
    size = style["font_size"]
    if max_width is None or max_width == inf or not size:
        return 0
    length = int(max(max_width, 0) / size * MORE) + SPARE
    found = WIDE.match(text)
    return length if found is not None and len(text) > length + SPARE and found.end() >= length else 0


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    if not isinstance(inline.split_first_line, WideLines):
        inline.split_first_line = WideLines(inline.split_first_line)
