"""Whether a line may end between two letters, remembered.

Where one box of text meets the next, WeasyPrint has Pango analyse the last letter and the first: 2,500 times in a manual of
33 pages, and they are the same few pairs.
"""

from __future__ import annotations

import functools
from typing import Any

from weasyprint.layout import inline, preferred

PAIRS = 5_000


class Remembered:
    """Stands for `can_break_text`; longer texts are analysed as before."""

    def __init__(self, plain: Any) -> None:
        self.plain, self.pair = plain, functools.lru_cache(maxsize=PAIRS)(plain)

    def __call__(self, text: str, lang: str | None) -> bool:
        answer: bool = self.pair(text, lang) if len(text) == 2 else self.plain(text, lang)
        return answer


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    if not isinstance(inline.can_break_text, Remembered):
        inline.can_break_text = preferred.can_break_text = Remembered(inline.can_break_text)
