"""Paints boxes with only text without tests for everything else.

WeasyPrint tests every box for its mask, background, columns, border image, four borders and outline, and every text for its
decorations and their colours. It opens a context for each marked text, and sets colours again. Most boxes
have no border or background, and most text has the colour of the text before. This patch tests each style once.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from weasyprint import draw
from weasyprint.draw import border, text
from weasyprint.formatting_structure.boxes import Box, InlineBox, LineBox, TextBox
from weasyprint.pdf.stream import Stream
from weasyprint.stacking import StackingContext

UNDRAWN = ("none", "hidden")  # an outline of these styles has no width


def _bare(box: Any) -> bool:
    """Whether neither mask nor border nor column rule of the box can be seen."""
    style = box.style
    try:
        bare: bool = style.nothing_around
    except AttributeError:
        images = style["mask_border_source"][0], style["border_image_source"][0]
        columns = style["column_width"], style["column_count"]
        bare = style.nothing_around = images == ("none", "none") and columns == ("auto", "auto")
    return bare and not (box.border_top_width or box.border_bottom_width or box.border_left_width or box.border_right_width)


def _paint_boxes() -> None:
    plain_border, plain_mask, plain_outline = draw.draw_border, draw.set_mask_border, border.draw_outline

    def draw_border(stream: Any, box: Any) -> None:
        if not _bare(box):
            plain_border(stream, box)

    def set_mask_border(stream: Any, box: Any) -> None:
        if not _bare(box):
            plain_mask(stream, box)

    def draw_outline(stream: Any, box: Any) -> None:
        if box.style["outline_style"] not in UNDRAWN:
            plain_outline(stream, box)
            return
        for child in box.children:
            if isinstance(child, Box) and (child.children or child.style["outline_style"] not in UNDRAWN):
                draw_outline(stream, child)

    draw.draw_border, draw.set_mask_border = draw_border, set_mask_border
    draw.draw_outline = border.draw_outline = draw_outline


def _paint_lines() -> None:
    plain = draw.draw_inline_level

    def draw_inline_level(
        stream: Any, page: Any, box: Any, offset_x: float = 0, text_overflow: Any = "clip", block_ellipsis: Any = "none"
    ) -> None:
        if not isinstance(box, (InlineBox, LineBox)) or box.background is not None or not _bare(box):
            plain(stream, page, box, offset_x, text_overflow, block_ellipsis)
            return
        if isinstance(box, LineBox):
            text_overflow, block_ellipsis = box.text_overflow, box.block_ellipsis
        last = len(box.children) - 1
        for index, child in enumerate(box.children):
            ellipsis = block_ellipsis if index == last else "none"
            if isinstance(child, TextBox):
                _mark(stream, child)
                draw.draw_text(stream, child, offset_x + child.position_x - box.position_x, text_overflow, ellipsis)
                if stream._tags is not None:
                    stream.end_marked_content()
            elif isinstance(child, StackingContext):
                draw_inline_level(stream, page, child, offset_x, text_overflow, ellipsis)
            else:
                draw_inline_level(stream, page, child, offset_x + child.position_x - box.position_x, text_overflow, ellipsis)

    draw.draw_inline_level = draw_inline_level


def _mark(stream: Any, box: Any) -> None:
    tags = stream._tags
    if tags is not None:
        assert box not in tags
        tags[box] = {"tag": "Span", "mcid": len(tags)}
        stream.stream.append(b"/Span\n<</MCID %d>>\nBDC" % (len(tags) - 1))


def _paint_text() -> None:
    plain_text, plain_color = draw.draw_text, Stream.set_color

    def draw_text(stream: Any, box: Any, offset_x: float, text_overflow: Any, block_ellipsis: Any) -> None:
        style, layout = box.style, box.pango_layout
        if style["text_decoration_line"] != "none" or style["visibility"] != "visible" or not style["font_size"]:
            plain_text(stream, box, offset_x, text_overflow, block_ellipsis)
            return
        x, y = box.position_x, box.position_y + box.baseline
        stream.set_color(style["color"])
        layout.reactivate(style)
        stream.begin_text()
        matrix = SimpleNamespace(values=(1, 0, 0, -1, x, y))
        emojis = text.draw_first_line(stream, box, text_overflow, block_ellipsis, matrix)
        stream.end_text()
        if emojis:
            text.draw_emojis(stream, style, x, y, emojis)
        layout.deactivate()

    def set_color(stream: Any, color: Any, stroke: bool = False) -> None:
        if stroke:
            plain_color(stream, color, stroke)
            return
        now = stream.__dict__.get("now")  # the colour that was set last, and the stream's own memory of it since then
        if now is None or now[0] is not color or now[1] is not stream._current_color or now[2] is not stream._current_alpha:
            plain_color(stream, color)
            stream.now = color, stream._current_color, stream._current_alpha

    draw.draw_text, Stream.set_color = draw_text, set_color


def install() -> None:
    """Installs this. Idempotent."""
    if draw.draw_text is text.draw_text:
        _paint_boxes()
        _paint_lines()
        _paint_text()
