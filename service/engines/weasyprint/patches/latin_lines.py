"""Finds the ends of lines of Latin text by adding the widths of words.

WeasyPrint lets Pango set two lines of text to find the end of one, then sets the line again with the next word, with each
part of that word that a hyphen may follow, and again without the text of the next line. If the widths of the words are known
(`word_widths`), the end is a search in their sums, and nothing is set before it is drawn. A line of code ends where its
author ended it, if it fits. WeasyPrint handles text that is not plain Latin, and lines with a doubtful end.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from itertools import accumulate
from math import inf
from typing import Any

import pyphen
from weasyprint.layout import inline
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi
from weasyprint.text.line_break import get_log_attrs, get_next_word_boundaries

from service.engines.weasyprint.patches import word_widths
from service.engines.weasyprint.patches.shaping import Kept
from service.engines.weasyprint.patches.word_widths import Face, Foreign

HAIR = 16  # units: this close to the edge, Pango decides
WIDEST = 2**21  # limit of Pango in pixels
SHORT, LONGEST = 1_000, 20_000  # characters of a text; each takes forty bytes
SHORT_ONES, LONG_ONES = 500, 20  # texts that are kept
RATIO = 4  # WeasyPrint reads that many characters for each em of the line
END, SOFT_HYPHEN = "\n", "\xad"
VERBATIM = ("pre", "pre-wrap")


class Text:
    """A text and its words: start and end of each, in characters and, on one long line, in Pango's units."""

    def __init__(self, text: str, lang: str | None, face: Face) -> None:
        self.text, self.lang, self.face, self.words = text, lang, face, text.split(" ")
        if max(map(len, self.words)) > word_widths.LONGEST:
            raise Foreign
        if unknown := [word for word in dict.fromkeys(self.words) if word not in face.words]:
            face.learn(unknown)
        widths = [face.shape(word).width for word in self.words]
        self.doubled = "  " in text
        self.starts = [0, *accumulate(len(word) + 1 for word in self.words[:-1])]
        self.lefts = [0, *accumulate(width + face.space.width for width in widths[:-1])]
        self.rights = [left + width for left, width in zip(self.lefts, widths, strict=True)]

    @functools.cached_property
    def breaks(self) -> list[int]:
        """Characters before which a line may end."""
        first = bytes(ffi.buffer(get_log_attrs(self.text, self.lang)))[:: ffi.sizeof("PangoLogAttr")]
        return [index for index in range(1, len(self.text)) if first[index] & 1]

    def left(self, start: int) -> int:
        """Of a line that starts at a character, from the left of the text."""
        word = bisect_right(self.starts, start) - 1
        skipped = start - self.starts[word]
        return self.rights[word] - self.face.shape(self.words[word][skipped:]).width if skipped else self.lefts[word]

    def right(self, start: int, end: int, more: str = "") -> int:
        """Of a line that ends before a character, or with more behind it; the space there has no width."""
        word = bisect_right(self.starts, end if more else end - 1) - 1
        if not more and end >= self.starts[word] + len(self.words[word]):
            return self.rights[word]
        first = max(start, self.starts[word])
        return self.left(first) + self.face.shape(self.text[first:end] + more).width

    def end(self, start: int, edge: int) -> tuple[int, int]:
        """The last place where the line from `start` may end before the edge, and the next one."""
        word = bisect_right(self.rights, edge)
        found = bisect_right(self.breaks, self.starts[word])
        within = self.starts[word] + len(self.words[word])
        while found < len(self.breaks) and self.breaks[found] < within and self.right(start, self.breaks[found]) <= edge:
            found += 1
        end = self.breaks[found - 1] if found else 0
        following = self.breaks[found] if found < len(self.breaks) else len(self.text)
        if end <= start or self.right(start, end) > edge - HAIR or self.right(start, following) <= edge + HAIR:
            raise Foreign
        return end, following


