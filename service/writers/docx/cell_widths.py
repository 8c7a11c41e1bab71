"""The width that the content of a cell of a DOCX needs.

It is an estimate on the wide side, because the program that shows the file has its own fonts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from lxml import etree

from service.model.text.characters import is_wide
from service.writers.docx.body import EMU_PER_TWIP, w
from service.writers.docx.stylesheet import StyleSheet, style_of
from service.writers.docx.wide_tables import Cell

WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
LONGEST_WHOLE = 24  # characters: a longer word may break, because it is an address or a hash
# Widths in em of wide fonts (Noto Serif and Sans, DejaVu): a narrower font leaves a little space.
NARROW, BROAD, BROADEST = frozenset("iljtfrI.,:;'’!|()[]{}/\\- "), frozenset("ABCDEFGHKNOPQRSUVXYZ&"), frozenset("mwMW@%—…")
CODE, MONOSPACED = "SourceCode", re.compile(r"[!-~]")  # each as wide as an n
BREAKS = re.compile(r"[\s\u200b]+|(?<=[-/–—])(?!\d)")  # a date and a number stay whole


def needed(cell: Cell, size: float, styles: StyleSheet) -> tuple[float, float]:
    """The widths of the longest word and of the longest line in a cell: twips at `size` half points."""
    least = most = 0.0
    factor = size * 10 * (1.1 if cell.bold else 1.0)
    for line, indent in _lines(cell.element, styles):
        most = max(most, width_of(line) * factor + indent)
        least = max([least, *(_whole(word) * factor + indent for word in BREAKS.split(line) if word)])
    for extent in cell.element.iter(f"{{{WP}}}extent"):
        wide = int(extent.get("cx", "0")) / EMU_PER_TWIP
        least, most = max(least, min(wide, 900.0)), max(most, wide)
    return least, most


def _whole(word: str) -> float:
    """The unbreakable part of a word, in em: Chinese breaks between any two characters, a hash of 64 anywhere."""
    if len(word) > LONGEST_WHOLE:
        return width_of(word[: LONGEST_WHOLE // 2])
    return min(width_of(word), 4.2) if any(map(is_wide, word)) else width_of(word)


def _lines(cell: etree._Element, styles: StyleSheet) -> Iterator[tuple[str, int]]:
    """The unbroken lines of a cell, with their indents in twips. A row of a table in the cell is one line."""
    for child in cell:
        if child.tag == w("p"):
            indent = _indent(child, styles)
            text = MONOSPACED.sub("n", text_of(child)) if style_of(child) == CODE else text_of(child)
            yield from ((line, indent) for line in text.split("\n"))
        elif child.tag == w("tbl"):
            yield from (("    ".join(map(text_of, row.iter(w("p")))), 0) for row in child.iter(w("tr")))


def _indent(paragraph: etree._Element, styles: StyleSheet) -> int:
    """The indents of the paragraph at both sides: the styles of code, quotations and callouts have some."""
    own = paragraph.find(f"{w('pPr')}/{w('ind')}")
    total = 0
    for side, other in (("left", "start"), ("right", "end")):
        value = own.get(w(side), own.get(w(other))) if own is not None else None
        total += int(value) if value is not None else styles.number(style_of(paragraph), "pPr/ind", side)
    return max(total, 0)


def text_of(paragraph: etree._Element) -> str:
    parts = {w("br"): "\n", w("tab"): "    "}
    indent = "      " if paragraph.find(f"{w('pPr')}/{w('numPr')}") is not None else ""
    return indent + "".join(parts.get(str(each.tag)) or each.text or "" for each in paragraph.iter(w("t"), w("br"), w("tab")))


def width_of(text: str) -> float:
    """In em."""
    return sum(map(_em, text))


@functools.lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if is_wide(character):
        return 1.03
    return 0.38 if character in NARROW else 0.98 if character in BROADEST else 0.76 if character in BROAD else 0.62
