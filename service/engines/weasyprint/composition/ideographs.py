"""The rules of characters of Chinese and Japanese text on a line: places and distances.

From CLREQ (Requirements for Chinese Text Layout, 3.1 to 3.5) and JLREQ (Requirements for Japanese Text Layout, 3.1, 3.2 and
appendix A). Distances are in thousandths of an em.
"""

from __future__ import annotations

import functools
import re

from weasyprint.text.ffi import ffi
from weasyprint.text.line_break import get_log_attrs

HALF, QUARTER = 500, 250
# Ideographs, kana and Bopomofo; between them and a letter or a figure is a quarter of an em.
IDEOGRAPHS = (
    "々〆〇〻\u3040-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
LETTER = re.compile(r"[0-9A-Za-z\u00aa-\u02af\u0370-\u052f\u1e00-\u1fff%℃‰€£$°]")
WIDE = re.compile("[\u2e80-\u303f\u3040-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff“”‘’—…]")
# Marks that fill half of their em: at the left, and at the right. In Traditional Chinese commas and stops are in the middle.
CLOSING_BRACKETS = "）〕］｝〉》」』】〗〙〛”’"
STOPS = "、，。．"
COLONS = "：；！？"  # in Simplified Chinese they are at the left, in Japanese in the middle
OPENING = "（〔［｛〈《「『【〖〘〚“‘"
LEADING = frozenset(OPENING)  # marks that may lose the left half of their em
SMALL_KANA = "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ"
NEVER_FIRST = frozenset(f"{CLOSING_BRACKETS}{STOPS}{COLONS}{SMALL_KANA}・‧·～〜–—…‥%％℃‰)]}},.;:!?")
NEVER_LAST = frozenset(OPENING + "([{$￥￡＄")
UNBROKEN = frozenset({"——", "……", "‥‥", "⸺⸺"})
# Not ideographs: only these can be narrowed, widened or kept together.
ODD = re.compile(f"[^{IDEOGRAPHS}]")
# Units of measurement: an ideograph, a mark, a blank, or the text between these.
ALONE = f"{IDEOGRAPHS}{CLOSING_BRACKETS}{STOPS}{COLONS}{OPENING} "
PIECES = re.compile(f"[{ALONE}]|[^{ALONE}]+")


def is_written(text: str) -> bool:
    """Whether there is an ideograph or kana in a text."""
    return IDEOGRAPH.search(text) is not None


@functools.cache
def trailing(language: str) -> frozenset[str]:
    """The marks that may lose the right half of their em."""
    if language.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return frozenset(CLOSING_BRACKETS)
    return frozenset(CLOSING_BRACKETS + STOPS if language.startswith("ja") else CLOSING_BRACKETS + STOPS + COLONS)


def gap(left: str, right: str) -> int:
    """Between two characters: a quarter of an em between an ideograph and a letter or a figure."""
    if not left or not right:
        return 0
    if IDEOGRAPH.match(left):
        return QUARTER if LETTER.match(right) else 0
    return QUARTER if LETTER.match(left) and IDEOGRAPH.match(right) else 0


def may_part(left: str, right: str) -> bool:
    """Whether justification may widen the place between two characters."""
    if left in " \u00a0" or right in " \u00a0":
        return left in " \u00a0"
    if left + right in UNBROKEN or left in OPENING or right in CLOSING_BRACKETS:
        return False
    return WIDE.match(left) is not None or WIDE.match(right) is not None


class Breaks:
    """Whether a line may end between two characters. Else UAX 14 applies, which keeps curly quotes with text."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language

    @functools.cached_property
    def _usual(self) -> bytes:
        return bytes(ffi.buffer(get_log_attrs(self.text, self.language)))[:: ffi.sizeof("PangoLogAttr")]

    def may(self, place: int) -> bool:
        """Whether a line may begin with the character at `place`."""
        left, right = self.text[place - 1], self.text[place]
        wide = WIDE.match(left) is not None
        if (right in NEVER_FIRST and wide) or left in NEVER_LAST or left + right in UNBROKEN:
            return False
        if wide and right != " " and (WIDE.match(right) or right in OPENING):
            return True
        return bool(self._usual[place] & 1)