class Line:
    """One to be cut from a text, from character `start` on."""

    def __init__(self, text: Text, start: int, style: Any, max_width: float | None, spacing: float) -> None:
        self.text, self.start, self.style, self.max_width, self.spacing = text, start, style, max_width, spacing
        self.left = text.left(start)

    def cut(self) -> tuple[Any, ...]:
        """The result of `split_first_line`. Raises Foreign if Pango must compute it."""
        text, max_width = self.text, self.max_width
        right = text.rights[-1]
        if not word_widths.LETTER.search(text.text, self.start):
            right = self.left + text.face.alone(text.text[self.start :]).width
        if max_width is None or max_width == inf or self.style["white_space"] == "nowrap":
            return self._made(text.text[self.start :], None, right)
        edge = self.left + int(max(0, max_width) * TO_UNITS)
        if right <= edge:
            return self._made(text.text[self.start :], None, right)
        if right - text.face.space.width * text.text.endswith(" ") <= edge + HAIR or self.style["white_space"] != "normal":
            raise Foreign
        return self._first_of_several(max_width, edge)

    def _first_of_several(self, max_width: float, edge: int) -> tuple[Any, ...]:
        text, start, size = self.text, self.start, self.style["font_size"]
        if max_width < size * RATIO or max_width >= WIDEST or text.doubled:
            raise Foreign
        end, following = text.end(start, edge)
        read = int(max_width / size * RATIO)
        if (len(text.text) - start > read and following - start > read - RATIO) or following == end + 1:
            raise Foreign
        for part in self._parts(end, following):
            more = part + self.style["hyphenate_character"]
            right = text.right(start, end, more)
            if right <= edge - HAIR:
                return self._made(text.text[start:end] + more, end, right, part)
            if right <= edge + HAIR:
                raise Foreign
        return self._made(text.text[start:end].rstrip(" "), end, text.right(start, end))

    def _parts(self, end: int, following: int) -> list[str]:
        """Beginnings of what comes next, the longest first, that a hyphen may follow."""
        style, text = self.style, self.text.text
        lang = style["lang"] and pyphen.language_fallback(style["lang"])
        if style["hyphens"] != "auto" or not lang:
            return []
        if getattr(style["hyphenate_limit_zone"], "value", 1):
            raise Foreign
        return hyphenations(text[end : following - (following < len(text))], lang, *style["hyphenate_limit_chars"])

    def _made(self, shown: str, end: int | None, right: int, part: str = "") -> tuple[Any, ...]:
        if end is not None and not word_widths.LETTER.search(shown):
            raise Foreign
        face, layout = self.text.face, Kept.later(shown, self.style.shaping, self.spacing, self.max_width)
        length = len(shown.encode())
        resume = None
        if part:
            length = resume = length - len(self.style["hyphenate_character"].encode())
        elif end is not None:
            resume = length + end - self.start - len(shown)
        return layout, length, resume, (right - self.left) * FROM_UNITS, face.height, face.baseline


@functools.lru_cache(maxsize=20_000)
def hyphenations(text: str, lang: str, total: int, left: int, right: int) -> list[str]:
    """Beginnings of a text, the longest first, that a hyphen may follow: within its first word of `total` letters."""
    before, rest = "", text
    while rest and (found := get_next_word_boundaries(rest, lang)):
        start, stop = found
        if stop - start >= total:
            before += rest[:start]
            return [before + part for part, _ in _dictionary(lang, left, right).iterate(rest[start:stop])]
        before, rest = before + rest[:stop], rest[stop:]
    return []


@functools.lru_cache(maxsize=16)
def _dictionary(lang: str, left: int, right: int) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=lang, left=left, right=right)


def _measured(text: str, lang: str | None, face: Face) -> Text | None:
    """The words of a text; None if it is not a simple text."""
    try:
        return Text(text, lang, face) if word_widths.SIMPLE.fullmatch(text) else None
    except Foreign:
        return None


_short, _long = functools.lru_cache(SHORT_ONES)(_measured), functools.lru_cache(LONG_ONES)(_measured)


def read(text: str, lang: str | None, face: Face) -> Text | None:
    """The words of a text, from memory if it was just read; None if it is not a simple text, or so long that it costs memory."""
    if len(text) > LONGEST:
        return None
    return (_short if len(text) <= SHORT else _long)(text, lang, face)


def split(box: Any, skip: int, max_width: float | None) -> tuple[Any, ...] | None:
    """The first line of a box's text after `skip` bytes, as `split_first_line` answers; None if that must be asked."""
    style, text = box.style, box.text
    start = skip if text.isascii() or not skip else len(text.encode()[:skip].decode())
    if start >= len(text):
        return None
    if END in text:
        text, start = text[start:], 0
        if END in text:
            return _ended(style, text, max_width, box.justification_spacing)
    return _cut(style, text, start, max_width, box.justification_spacing)


def _cut(style: Any, text: str, start: int, max_width: float | None, spacing: float) -> tuple[Any, ...] | None:
    face = word_widths.of(style)
    words = face and read(text, style["lang"], face)
    try:
        return Line(words, start, style, max_width, spacing).cut() if words else None
    except Foreign:
        return None


def _ended(style: Any, text: str, max_width: float | None, spacing: float) -> tuple[Any, ...] | None:
    """A line that ends where its author ended it, as in code; None if it may end earlier."""
    shown, _, rest = text.partition(END)
    verbatim = style["white_space"] in VERBATIM and style["hyphens"] != "auto" and SOFT_HYPHEN not in rest
    if not style["font_size"] or (max_width is not None and max_width < 0) or not (verbatim or text == END):
        return None
    if not shown:
        return None, 0, len(END), 0, 0, 0
    found = _cut(style, shown, 0, max_width, spacing)
    if found is None or found[2] is not None:
        return None
    layout, length, _, *measures = found
    return layout, length, length + len(END), *measures


def install() -> None:
    """Installs this. Idempotent."""
    plain = inline.split_text_box
    if hasattr(plain, "plain"):
        return

    def split_text_box(context: Any, box: Any, available_width: float | None, skip: int | None, *rest: Any, **named: Any) -> Any:
        found = split(box, skip or 0, available_width)
        if found is None:
            return plain(context, box, available_width, skip, *rest, **named)
        layout, _, resume, width, height, baseline = found
        new = layout and box.copy_with_text(layout.text)
        if new:
            new.width, new.pango_layout, new.height = width, layout, height
            new.margin_top = new.margin_bottom = (inline.strut(box.style)[0] - height) / 2
            new.baseline = baseline + new.margin_top
        if resume is None:
            return new, None, False
        return new, resume + (skip or 0), END in box.text and END

    split_text_box.plain = plain  # type: ignore[attr-defined]
    inline.split_text_box = split_text_box
