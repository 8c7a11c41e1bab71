"""Words that are longer than a line: the text is cut behind the part that fits on it.

WeasyPrint sets the whole word for each of its lines, and again for each possible hyphen, the farthest first:
this is cubic in its length, four minutes for 20,000 letters. Text that cannot fit on the line has no effect on its
end. This patch passes a few lines of the word and the hyphens within the line; if that is too little, the whole word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from math import inf
from typing import Any

import pyphen
from weasyprint.layout import inline
from weasyprint.text.constants import PANGO_WRAP_MODE
from weasyprint.text.ffi import TO_UNITS, pango
from weasyprint.text.line_break import create_layout

RATIO = 4  # WeasyPrint reads that many characters for each em of the line
SPARE = 100  # characters
SLACK = 10  # characters more that may fit where a hyphen follows instead
SOFT_HYPHEN = "\xad"
SPACE = re.compile(r"[ \t\n]")


class Hyphens:
    """Replaces a layout's context: its dictionaries have no hyphen beyond the length of the line."""

    def __init__(self, text: str, style: Any, max_width: float) -> None:
        self.text, self.style, self.max_width = text, style, max_width

    @property
    def dictionaries(self) -> Hyphens:
        return self

    def get(self, key: tuple[str, int, int, int]) -> Hyphens:
        self.dictionary = _dictionary(*key[:3])
        return self

    def iterate(self, word: str) -> Iterator[tuple[str, str]]:
        most = self._fitting() + SLACK
        parts = list(self.dictionary.iterate(word))
        self.dictionary.hd.cache.pop(word.lower(), None)  # it is not kept: each line begins with another
        yield from (part for part in parts[:-1] if len(part[0]) <= most)
        yield from parts[-1:]

    def _fitting(self) -> int:
        """The number of characters on the line if it may end behind any of them."""
        layout = create_layout(self.text, self.style, None, self.max_width, 0)
        pango.pango_layout_set_width(layout.layout, int(max(0, self.max_width) * TO_UNITS))
        pango.pango_layout_set_wrap(layout.layout, PANGO_WRAP_MODE["WRAP_CHAR"])
        _, length = layout.get_first_line()
        return len(self.text) if length is None else len(self.text.encode()[:length].decode("utf-8", "ignore"))


@functools.lru_cache(maxsize=16)
def _dictionary(lang: str, left: int, right: int) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=lang, left=left, right=right)


class Overlong:
    """Replaces `split_first_line` where lines are made."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __call__(self, text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **named: Any) -> Any:
        length = _enough(text, style["font_size"], max_width)
        if length and max_width is not None:
            head = text[:length]
            if SOFT_HYPHEN in text and SOFT_HYPHEN not in head:
                head += SOFT_HYPHEN  # with one anywhere behind the line, the dictionary is not used
            line = self.plain(head, style, Hyphens(head, style, max_width), max_width, *rest, **named)
            resume = line[2]
            if resume is not None and resume <= len(head[:-SPARE].encode()):
                return line
        return self.plain(text, style, context, max_width, *rest, **named)


def _enough(text: str, size: float, max_width: float | None) -> int:
    """The number of characters for the line, if a word continues from there; 0 if nothing can be saved."""
    if max_width is None or max_width == inf or not size:
        return 0
    read = int(max(max_width, size) / size * RATIO)
    length = 2 * read + 2 * SPARE
    return length if len(text) > length and not SPACE.search(text, read, length) else 0


def install() -> None:
    """Installs this, before `wide_lines`. Idempotent."""
    inner = getattr(inline.split_first_line, "plain", None)
    if not isinstance(inline.split_first_line, Overlong) and not isinstance(inner, Overlong):
        inline.split_first_line = Overlong(inline.split_first_line)
