"""Writes a line of Chinese or Japanese into the PDF: glyphs at their places, and the distances between them.

Wider distances are character spacing (`Tc`, ISO 32000-2, 9.3.2): one operator for a whole line. Narrower ones are a step
between two glyphs. PDF readers treat a wide distance as a blank, and overlapping glyphs as other lines: such a line
has its text as `ActualText` (14.9.4). WeasyPrint draws runs with other than plain outlines, with changed glyphs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import TO_UNITS, ffi
from weasyprint.text.line_break import line_size

from service.engines.weasyprint.composition.ideographic_text import Text
from service.engines.weasyprint.patches import glyph_runs
from service.engines.weasyprint.patches.shaping import Kept

SEEN = 90  # thousandths of an em: readers treat a wider distance as a blank (poppler: 0.1 em)
ESCAPED = re.compile(rb"[\\()]")
ROUNDING = 0.45  # thousandths: WeasyPrint cuts decimals
SLIGHT = 0.02  # pixels
Clusters = list[tuple[int, int]] | int


class Line(Kept):
    """The layout of a line. By character, `before` and `behind` are thousandths of an em that are taken and added.

    All places are widened by `amount` pixels, but those behind the characters `tight`. `reckoned` is the width of the text
    from memory: what it turns out to be more or less is taken from the places of a widened line.
    """

    size: float
    before: dict[int, int]
    behind: dict[int, int]
    trailing: frozenset[str]
    amount: float
    tight: frozenset[int]
    reckoned: float
    _moved: Any = None

    def place(self, read: Text, reckoned: float, before: dict[int, int], behind: dict[int, int]) -> None:
        self.size, self.trailing, self.reckoned, self.before, self.behind = read.size, read.trailing, reckoned, before, behind
        self.amount, self.tight = 0.0, frozenset()

    def end(self) -> float:
        """Removes the space after the last character at the end of a line. Returns its pixels."""
        last = len(self.text) - 1
        now = self.behind.get(last, 0)
        wanted = -500 if self.text[last] in self.trailing and now >= 0 else min(now, 0)
        self.behind[last] = wanted
        return (now - wanted) * self.size / 1000

    def widen(self, amount: float, tight: Iterable[int]) -> None:
        self.amount, self.tight = amount, frozenset(tight)

    def correct(self) -> None:
        """Takes from the places what the text is wider than was reckoned: seldom anything."""
        line, _ = self.get_first_line()
        wider = line_size(line, self.style)[0] - self.reckoned
        if self.amount and abs(wider) > SLIGHT and (places := len(self.text) - len(self.tight)):
            self.amount -= wider / places
        self.reckoned += wider

    def set_text(self, text: str, justify: bool = False) -> None:
        self._moved = None
        super().set_text(text, justify)

    def added(self, first: int, end: int) -> tuple[int, float]:
        """The space behind characters that are set as one: thousandths, and pixels of spacing."""
        behind = sum(self.behind.get(each, 0) for each in range(first, end))
        spaced = self.amount * sum(each not in self.tight for each in range(first, end))
        return (behind, spaced) if behind <= 0 else (0, spaced + behind * self.size / 1000)

    def reads_otherwise(self) -> bool:
        """Whether its distances would be read as blanks, or its glyphs overlap."""
        if self.amount > self.size * SEEN / 1000:
            return True
        last = len(self.text) - 1
        moved = any(amount and (index < last or amount > 0) for index, amount in self.behind.items())
        return moved or any(amount and index for index, amount in self.before.items())

    def runs(self) -> Iterator[tuple[Any, Clusters]]:
        """Each run with, for each glyph, the characters behind which it ends: none for all but the last of a cluster.

        A run with a glyph for each character has the number of its first character instead.
        """
        line, _ = self.get_first_line()
        starts = accumulate((len(each.encode()) for each in self.text), initial=0)
        characters = {start: index for index, start in enumerate(starts)}
        run = line.runs
        while run:
            item, run = run.data, run.next
            offset, count = item.item.offset, item.glyphs.num_glyphs
            first, end = characters[offset], characters[offset + item.item.length]
            found = [characters[offset + each] for each in ffi.unpack(item.glyphs.log_clusters, count)]
            one_for_one = found == list(range(first, end))
            yield item, first if one_for_one else list(zip(found, [*found[1:], end], strict=True))

    def move(self) -> None:
        """Changes the widths of the glyphs themselves, once for each time that Pango has set them."""
        if self._moved is self.layout:
            return
        self._moved = self.layout
        unit = self.size * TO_UNITS / 1000
        for item, clusters in self.runs():
            all_of = range(item.glyphs.num_glyphs)
            pairs = [(clusters + each, clusters + each + 1) for each in all_of] if isinstance(clusters, int) else clusters
            for index, (first, end) in enumerate(pairs):
                geometry = item.glyphs.glyphs[index].geometry
                before, (behind, spaced) = self.before.get(first, 0), self.added(first, end)
                if before:
                    geometry.x_offset -= round(before * self.size)
                    geometry.width -= round((before + ROUNDING) * unit)
                if amount := behind + spaced * 1000 / self.size:
                    geometry.width += round((amount + (ROUNDING if amount > 0 else -ROUNDING)) * unit)


class Pen:
    """Writes glyphs with as few operators as there are changes of font and spacing."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.string, self.spacing = stream, "", 0.0

    def take(self, face: Any) -> None:
        self._show()
        self.stream.set_font_size(face.font.hash, face.size)

    def write(self, piece: str, before: int, behind: int, spaced: float) -> None:
        if abs(spaced - self.spacing) > 1e-4:
            self._space(spaced)
        if before:
            self.string += f">{before}<"
        self.string += f"{piece}>{-behind}<" if behind else piece

    def lift(self) -> None:
        self._show()
        if self.spacing:
            self._space(0.0)

    def _space(self, spacing: float) -> None:
        self._show()
        self.spacing = spacing
        self.stream.stream.append(b"%.4f Tc" % spacing if spacing else b"0 Tc")

    def _show(self) -> None:
        if self.string:
            self.stream.show_text(glyph_runs.closed(f"<{self.string}").replace("<>", " "))
            self.string = ""


