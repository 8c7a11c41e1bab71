"""Estimates the page of each heading of a DOCX from the heights of the blocks before it.

A DOCX has no pages until a program sets it with its own fonts. Programs that do not update fields show these numbers
(LibreOffice, previews, phones). Word updates them when it opens the file, because the field is marked as outdated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from service.writers.docx.body import EMU_PER_TWIP, w
from service.writers.docx.cell_widths import WP, text_of, width_of
from service.writers.docx.stylesheet import StyleSheet, style_of

LEADING = 1.32  # height of a line of Noto Serif or Noto Sans to its size
SIZE = 21  # half points, if no style has a size
NOTE_LINE = 240  # twips
KEPT = 2  # lines that stay with a heading
HEADING = "Heading"


@dataclass(slots=True)
class Estimate:
    """Fills the pages. `width` and `height` are those of the text in twips; `notes`: identifier → words of a note."""

    styles: StyleSheet
    width: int
    height: int
    notes: Mapping[str, str]
    page: int = 1
    used: float = 0.0
    after: int = 0
    found: dict[etree._Element, int] = field(default_factory=dict)

    def run(self, blocks: Iterator[etree._Element]) -> dict[etree._Element, int]:
        """Heading → page."""
        for block in blocks:
            if block.tag == w("p"):
                self._paragraph(block)
            elif block.tag == w("tbl"):
                for row in block.findall(w("tr")):
                    self._take(max((self._cell(cell) for cell in row.findall(w("tc"))), default=0.0))
                self.after = 0
        return self.found

    def _paragraph(self, block: etree._Element) -> None:
        style = style_of(block)
        look = block.find(w("pPr"))
        breaks = [each for each in block.iter(w("br")) if each.get(w("type")) == "page"]
        if self.used and (look is not None and look.find(w("pageBreakBefore")) is not None):
            self._turn()
        before, after = self._spacing(block, style, "before"), self._spacing(block, style, "after")
        gap = max(before, self.after) if self.used else 0
        lines, line = self._lines(block, style, self.width)
        kept = min(lines, KEPT) * line + (KEPT * line if style.startswith(HEADING) else 0)
        if self.used + gap + kept > self.height:
            self._turn()
            gap = 0
        if style.startswith(HEADING):
            self.found[block] = self.page
        self._take(gap + lines * line + self._pictures(block) + self._notes(block), whole=lines <= KEPT)
        self.after = after
        if breaks or (look is not None and look.find(w("sectPr")) is not None):
            self._turn()

    def _turn(self) -> None:
        self.page, self.used, self.after = self.page + 1, 0.0, 0

    def _take(self, height: float, *, whole: bool = True) -> None:
        """Uses `height` of the page. A block that must not break begins on the next page if it does not fit."""
        if whole and self.used and self.used + height > self.height:
            self._turn()
        self.used += height
        while self.used > self.height:
            self.page, self.used = self.page + 1, self.used - self.height

    def _lines(self, block: etree._Element, style: str, room: float) -> tuple[int, float]:
        """The number of lines of a paragraph, and the height of one."""
        size = self.styles.number(style, "rPr/sz", "val") or SIZE
        spacing = self.styles.number(style, "pPr/spacing", "line") or 240
        indent = sum(self.styles.number(style, "pPr/ind", side) for side in ("left", "right"))
        em = size * 10 * 0.93  # the widths are on the wide side
        rows = sum(max(1, math.ceil(width_of(line) * em / max(room - indent, 500))) for line in text_of(block).split("\n"))
        return rows, size * 10 * LEADING * spacing / 240

    def _cell(self, cell: etree._Element) -> float:
        given = cell.find(f"{w('tcPr')}/{w('tcW')}")
        room = int(given.get(w("w"), "0")) if given is not None and given.get(w("type")) == "dxa" else self.width
        total = 0.0
        for block in cell.iter(w("p")):
            style = style_of(block)
            lines, line = self._lines(block, style, room - 216)
            total += lines * line + self._pictures(block) + self._spacing(block, style, "before") / 2
            total += self._spacing(block, style, "after") / 2
        return total

    def _pictures(self, block: etree._Element) -> float:
        return sum(int(each.get("cy", "0")) / EMU_PER_TWIP for each in block.iter(f"{{{WP}}}extent"))

    def _notes(self, block: etree._Element) -> float:
        words = [self.notes.get(each.get(w("id"), ""), "") for each in block.iter(w("footnoteReference"))]
        return sum(NOTE_LINE * max(1, math.ceil(width_of(text) * 170 / self.width)) for text in words)

    def _spacing(self, block: etree._Element, style: str, side: str) -> int:
        own = block.find(f"{w('pPr')}/{w('spacing')}")
        value = own.get(w(side)) if own is not None else None
        return int(value) if value is not None else self.styles.number(style, "pPr/spacing", side)
