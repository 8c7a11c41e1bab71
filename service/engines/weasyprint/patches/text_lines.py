"""Lays out a line with only text at once.

WeasyPrint lays out every line as if it had floats, pictures and frames: this takes a sixth of the time of a page, without
setting the text. Nine of ten lines have only runs of plain text, some of them emphasised. This patch places such runs with
the same sums. If the line has other content, or a run must break before its end, WeasyPrint lays out the line with
the text that is already set.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox
from weasyprint.layout import inline

from service.engines.weasyprint.patches.percentages import INITIAL, values_of

MORE = 1 + 1e-9  # WeasyPrint's tolerance for the width of a line
stands_of = itemgetter("direction", "vertical_align", "float", "position", "box_decoration_break")
STANDS = ("ltr", "baseline", "none", "static", "slice")

Line = tuple[Any, Any]
Part = tuple[Any, Any, Any]  # the box or boxes, where to go on if they filled the line, and whether the text wants a break


class Ready:
    """Replaces `split_text_box`: text that was split for this patch is not split again."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self.known: dict[tuple[Any, ...], Any] = {}

    def __call__(self, context: Any, box: Any, available_width: Any, skip: int, is_line_start: bool = True) -> Any:
        if self.known:
            found = self.known.pop((id(box), available_width, skip, is_line_start), None)
            if found is not None:
                if found[0] is not None:
                    found[0].position_x = box.position_x  # it may have been moved for its surroundings
                return found
        return self.plain(context, box, available_width, skip, is_line_start=is_line_start)


class TextLines:
    """Replaces `get_next_linebox`; lines with more than text go to `plain`."""

    def __init__(self, plain: Any, ready: Ready) -> None:
        self.plain, self.ready = plain, ready

    def __call__(self, context: Any, linebox: Any, position_y: Any, bottom_space: Any, skip_stack: Any, *rest: Any) -> Line:
        containing_block, _, _, first_letter_style, first_line_style = rest
        usual = not (first_letter_style or first_line_style or context.excluded_shapes) and _is_usual(linebox, LineBox)
        line = None
        if usual and containing_block.style["direction"] == "ltr":
            line = self._line(context, linebox, position_y, skip_stack, containing_block)
        if line is None:
            line = self.plain(context, linebox, position_y, bottom_space, skip_stack, *rest)
        self.ready.known.clear()
        return line

    def _line(self, context: Any, linebox: Any, position_y: Any, skip_stack: Any, containing_block: Any) -> Line | None:
        """The line and the start of the next; None if it has other content than text."""
        skip_stack = inline.skip_first_whitespace(linebox, skip_stack)
        if skip_stack == "continue":
            return None
        left = containing_block.content_box_x()
        available = left + containing_block.width - left
        start, end = left + linebox.text_indent, (left + available) * MORE
        linebox.position_x, linebox.position_y = left, position_y
        part = Filling(context, containing_block, self.ready.known).fill(linebox, start, end, skip_stack, True, 0)
        if part is None or not part[0]:
            return None
        children, resume, preserved = part
        line = linebox.copy_with_children(children)
        line.width = children[-1].position_x + children[-1].margin_width() - left
        inline._adjust_line_height(line)
        linebox.width, linebox.height = line.width, line.height
        inline.remove_last_whitespace(context, line)
        aside = inline.text_align(context, line, available, last=(resume is None or preserved))
        _place(line, aside, position_y)
        return line, resume


