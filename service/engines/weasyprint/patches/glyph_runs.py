"""Reads the glyphs of a line at once, instead of one call each for number, width and place.

WeasyPrint handles a line glyph by glyph: ten calls into C for each, and arithmetic and formatting with results that
repeat. With this patch the glyphs of a run are read in one piece, and the output for each glyph in its font, at its size,
with its advance, is kept. WeasyPrint handles lines with an ellipsis, and runs of emoji, of bitmap fonts, of missing or
raised glyphs.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from weasyprint.draw import text
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

GLYPH = struct.Struct("=Iiii4x")  # PangoGlyphInfo: glyph, width, x and y offset, attributes
RELIABLE = 14802  # before this version of Pango, a font reports a wrong size
SMALLEST = 1e-6

plain_first_line = text.draw_first_line  # WeasyPrint's own, with which a test compares
Info = tuple[int, int, int, int]


@dataclass(slots=True)
class Face:
    """A font at a size. `pieces` is how its glyphs are written; `layout` keeps Pango's font alive while it is known."""

    pango_font: Any
    font: Any
    size: float
    pieces: dict[Info, str]
    layout: Any


def install() -> None:
    """Installs this. Idempotent."""
    plain = text.draw_first_line
    if hasattr(plain, "plain") or ffi.sizeof("PangoGlyphInfo") != GLYPH.size or pango.pango_version() < RELIABLE:
        return

    def draw_first_line(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
        ordinary = text_overflow != "ellipsis" and block_ellipsis == "none" and textbox.style["font_size"] >= SMALLEST
        runs = _runs(stream, textbox.pango_layout) if ordinary and textbox.text.strip() else None
        if runs is None:
            return plain(stream, textbox, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        _show(stream, runs)
        return []

    draw_first_line.plain = plain  # type: ignore[attr-defined]
    text.draw_first_line = draw_first_line


def _show(stream: Any, runs: list[tuple[Face, str]]) -> None:
    """As few text operators as there are changes of the font."""
    string, last = "", None
    for face, written in runs:
        if last is None or face.pango_font != last:
            last = face.pango_font
            if string:
                stream.show_text(string)
            string = ""
            stream.set_font_size(face.font.hash, face.size)
        string += written
    stream.show_text(string)


def _runs(stream: Any, layout: Any) -> list[tuple[Face, str]] | None:
    """The runs of the first line, written; None if one of them is unusual."""
    pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
    line, _ = layout.get_first_line()
    found, run = [], line.runs
    while run:
        item, run = run.data, run.next
        face, glyphs = _face(stream, layout, item.item.analysis.font), item.glyphs
        count = glyphs.num_glyphs
        infos = GLYPH.iter_unpack(ffi.buffer(glyphs.glyphs, count * GLYPH.size))
        try:
            written = "<" + "".join(map(face.pieces.__getitem__, infos))
        except KeyError:
            infos = GLYPH.iter_unpack(ffi.buffer(glyphs.glyphs, count * GLYPH.size))
            learned = _learned(stream, layout, face, item, list(infos))
            if learned is None:
                return None
            written = "<" + learned
        found.append((face, closed(written)))
    return found


def _face(stream: Any, layout: Any, pango_font: Any) -> Face:
    """Once for each of Pango's fonts on a page."""
    known: dict[Any, Face] = stream.__dict__.setdefault("faces", {})
    if pango_font not in known:
        font, size = stream.add_font(pango_font)
        pieces = font.__dict__.setdefault("pieces", {}).setdefault(size, {})
        known[pango_font] = Face(pango_font, font, size, pieces, layout.layout)
    return known[pango_font]


def _learned(stream: Any, layout: Any, face: Face, item: Any, infos: list[Info]) -> str | None:
    """The run's glyphs, written, those that are new among them; None if one cannot be written separately."""
    font, pieces = face.font, face.pieces
    if is_drawn_otherwise(font):
        return None
    for index, info in enumerate(infos):
        if info in pieces:
            continue
        glyph, width, x_offset, y_offset = info
        if glyph == pango.PANGO_GLYPH_EMPTY:
            pieces[info] = f">{-width / face.size}<"
            continue
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG or y_offset:
            return None
        if glyph not in font.to_unicode:
            font.to_unicode[glyph] = _characters(layout, item, index, len(infos))
        pieces[info] = piece(stream, font.widths, face.pango_font, face.size, glyph, width, x_offset)
    return "".join([pieces[info] for info in infos])


def _characters(layout: Any, item: Any, index: int, count: int) -> str:
    """The text of a glyph: the cluster of UTF-8 that it was made from."""
    clusters, offset, length = item.glyphs.log_clusters, item.item.offset, item.item.length
    if item.item.analysis.level % 2:  # from right to left
        end = length if index == 0 else clusters[index - 1]
    else:
        end = length if index == count - 1 else clusters[index + 1]
    encoded: bytes = layout.text.encode()
    return encoded[offset + clusters[index] : offset + end].decode()


def is_drawn_otherwise(font: Any) -> bool:
    """Whether it has glyphs that are not plain outlines."""
    return bool(font.bitmap or font.svg or font.png or font.colr)


def piece(stream: Any, widths: dict[int, int], pango_font: Any, size: float, glyph: int, width: int, x_offset: int) -> str:
    """The text of a glyph between < and >: its number, and the differences of its place and advance from the font's."""
    if glyph not in widths:  # in thousandths of an em, as the font has it
        pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
        widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    offset = x_offset / size
    kerning = widths[glyph] + offset - width * 1000 * FROM_UNITS / size
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def closed(run: str) -> str:
    """A run that was opened with <, without an empty string at its end."""
    return run[:-1] if run[-1] == "<" else run + ">"
