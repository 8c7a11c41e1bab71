"""Sets text that fits on its line only once, and repeated text, such as markers of lists, not again.

WeasyPrint sets a width in Pango, reads a line, and tests whether the text continues; and it sets the text of each marker, link
and cell again. The width of a short text in one line shows whether all of it fits: this patch sets it in one line, and keeps
the layouts of the shortest texts for all places. WeasyPrint handles text with a newline, a soft hyphen or spacing, and
text that may not fit. `latin_lines` measures plain Latin text before.
"""

from __future__ import annotations

import re
from math import inf
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.layout import inline
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, pango
from weasyprint.text.line_break import line_size

from service.engines.weasyprint.patches.shaping import Kept, Made, prepared

SHORT, SHORTEST = 200, 12  # characters that are set, and that are kept
MOST = 300  # layouts that are kept, of three to five kilobytes
OTHERWISE = re.compile("[\\0-\\x1f\\x7f-\\x9f\\xad\u2028\u2029]")  # controls, soft hyphens and ends of paragraphs
WIDE, NARROW = "\u2e80", 0.25  # from here on characters are an em wide, the others this part of it or more

Measured = tuple[Kept, float, float, float]  # width, height and baseline in pixels


class Shared(Kept):
    """A layout as it is drawn in one of many places."""

    @classmethod
    def of(cls, kept: Kept, max_width: float | None) -> Shared:
        new = cls.__new__(cls)
        new.__dict__.update(vars(kept))
        new.max_width = max_width
        return new

    def reactivate(self, style: Any) -> None:
        pass

    def deactivate(self) -> None:
        pass

    def own(self) -> Kept:
        """One that may be changed."""
        new = Kept(self.style, self.justification_spacing, self.max_width)
        new.set_text(self.text)
        return new


def split(box: Any, text: str, max_width: float | None) -> Measured | None:
    """The text in one line; None if it may not fit, or if more must be asked."""
    style = box.style
    made = prepared(style)
    if made is None or style["letter_spacing"] != "normal" or style["word_spacing"] or style["direction"] != "ltr":
        return None
    if style["font_size"] < 1 or OTHERWISE.search(text):
        return None
    room = inf if max_width is None or style["white_space"] in ("nowrap", "pre") else max_width
    if room < 0 or _least(text) * style["font_size"] > room:
        return None
    if len(text) <= SHORTEST and not box.justification_spacing:
        kept, *measures = _known(style, made, text)
        layout: Kept = Shared.of(kept, max_width)
    else:
        layout, *measures = _set(style, text, box.justification_spacing, max_width)
        layout.deactivate()
    width, height, baseline = measures
    return (layout, width, height, baseline) if room == inf or width * TO_UNITS <= int(room * TO_UNITS) else None


def _least(text: str) -> float:
    """Its estimated least width in em."""
    wide = sum(character >= WIDE for character in text)
    return wide + (len(text) - wide) * NARROW


def _known(style: Any, made: Made, text: str) -> Measured:
    kept = style.font_config.__dict__.setdefault("brief", {})
    key = id(made.context), made.features, text
    if key not in kept:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = _set(style, text, 0, None), made
    found: Measured = kept[key][0]
    return found


def _set(style: Any, text: str, spacing: float, max_width: float | None) -> Measured:
    layout = Kept(style, spacing, max_width)
    layout.set_text(text)
    line, _ = layout.get_first_line()
    width, height = line_size(line, style)
    return layout, width, height, pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS


def install() -> None:
    """Installs this. Idempotent."""
    plain, plain_draw = inline.split_text_box, drawing.draw_first_line
    if hasattr(plain, "brief"):
        return

    def split_text_box(context: Any, box: Any, available_width: float | None, skip: int | None, *rest: Any, **named: Any) -> Any:
        text = box.text.encode()[skip:].decode() if skip else box.text
        found = split(box, text, available_width) if 0 < len(text) <= SHORT else None
        if found is None:
            return plain(context, box, available_width, skip, *rest, **named)
        layout, width, height, baseline = found
        new = box.copy_with_text(layout.text)
        new.width, new.pango_layout, new.height = width, layout, height
        new.margin_top = new.margin_bottom = (inline.strut(box.style)[0] - height) / 2
        new.baseline = baseline + new.margin_top
        return new, None, False

    def draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        layout = textbox.pango_layout
        if isinstance(layout, Shared) and (text_overflow == "ellipsis" or block_ellipsis != "none"):
            textbox.pango_layout = layout.own()
        return plain_draw(stream, textbox, text_overflow, block_ellipsis, matrix)

    split_text_box.brief = plain  # type: ignore[attr-defined]
    inline.split_text_box, drawing.draw_first_line = split_text_box, draw_first_line