class Filling:
    """One attempt to fill a line; `known` keeps the split text for WeasyPrint's layout."""

    def __init__(self, context: Any, containing_block: Any, known: dict[tuple[Any, ...], Any]) -> None:
        self.context, self.containing_block, self.known = context, containing_block, known

    def fill(self, parent: Any, x: Any, end: Any, skip_stack: Any, starts: bool, after: Any) -> Part | None:
        """As many children of a line or of a run as fit from x to end, with room after the last; None: take the long way."""
        first, inner = next(iter(skip_stack.items())) if skip_stack else (0, None)
        children: list[Any] = []
        for index in range(first, len(parent.children)):
            child = parent.children[index]
            child.position_y = parent.position_y
            part = self._part(child, x, end, inner, starts)
            if part and part[1] is None and after and index + 1 == len(parent.children):
                part = self._part(child, x, end - after, inner, starts)
            if part is None:
                return None
            new, resume, preserved = part
            x = new.position_x + new.margin_width()
            if children and x > end:
                return None
            children.append(new)
            if resume is not None:
                return children, {index: resume}, preserved
            inner = None
            starts = starts and type(parent) is not LineBox
        return children, None, False

    def _part(self, box: Any, x: Any, end: Any, skip_stack: Any, starts: bool) -> Part | None:
        if _is_usual(box, TextBox):
            return self._text(box, x, end, skip_stack, starts)
        return self._run(box, x, end, skip_stack, starts) if _is_placed(box) else None

    def _text(self, box: Any, x: Any, end: Any, skip_stack: Any, starts: bool) -> Part | None:
        inline.resolve_percentages(box, self.containing_block)
        box.position_x = x
        skip = next(iter(skip_stack)) or 0 if skip_stack else 0
        found = inline.split_text_box(self.context, box, end - x, skip, is_line_start=starts)
        self.known[id(box), end - x, skip, starts] = found
        new, resume, preserved = found
        return None if new is None else (new, None if resume is None else {resume: None}, preserved)

    def _run(self, box: Any, x: Any, end: Any, skip_stack: Any, starts: bool) -> Part | None:
        inline.resolve_percentages(box, self.containing_block)
        if "auto" in (box.margin_left, box.margin_right):
            return None
        before = box.padding_left + box.margin_left + box.border_left_width
        after = box.padding_right + box.margin_right + box.border_right_width
        part = self.fill(box, x, end * MORE, skip_stack, starts, after)
        if part is None or not part[0]:
            return None
        children, resume, preserved = part
        new = box.copy_with_children(children)
        new.remove_decoration(start=skip_stack is not None, end=resume is not None)
        new.position_x = x
        if before and skip_stack is None:
            for child in children:
                child.translate(dx=before)
        new.width = children[-1].position_x + children[-1].margin_width() - new.content_box_x()
        inline._adjust_line_height(new)
        return new, resume, preserved


def _is_usual(box: Any, kind: type) -> bool:
    """Whether a line or a text runs left to right in the flow, on its baseline, with nothing around it."""
    style = box.style
    try:
        usual: bool = style.usual
    except AttributeError:
        usual = style.usual = values_of(style) == INITIAL and stands_of(style) == STANDS
    return usual and not box.is_leader and type(box) is kind


def _is_placed(box: Any) -> bool:
    """Whether a run is at the place of its text, with any surroundings."""
    style = box.style
    try:
        placed: bool = style.placed
    except AttributeError:
        placed = style.placed = stands_of(style) == STANDS
    return placed and not box.is_leader and type(box) is InlineBox


def _place(line: Any, aside: Any, position_y: Any) -> None:
    """Gives the line its height, and all on it their place; they stand on one baseline."""
    tops, bottoms = [0 - line.baseline], [0 - line.baseline + line.margin_height()]
    _stand(line, tops, bottoms)
    top = min(tops)
    line.baseline, line.position_y, line.height = -top, top, max(bottoms) - top
    line.margin_top = line.margin_bottom = 0
    line.translate(aside, position_y - top)
    line.position_y = position_y


def _stand(parent: Any, tops: list[Any], bottoms: list[Any]) -> None:
    for child in parent.children:
        child.position_y = top = 0 - child.baseline
        tops.append(top)
        bottoms.append(top + child.margin_height())
        if type(child) is InlineBox:
            _stand(child, tops, bottoms)


def install() -> None:
    """Installs this. Idempotent."""
    if not isinstance(inline.get_next_linebox, TextLines):
        inline.split_text_box = ready = Ready(inline.split_text_box)
        inline.get_next_linebox = TextLines(inline.get_next_linebox, ready)