def _written(stream: Any, layout: Line) -> list[tuple[Any, list[str], Clusters]] | None:
    """Of each run its face, how its glyphs are written, and their characters; None where one is not written separately."""
    found = []
    for item, clusters in layout.runs():
        face, glyphs = glyph_runs._face(stream, layout, item.item.analysis.font), item.glyphs
        data = ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * glyph_runs.GLYPH.size)
        try:
            pieces = [face.pieces[info] for info in glyph_runs.GLYPH.iter_unpack(data)]
        except KeyError:
            infos = list(glyph_runs.GLYPH.iter_unpack(data))
            if glyph_runs._learned(stream, layout, face, item, infos) is None:
                return None
            pieces = [face.pieces[info] for info in infos]
        found.append((face, pieces, clusters))
    return found


def _draw(stream: Any, textbox: Any, matrix: Any) -> bool:
    layout = textbox.pango_layout
    layout.correct()
    runs = _written(stream, layout)
    if runs is None:
        return False
    otherwise = layout.reads_otherwise()
    if otherwise:
        stream.stream.append(b"/Span <</ActualText (%b)>> BDC" % escaped(layout.text))
    stream.set_text_matrix(*matrix.values)
    odd = sorted({*layout.before, *layout.behind, *(layout.tight if layout.amount else ())})
    pen = Pen(stream)
    for face, pieces, clusters in runs:
        pen.take(face)
        if isinstance(clusters, int):
            _write_one_for_one(pen, layout, pieces, clusters, odd)
        else:
            for piece, (first, end) in zip(pieces, clusters, strict=True):
                pen.write(piece, layout.before.get(first, 0), *layout.added(first, end))
    pen.lift()
    if otherwise:
        stream.end_marked_content()
    return True


def _write_one_for_one(pen: Pen, layout: Line, pieces: list[str], start: int, odd: list[int]) -> None:
    """A run with a glyph for each character, most of which have nothing to them but the spacing of the line."""
    done, end = start, start + len(pieces)
    for place in odd[bisect_left(odd, start) : bisect_left(odd, end)]:
        if place > done:
            pen.write("".join(pieces[done - start : place - start]), 0, 0, layout.amount)
        pen.write(pieces[place - start], layout.before.get(place, 0), *layout.added(place, place + 1))
        done = place + 1
    if done < end:
        pen.write("".join(pieces[done - start :]), 0, 0, layout.amount)


def escaped(text: str) -> bytes:
    """A text string of a PDF (ISO 32000-2, 7.3.4.2 and 7.9.2)."""
    return ESCAPED.sub(rb"\\\g<0>", b"\xfe\xff" + text.encode("utf-16-be")).replace(b"\r", b"\\r")


def install() -> None:
    """Installs this. Idempotent."""
    plain = drawing.draw_first_line
    if hasattr(plain, "ideographic"):
        return

    def draw_first_line(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
        layout = textbox.pango_layout
        if isinstance(layout, Line) and textbox.text.strip():
            if text_overflow != "ellipsis" and block_ellipsis == "none" and _draw(stream, textbox, matrix):
                return []
            layout.move()
        return plain(stream, textbox, text_overflow, block_ellipsis, matrix)

    draw_first_line.__dict__.update(plain.__dict__)  # by these the shortcuts know that they are installed
    draw_first_line.ideographic = plain  # type: ignore[attr-defined]
    drawing.draw_first_line = draw_first_line
