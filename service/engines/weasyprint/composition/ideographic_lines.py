"""Lines of Chinese and Japanese by CLREQ and JLREQ: both edges straight, marks close together, space around Latin words.

WeasyPrint gives each character its em and widens only blanks, which this text does not have. `install` applies to text with
ideographs in an element whose language is Chinese or Japanese:

- consecutive marks, and marks at the start or end of a line, lose the empty half of their em;
- a quarter of an em separates an ideograph from a letter or figure, unless a blank does;
- a line breaks where the rules for marks allow it, and justified text widens all places between ideographs equally.

The characters do not change; only distances do. `ideographic_drawing` writes them into the PDF. A line of any language
that would need too wide distances stays ragged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
from weasyprint.layout import inline, preferred

from service.engines.weasyprint.composition import ideographic_drawing, ideographs
from service.engines.weasyprint.composition.ideographic_drawing import Line
from service.engines.weasyprint.composition.ideographic_text import Text, remembered
from service.engines.weasyprint.patches.shaping import prepared

# Ends of lines and paragraphs, soft hyphens, and right-to-left characters.
OTHERWISE = re.compile(
    "[\n\t\r\xad\u200b\u2028\u2029\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]"
)
MORE, SPARE = 1.25, 12  # characters read for each em of a line, and besides
REACH = 3  # characters behind the edge of a line that are searched for a better end
WIDEST, WIDEST_BLANK = 0.5, 0.8  # of an em: a line whose places, or blanks, would be wider by more than that stays ragged
WORD = 60  # characters: a longer Latin text next to an ideograph is left to WeasyPrint, which can hyphenate
HAIR = 1e-6
Found = tuple[Any, int, int | None, float, float, float]  # as `split_first_line` answers
Places = tuple[int, Sequence[int]]  # the number of places to widen, and the characters without one after them


def applies(text: str, style: Any) -> bool:
    """Whether a text is set by these rules."""
    return _may_apply(text, style) and ideographs.is_written(text)


def _may_apply(text: str, style: Any) -> bool:
    try:
        usual: bool = style.ideographic
    except AttributeError:
        usual = style.ideographic = _is_usual(style)
    return usual and OTHERWISE.search(text) is None


def _is_usual(style: Any) -> bool:
    language = str(style["lang"] or "").lower().split("-")[0]
    plain = style["letter_spacing"] == "normal" and not style["word_spacing"] and style["direction"] == "ltr"
    return language in ("zh", "ja") and plain and style["white_space"] in ("normal", "nowrap") and style["font_size"] >= 1


def split(
    text: str, style: Any, max_width: float | None, around: tuple[str, str] = ("", ""), starts: bool = False
) -> Found | None:
    """The first line of a text; None where it has to be broken within a word."""

    def read(text: str, around: tuple[str, str]) -> Text:
        made = Text(text, style, around, remembered)
        if starts:
            made.starts_line()
        return made

    if style["white_space"] == "nowrap" or max_width is None or max_width == inf:
        whole = read(text, around)
        return _set(whole, whole.lefts(), len(text), None, style, max_width)
    length = int(max_width / style["font_size"] * MORE) + SPARE
    if len(text) > length + SPARE:
        found = _fitted(read(text[:length], (around[0], "")), style, max_width)
        if found is not None and found[2] is not None and len(found[0].text) <= length - SPARE // 2:
            return found
    return _fitted(read(text, around), style, max_width)


def _fitted(read: Text, style: Any, max_width: float) -> Found | None:
    text, limit = read.text, max_width + HAIR
    if read.around[1]:
        read.meets(read.around[1])
    lefts = read.lefts()
    if lefts[-1] <= limit or read.width(_stripped(text, len(text)), lefts) <= limit:
        return _set(read, lefts, len(text), None, style, max_width)
    breaks = ideographs.Breaks(text, style["lang"])
    first = place = min(bisect_right(lefts, limit) + 1, len(text) - 1)
    while place > 0 and (read.width(_stripped(text, place), lefts) > limit or not breaks.may(place)):
        place -= 1
    if style["text_align_all"] == "justify":
        after = place + 1
        while after <= min(first + REACH, len(text) - 1) and not breaks.may(after):
            after += 1
        end = _stripped(text, after)
        if after <= min(first + REACH, len(text) - 1):
            shorter = read.width(_stripped(text, place), lefts) if place else 0.0
            if read.squeeze(end, read.width(end, lefts) - max_width, max_width - shorter):
                return _set(read, read.lefts(), after, after, style, max_width)
    return _set(read, lefts, place, place, style, max_width) if place else None


def _stripped(text: str, end: int) -> int:
    """The end of a line without its trailing blanks; not before its first character."""
    while end > 1 and text[end - 1] == " ":
        end -= 1
    return end


def _set(read: Text, lefts: Sequence[float], end: int, resume: int | None, style: Any, max_width: float | None) -> Found:
    """The line that ends before a character; the next begins at `resume`."""
    text = read.text[:end] if resume is None else read.text[: _stripped(read.text, end)]
    count, width = len(text), lefts[len(text)]
    before = {index: amount for index, amount in read.before.items() if index < count}
    behind = {index: amount for index, amount in read.behind.items() if index < count}
    if resume is not None:
        width, behind[count - 1] = read.width(count, lefts), read.ended(count)
    made = prepared(style) if read.measured.is_known else None
    if made is not None:
        layout = Line.later(text, made, 0, max_width)
    else:
        layout = Line(style, 0, max_width)
        layout.set_text(text)
        layout.deactivate()
    layout.place(read, sum(read.widths[:count]), before, behind)
    size, (_, above, below, _) = len(text.encode()), read.measured
    return layout, size, None if resume is None else size + resume - count, width, above + below, above


def _split_text_box(plain: Any) -> Any:
    def split_text_box(context: Any, box: Any, available_width: float | None, skip: int, is_line_start: bool = True) -> Any:
        text = box.text.encode()[skip:].decode() if skip else box.text
        found, met = None, box.__dict__.get("around")
        if "ideographic" not in box.__dict__:
            box.ideographic = applies(box.text, box.style) or (met is not None and _may_apply(box.text, box.style))
        if text and box.ideographic:
            before, behind = met or ("", "")
            around = ("" if skip or is_line_start else before, behind)
            found = split(text, box.style, available_width, around, is_line_start)
        if found is None:
            return plain(context, box, available_width, skip, is_line_start=is_line_start)
        layout, _, resume, width, height, baseline = found
        new = box.copy_with_text(layout.text)
        new.width, new.pango_layout, new.height = width, layout, height
        new.margin_top = new.margin_bottom = (inline.strut(box.style)[0] - height) / 2
        new.baseline = baseline + new.margin_top
        return new, None if resume is None else resume + (skip or 0), False

    split_text_box.__dict__.update(plain.__dict__)  # by these the shortcuts know that they are installed
    return split_text_box


def _split_for_width(plain: Any) -> Any:
    """The width of a text without a break; for the narrowest column, that of its characters."""

    def split_first_line(text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **named: Any) -> Any:
        if max_width is None and text and applies(text, style):
            return split(text, style, None)
        return plain(text, style, context, max_width, *rest, **named)

    split_first_line.plain = plain  # type: ignore[attr-defined]
    return split_first_line


def _next_line(plain: Any) -> Any:
    def get_next_linebox(context: Any, linebox: Any, *rest: Any) -> Any:
        if "around" not in linebox.__dict__:
            linebox.around = None
            _introduce(linebox)
        return plain(context, linebox, *rest)

    return get_next_linebox


def _introduce(linebox: Any) -> None:
    """Gives each text of a paragraph its neighbouring characters, if both have one size."""
    if len(linebox.children) < 2:
        return
    texts = [each for each in _texts(linebox) if each is None or each.text]
    for index, box in enumerate(texts):
        if box is None:
            continue
        size = box.style["font_size"]
        left, right = texts[index - 1] if index else None, texts[index + 1] if index + 1 < len(texts) else None
        before = left.text[-1] if left is not None and left.style["font_size"] == size else ""
        behind = right.text[0] if right is not None and right.style["font_size"] == size else ""
        word = len(box.text) <= WORD and ideographs.gap(box.text[-1], behind)
        if (before or behind) and (word or applies(box.text, box.style)):
            box.around = before, behind


def _texts(box: Any) -> Iterator[Any]:
    """The texts of a line in their order, with None for other content between them."""
    for child in box.children:
        if isinstance(child, TextBox):
            yield child
        elif isinstance(child, InlineBox):
            framed = _is_framed(child.style)
            yield from [None] * framed
            yield from _texts(child)
            yield from [None] * framed
        else:
            yield None


def _is_framed(style: Any) -> bool:
    return any(getattr(style[name], "value", 0) for name in ("padding_left", "padding_right", "margin_left", "margin_right"))


def _justify(plain: Any) -> Any:
    def justify_line(context: Any, line: Any, extra: float) -> None:
        texts = [each for each in _texts(line) if each is not None and each.text]
        size = line.style["font_size"]
        if not any(isinstance(each.pango_layout, Line) for each in texts):
            blanks = inline.count_expandable_spaces(line)
            if blanks and extra / blanks <= WIDEST_BLANK * size:
                plain(context, line, extra)
            return
        last = texts[-1]
        if isinstance(last.pango_layout, Line):
            freed = last.pango_layout.end()
            last.width -= freed
            line.width -= freed
            extra += freed
        counts = [_places(each, texts[index + 1].text[0] if index + 1 < len(texts) else "") for index, each in enumerate(texts)]
        total = sum(count for count, _ in counts)
        if total and extra / total <= WIDEST * size:
            _widen(context, line, extra / total, 0, dict(zip(map(id, texts), counts, strict=True)))

    return justify_line


def _places(box: Any, follows: str) -> Places:
    """The places of a text; in Latin text, the blanks. `follows` is the next character of the line."""
    if not isinstance(box.pango_layout, Line):
        return inline.count_expandable_spaces(box), ()
    text, last = box.text, len(box.text) - 1
    near = {place for found in ideographs.ODD.finditer(text) for place in (found.start() - 1, found.start()) if 0 <= place < last}
    tight = [index for index in near if not ideographs.may_part(text[index], text[index + 1])]
    if not follows or not ideographs.may_part(text[last], follows):
        tight.append(last)
    return len(text) - len(tight), tight


def _widen(context: Any, box: Any, amount: float, moved: float, places: Mapping[int, Places]) -> float:
    """As WeasyPrint's `add_word_spacing`: content behind a widened place moves."""
    if isinstance(box, TextBox):
        if not isinstance(box.pango_layout, Line):
            return float(inline.add_word_spacing(context, box, amount, moved))
        box.position_x += moved
        count, tight = places.get(id(box), (0, ()))
        if count:
            box.pango_layout.widen(amount, tight)
        box.width += amount * count
        return moved + amount * count
    if isinstance(box, LineBox | InlineBox):
        box.position_x += moved
        start = moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _widen(context, child, amount, moved, places)
        box.width += moved - start
        return moved
    box.translate(moved, 0)
    return moved


def install() -> None:
    """Makes WeasyPrint follow these rules. Idempotent."""
    if hasattr(inline.justify_line, "ideographic"):
        return
    inline.split_text_box = _split_text_box(inline.split_text_box)
    inline.get_next_linebox = _next_line(inline.get_next_linebox)
    preferred.split_first_line = _split_for_width(preferred.split_first_line)
    inline.justify_line = _justify(inline.justify_line)
    inline.justify_line.ideographic = True
    ideographic_drawing.install()
