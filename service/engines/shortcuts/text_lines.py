"""A line that holds one run of text, laid out in one go.

WeasyPrint lays out every line as if it held boxes in boxes, floats and pictures: its part is a sixth of the time of a page,
without the setting of the text. Three lines in five hold one run of plain text. `install` places such a text as the long
way would, sum for sum; where it turns out that more stands on the line, the long way is gone, with the text already set.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import LineBox, TextBox
from weasyprint.layout import inline

from service.engines.shortcuts.percentages import INITIAL, values_of

MORE = 1 + 1e-9  # WeasyPrint's tolerance for the width of a line

Line = tuple[Any, Any]


class Ready:
    """Stands for `split_text_box`: what was split to see whether it fills its line isn't split again."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self.asked: tuple[Any, ...] = ()
        self.found: Any = None

    def __call__(self, context: Any, box: Any, available_width: Any, skip: int, is_line_start: bool = True) -> Any:
        if self.asked and self.asked[0] is box and self.asked[1:] == (available_width, skip, is_line_start):
            self.asked = ()
            return self.found
        return self.plain(context, box, available_width, skip, is_line_start=is_line_start)


class TextLines:
    """Stands for `get_next_linebox`; lines with more than one run of text go to `plain`."""

    def __init__(self, plain: Any, ready: Ready) -> None:
        self.plain, self.ready = plain, ready

    def __call__(self, context: Any, linebox: Any, position_y: Any, bottom_space: Any, skip_stack: Any, *rest: Any) -> Line:
        containing_block, _, _, first_letter_style, first_line_style = rest
        usual = not (first_letter_style or first_line_style or context.excluded_shapes) and _is_usual(linebox, LineBox)
        if usual and containing_block.style["direction"] == "ltr":
            line = self._line(context, linebox, position_y, skip_stack, containing_block)
            if line is not None:
                return line
        found: Line = self.plain(context, linebox, position_y, bottom_space, skip_stack, *rest)
        self.ready.asked, self.ready.found = (), None
        return found

    def _line(self, context: Any, linebox: Any, position_y: Any, skip_stack: Any, containing_block: Any) -> Line | None:
        """The line and where the next begins; None where it holds more than this text."""
        skip_stack = inline.skip_first_whitespace(linebox, skip_stack)
        if skip_stack == "continue" or not linebox.children:
            return None
        index, inner = next(iter(skip_stack.items())) if skip_stack else (0, None)
        text = linebox.children[index]
        if not _is_usual(text, TextBox):
            return None
        left = containing_block.content_box_x()
        available = left + containing_block.width - left
        start = left + linebox.text_indent
        linebox.position_x, linebox.position_y = left, position_y
        text.position_x, text.position_y = start, position_y
        inline.resolve_percentages(text, containing_block)
        asked = (left + available) * MORE - start, next(iter(inner)) or 0 if inner else 0, True
        found = inline.split_text_box(context, text, *asked[:2], is_line_start=True)
        new, resume, preserved = found
        if new is None or (resume is None and index + 1 < len(linebox.children)):
            self.ready.asked, self.ready.found = (text, *asked), found
            return None
        line = linebox.copy_with_children([new])
        line.width = new.position_x + new.width - left
        inline._adjust_line_height(line)
        linebox.width, linebox.height = line.width, line.height
        if new.text.endswith(" "):
            inline.remove_last_whitespace(context, line)
        aside = inline.text_align(context, line, available, last=(resume is None or preserved))
        _place(line, new, aside, position_y)
        return line, None if resume is None else {index: {resume: None}}


def _is_usual(box: Any, kind: type) -> bool:
    """Whether a box runs left to right in the flow, on its baseline, with nothing around it."""
    style = box.style
    try:
        usual: bool = style.usual
    except AttributeError:
        usual = values_of(style) == INITIAL and style["direction"] == "ltr" and style["vertical_align"] == "baseline"
        usual = style.usual = usual and style["float"] == "none" and style["position"] == "static"
    return usual and not box.is_leader and type(box) is kind


def _place(line: Any, text: Any, aside: Any, position_y: Any) -> None:
    """Gives line and text their height and their place; both stand on one baseline."""
    text_top, line_top = 0 - text.baseline, 0 - line.baseline
    text_bottom = text_top + (text.height + text.margin_top + text.margin_bottom)
    line_bottom = line_top + (line.height + line.margin_top + line.margin_bottom)
    top, bottom = min(text_top, line_top), max(text_bottom, line_bottom)
    line.baseline, line.height = -top, bottom - top
    line.margin_top = line.margin_bottom = 0
    line.position_x += aside
    line.position_y = position_y
    text.position_x += aside
    text.position_y = text_top + (position_y - top)


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    if not isinstance(inline.get_next_linebox, TextLines):
        inline.split_text_box = ready = Ready(inline.split_text_box)
        inline.get_next_linebox = TextLines(inline.get_next_linebox, ready)
