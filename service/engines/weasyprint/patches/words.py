"""Draws lines word by word, with each word from memory.

WeasyPrint sets a line once more to draw it, with attributes on each space if it is justified, and writes its glyphs one by
one. A word looks the same everywhere (`word_widths`), so its output in the PDF is created once per font and document. In a
justified line only the spaces are new. If the words do not add up to the line, WeasyPrint draws it.
"""

from __future__ import annotations

from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import TO_UNITS, pango

from service.engines.weasyprint.patches import word_widths
from service.engines.weasyprint.patches.glyph_runs import RELIABLE, closed, is_drawn_otherwise, piece
from service.engines.weasyprint.patches.shaping import Kept
from service.engines.weasyprint.patches.word_widths import GLYPH, Face, Foreign, Shape

SCALE = 1024  # of Pango's units to a pixel


class Written:
    """The words of one face as they are in one document, between < and >."""

    def __init__(self, font: Any, face: Face) -> None:
        self.widths, self.to_unicode, self.size, self.face = font.widths, font.to_unicode, face.size, face
        self.words: dict[str, str] = {}
        self.pieces: dict[tuple[int, int, int], str] = {}
        self.plain = not is_drawn_otherwise(font) and pango.pango_version() >= RELIABLE

    def line(self, text: str, spacing: int, stream: Any) -> str:
        """The content of a line. Raises Foreign."""
        if not word_widths.LETTER.search(text):
            if spacing:
                raise Foreign
            return closed("<" + self._glyphs(text, self.face.alone(text), stream))
        words = text.split(" ")
        if spacing:
            return self._justified(words, spacing, stream)
        parts = [self._word(words[0], stream)]
        if len(words) > 1:
            space = self._word(" ", stream)
            for word in words[1:]:
                parts += space, self._word(word, stream)
        return closed("<" + "".join(parts))

    def _justified(self, words: list[str], spacing: int, stream: Any) -> str:
        """With wider spaces, each a run of its own."""
        if "" in words[1:-1] or spacing < 0 or len(words) == 1:
            raise Foreign
        last, space, parts = len(words) - 1, "", []
        for index, word in enumerate(words):
            if word:
                parts.append(closed("<" + self._word(word, stream)))
            first, final = not index and not word, index == last - 1 and not words[last]
            if first or final:
                parts.append(self._space(spacing, first, final, stream))
            elif index < last:
                space = space or self._space(spacing, first, final, stream)
                parts.append(space)
        return "".join(parts)

    def _space(self, spacing: int, first: bool, final: bool, stream: Any) -> str:
        """A widened space; doubled if half of it would be outside the line."""
        if first or final:
            spacing *= 2
        left = spacing // 2
        if spacing % SCALE == 0:
            left = (left + SCALE // 2) // SCALE * SCALE
        numbers = self.face.space.numbers[:]
        numbers[1] += (0 if first else left) + (0 if final else spacing - left)
        numbers[2] += 0 if first else left
        return closed("<" + self._glyphs(" ", Shape(0, numbers, [0]), stream))

    def _word(self, word: str, stream: Any) -> str:
        if word not in self.words:
            shape = self.face.space if word == " " else self.face.shape(word)
            self.words[word] = self._glyphs(word, shape, stream)
        return self.words[word]

    def _glyphs(self, word: str, shape: Shape, stream: Any) -> str:
        """Glyphs as WeasyPrint writes them, numbers and their arithmetic alike."""
        numbers, known = shape.numbers, self.pieces
        if any(numbers[3::GLYPH]):
            raise Foreign
        infos = list(zip(numbers[::GLYPH], numbers[1::GLYPH], numbers[2::GLYPH], strict=True))
        for index, info in enumerate(infos):
            if info not in known:
                known[info] = self._piece(word, shape, index, info, stream)
        return "".join([known[info] for info in infos])

    def _piece(self, word: str, shape: Shape, index: int, info: tuple[int, int, int], stream: Any) -> str:
        glyph, width, x_offset = info
        if glyph not in self.to_unicode:
            data = word.encode()
            end = [*shape.clusters[1:], len(data)][index]
            self.to_unicode[glyph] = data[shape.clusters[index] : end].decode()
        return piece(stream, self.widths, self.face.font, self.size, glyph, width, x_offset)


def _draw(stream: Any, textbox: Any, matrix: Any) -> None:
    """Raises Foreign, before anything is drawn."""
    layout, face = textbox.pango_layout, word_widths.of(textbox.style)
    text = layout.text
    if face is None or not word_widths.SIMPLE.fullmatch(text) or not text.strip(" "):
        raise Foreign
    spacing = int(layout.justification_spacing * TO_UNITS) if " " in text else 0
    if layout.justification_spacing and not spacing and " " in text:
        raise Foreign
    font = stream._fonts.get(face.key) or stream.add_font(face.font)[0]
    kept = font.__dict__.setdefault("written", {})
    written = kept.get(face) or kept.setdefault(face, Written(font, face))
    if not written.plain:
        raise Foreign
    shown = written.line(text, spacing, stream)
    stream.set_text_matrix(*matrix.values)
    stream.set_font_size(font.hash, face.size)
    stream.show_text(shown)


def install() -> None:
    """Installs this. Idempotent."""
    plain = drawing.draw_first_line
    if hasattr(plain, "words"):
        return

    def draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        layout = textbox.pango_layout
        if isinstance(layout, Kept) and layout.asleep and text_overflow != "ellipsis" and block_ellipsis == "none":
            if not textbox.text.strip() or textbox.style["font_size"] < 1:
                return plain(stream, textbox, text_overflow, block_ellipsis, matrix)
            try:
                _draw(stream, textbox, matrix)
                return []
            except Foreign:
                pass
        return plain(stream, textbox, text_overflow, block_ellipsis, matrix)

    draw_first_line.words = plain  # type: ignore[attr-defined]
    drawing.draw_first_line = draw_first_line
