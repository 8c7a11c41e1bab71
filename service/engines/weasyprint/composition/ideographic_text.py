"""A text of Chinese or Japanese on one long line: the width of each character, and the changes of space between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import line_size

from service.engines.weasyprint.composition import ideographs
from service.engines.weasyprint.composition.ideographs import HALF
from service.engines.weasyprint.patches.shaping import Kept, prepared

FULL = 0.9  # of an em: a narrower mark has no empty half
SQUEEZED = 250  # thousandths that a mark may lose so that one more character fits on the line
MOST, STYLES = 10_000, 50  # pieces of text whose widths are remembered, and styles of them


class Measured(NamedTuple):
    """The width of each character in pixels, and the extent of the text above and below its line."""

    widths: list[float]
    above: float
    below: float
    is_known: bool = False


Measure = Callable[[str, Any], Measured]


class Text:
    """A text and its widths in pixels; by character, `before` and `behind` are thousandths of an em taken and added.

    Only characters that are not ideographs have anything to do with those: `odd` are their places. `around` are the
    characters of other texts that stand before and behind it on a line.
    """

    def __init__(self, text: str, style: Any, around: tuple[str, str], measure: Measure) -> None:
        self.text, self.around = text, around
        self.size: float = style["font_size"]
        self.measured = measure(text, style)
        self.widths = self.measured.widths
        self.trailing, self.leading = ideographs.trailing(str(style["lang"]).lower()), ideographs.LEADING
        self.before, self.behind = dict[int, int](), dict[int, int]()
        self.odd = [found.start() for found in ideographs.ODD.finditer(text)]
        last = len(text) - 1
        for index in {place for odd in self.odd for place in (odd - 1, odd) if 0 <= place < last}:
            self._pair(index)
        if around[0] in self.leading and self._begins_empty(0):
            self.before[0] = HALF

    def _is_full(self, index: int) -> bool:
        return self.widths[index] >= FULL * self.size

    def ends_empty(self, index: int) -> bool:
        return self.text[index] in self.trailing and self._is_full(index)

    def _begins_empty(self, index: int) -> bool:
        return self.text[index] in self.leading and self._is_full(index)

    def _pair(self, index: int) -> None:
        left, right = self.text[index], self.text[index + 1]
        if self.ends_empty(index) and (right in self.trailing or right in self.leading):
            self.behind[index] = -HALF
        elif left in self.leading and self._begins_empty(index + 1):
            self.before[index + 1] = HALF
        elif gap := ideographs.gap(left, right):
            self.behind[index] = gap

    def starts_line(self) -> None:
        self.before.pop(0, None)
        if self._begins_empty(0):
            self.before[0] = HALF

    def meets(self, right: str) -> None:
        """The text behind the last character, on the same line."""
        last = len(self.text) - 1
        if self.ends_empty(last) and (right in self.trailing or right in self.leading):
            self.behind[last] = -HALF
        elif gap := ideographs.gap(self.text[last], right):
            self.behind[last] = gap

    def lefts(self) -> list[float]:
        """The start of each character, and the end of the last."""
        widths, em = self.widths[:], self.size / 1000
        for index, amount in self.before.items():
            widths[index] -= amount * em
        for index, amount in self.behind.items():
            widths[index] += amount * em
        return list(accumulate(widths, initial=0.0))

    def ended(self, end: int) -> int:
        """The space behind the last character of a line that ends before `end`."""
        return -HALF if self.ends_empty(end - 1) else 0

    def width(self, end: int, lefts: Sequence[float]) -> float:
        """Of a line that ends there."""
        last = end - 1
        return lefts[last] + self.widths[last] + (self.ended(end) - self.before.get(last, 0)) * self.size / 1000

    def squeeze(self, end: int, overflow: float, missing: float) -> bool:
        """Makes marks narrower so that a line that is a little too long fits, where the shorter one lacks more than that."""
        marks = self._spare(end) if 0 < overflow < missing else ()
        amount = int(-(-overflow * 1000 / self.size // 1))
        if not marks or amount > SQUEEZED * len(marks):
            return False
        for order, index in enumerate(marks):
            share = amount * (order + 1) // len(marks) - amount * order // len(marks)
            if self.ends_empty(index):
                self.behind[index] = self.behind.get(index, 0) - share
            else:
                self.before[index] = share
        return True

    def _spare(self, end: int) -> list[int]:
        """The marks within a line that can lose some of their empty halves."""
        return [
            index for index in self.odd
            if 0 < index < end - 1 and index not in self.before and self.behind.get(index, 0) >= 0
            and (self.ends_empty(index) or self._begins_empty(index))
        ]  # fmt: skip


def measured(text: str, style: Any) -> Measured:
    """Characters that are set as one have their width in the first of them."""
    layout = Kept(style)
    layout.set_text(text)
    line, _ = layout.get_first_line()
    _, height = line_size(line, style)
    above = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    units = dict[int, int]()
    run = line.runs
    while run:
        item, run = run.data, run.next
        start, glyphs = item.item.offset, item.glyphs
        clusters = ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs)
        for cluster, glyph in zip(clusters, ffi.unpack(glyphs.glyphs, glyphs.num_glyphs), strict=True):
            units[start + cluster] = units.get(start + cluster, 0) + glyph.geometry.width
    offsets = accumulate((len(each.encode()) for each in text[:-1]), initial=0)
    return Measured([units.get(offset, 0) * FROM_UNITS for offset in offsets], above, height - above)


def remembered(text: str, style: Any) -> Measured:
    """`measured` from memory: an ideograph, a mark and a word almost always have the same width."""
    made = prepared(style)
    if made is None:
        return measured(text, style)
    kept = style.font_config.__dict__.setdefault("ideographic", {})
    key = id(made.context), made.features
    if key not in kept or len(kept[key][1]) > MOST:
        if len(kept) >= STYLES:
            kept.clear()
        kept[key] = made, dict[str, Measured]()  # while it is kept, no other context has its id
    pieces: dict[str, Measured] = kept[key][1]
    names = ideographs.PIECES.findall(text)
    try:
        found = [pieces[name] for name in names]
    except KeyError:
        for name in dict.fromkeys(names):
            pieces[name] = pieces.get(name) or measured(name, style)
        found = [pieces[name] for name in names]
    widths = [width for each in found for width in each.widths]
    return Measured(widths, max(each.above for each in found), max(each.below for each in found), is_known=True)
