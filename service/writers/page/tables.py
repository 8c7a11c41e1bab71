"""Fits a table on a page: in smaller type, on a page in landscape format, or with its columns in parts.

A table that is too wide even for a page in landscape format is divided into parts, one below the other, each with the first
column again (as books set them; Chicago Manual of Style, 17th edition, 3.86).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from service.model import column_parts

# Columns and characters from which a table is set in smaller type.
WIDE_COLUMNS, WIDE_ROW = 6, 160
# Unbreakable words in a cell, and the number of their characters that fit next to each other, with blanks between columns.
WORD = re.compile("[^\\s\\-\u00ad\u200b\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef]+")
ROOM, WIDE_ROOM, DENSE_ROOM, GAP = 78, 92, 106, 3
SHORT, WHOLE = 12, 20  # letters of a word that is never broken: in a table as wide as the page, in a part
JOINT = re.compile(r"(?<=[_/.])(?=[^\s_/.])")  # where the name of a column may break
HEADS = frozenset({"th"})
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
SHORT_ROWS = 12  # rows of a table that stays on one page
SHORT_TEXT = 2_400  # characters of such a table: two thirds of a page
LONG_CELL = 1_200  # characters of a cell whose row may break over pages
KEPT, KEPT_SHARE = 24, 0.6  # characters of cells that stay on one line, and the share of the room that such columns may have
NARROW = 0.9  # share of the line: a table with shorter rows is only as wide as they are


@dataclass(frozen=True, slots=True)
class Cell:
    """`at` is the first of the `span` columns that it covers."""

    element: etree._Element
    at: int
    span: int


Row = tuple[etree._Element, Sequence[Cell]]


def fit(table: etree._Element, measure: float | None, turned: float = 0.0) -> None:
    """Marks the layout of the table, or replaces it by its parts.

    `measure` is the number of characters of a line as a share of the usual one; None for a page that scrolls. `turned` is
    that of a page in landscape format, or 0.
    `wide` has smaller type, `dense` still smaller type, `narrow` the width of its text, `short` no page break. A
    `turned` one is on a page in landscape format. In a `tight` one words break anywhere, except in `whole` columns.
    A column of short cells is `kept` on one line each. A row that is `long` may break over pages.
    """
    rows = list(_rows(table))
    columns = max((cell.at + cell.span for _, cells in rows for cell in cells), default=0)
    longest = max((sum(len(text) for text in row.itertext()) for row, _ in rows), default=0)
    share = 1.0 if measure is None else measure
    wide = columns >= WIDE_COLUMNS or (columns > 2 and longest > WIDE_ROW * share)
    room = (WIDE_ROOM if wide else ROOM) * share
    widths = _widths(rows, columns)
    if measure is not None:
        _mark(table, "short" * _is_short(rows))
        _mark_long_rows(rows)
    if sum(widths) + GAP * columns <= room:
        narrow = measure is not None and sum(_natural(rows, columns)) + GAP * columns <= NARROW * room
        _mark(table, "wide" * wide, "narrow" * narrow)
        if measure is not None:
            _keep_short_columns(rows, columns, room)
    elif measure is None or columns <= WIDE_COLUMNS or sum(_needs(widths, SHORT)) <= room:
        _tighten(rows, widths)
        _mark(table, "wide" * wide, "tight")
    elif (needed := sum(_needs(widths, WHOLE))) <= DENSE_ROOM * turned:
        _tighten(rows, widths)
        _turn(table, "wide" if needed <= WIDE_ROOM * turned else "dense")
    else:
        _divide(table, rows, widths, room)


def _turn(table: etree._Element, size: str) -> None:
    """Sets the table on a page in landscape format, with the headings above it."""
    _mark(table, size, "turned")
    above = table.getprevious()
    while above is not None and above.tag in HEADINGS and not (above.tail or "").strip():
        _mark(above, "turned")
        above = above.getprevious()


def _mark(table: etree._Element, *names: str) -> None:
    if found := " ".join(filter(None, [table.get("class", ""), *names])):
        table.set("class", found)


def _rows(table: etree._Element) -> Iterator[Row]:
    """The table's own rows, each with its cells in their columns; a cell that spans rows keeps its place in the next ones."""
    taken, group = dict[int, int](), None
    for row in table.iterfind("tr") if table.find("tr") is not None else table.iterfind("*/tr"):
        if row.getparent() is not group:
            taken, group = {}, row.getparent()
        cells, at = list[Cell](), 0
        started = dict[int, int]()
        for element in row:
            while taken.get(at, 0):
                at += 1
            span, down = _number(element, "colspan"), _number(element, "rowspan")
            cells.append(Cell(element, at, span))
            started |= dict.fromkeys(range(at, at + span), down - 1) if down > 1 else {}
            at += span
        taken = {column: left - 1 for column, left in taken.items() if left > 1} | started
        yield row, cells


def _number(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(int(value), 1) if value.isdecimal() else 1


def _widths(rows: Sequence[Row], columns: int) -> list[int]:
    """The letters of the longest word of each column. The name of a column breaks where its parts are joined."""
    widths = [1] * columns
    for _, cells in rows:
        for cell in cells:
            if cell.span == 1:
                longest = max((len(part) for text in cell.element.itertext() for part in _words(cell, str(text))), default=1)
                widths[cell.at] = max(widths[cell.at], longest)
    return widths


def _natural(rows: Sequence[Row], columns: int) -> list[int]:
    """The letters of the longest line of each column. That of a cell with blocks, pictures or a span is not known: WIDE_ROW."""
    widths = [1] * columns
    for _, cells in rows:
        for cell in cells:
            text = "".join(map(str, cell.element.itertext()))
            known = cell.span == 1 and next(cell.element.iter("img", "br", "p", "table", "pre", "ul", "ol"), None) is None
            widths[cell.at] = max(widths[cell.at], _length(text) if known else WIDE_ROW)
    return widths


def _keep_short_columns(rows: Sequence[Row], columns: int, room: float) -> None:
    """Columns of a few letters get no more lines because another column has much text ("Item 10" next to a remark)."""
    lines = _natural(rows, columns)
    short = {at for at, letters in enumerate(lines) if letters <= KEPT}
    if sum(lines[at] + GAP for at in short) > KEPT_SHARE * room:
        return
    for _, cells in rows:
        for cell in cells:
            if cell.at in short and " " in "".join(map(str, cell.element.itertext())).strip():
                _mark(cell.element, "kept")


def _is_short(rows: Sequence[Row]) -> bool:
    return len(rows) <= SHORT_ROWS and sum(len(text) for row, _ in rows for text in row.itertext()) <= SHORT_TEXT


def _mark_long_rows(rows: Sequence[Row]) -> None:
    for row, cells in rows:
        if any(sum(map(len, cell.element.itertext())) > LONG_CELL for cell in cells):
            _mark(row, "long")


def _length(text: str) -> int:
    """Letters, of which an ideograph has the width of two."""
    return len(text) + sum(one >= "\u2e80" for one in text)


def _words(cell: Cell, text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        yield from JOINT.split(word) if cell.element.tag in HEADS and len(word) > SHORT else [word]


def _needs(widths: Sequence[int], whole: int) -> list[int]:
    """The width of each column if words of more than `whole` letters may break."""
    return [min(width, whole) + GAP for width in widths]


def _tighten(rows: Sequence[Row], widths: Sequence[int]) -> None:
    for _, cells in rows:
        for cell in cells:
            if cell.span == 1 and widths[cell.at] <= SHORT:
                _mark(cell.element, "whole")
            if cell.element.tag in HEADS:
                _joint(cell.element)


def _joint(head: etree._Element) -> None:
    """Lets long words break where their parts are joined."""
    for element in list(head.iter(etree.Element)):
        _broken(element, None, element.text)
        for child in list(element):
            _broken(element, child, child.tail)


def _broken(parent: etree._Element, before: etree._Element | None, text: str | None) -> None:
    """Puts `<wbr>` into the text that follows `before` in `parent`, or its first text."""
    if not text or all(len(word) <= SHORT for word in WORD.findall(text)):
        return
    first, *parts = JOINT.split(text)
    if before is None:
        parent.text, at = first, 0
    else:
        before.tail, at = first, parent.index(before) + 1
    for offset, part in enumerate(parts):
        joint = etree.Element("wbr")
        joint.tail = part
        parent.insert(at + offset, joint)


def _divide(table: etree._Element, rows: Sequence[Row], widths: Sequence[int], room: float) -> None:
    """Replaces the table by its parts: the first column, and as many others as fit."""
    parent = table.getparent()
    assert parent is not None
    around = etree.Element("div", {"class": "table-parts"})
    around.tail, table.tail = table.tail, None
    parent.replace(table, around)
    used = set[etree._Element]()
    for columns in column_parts.parts(_needs(widths, WHOLE), room):
        part = _part(table, rows, columns, used)
        around.append(part)
        own = list(_rows(part))
        tight = sum(widths[column] + GAP for column in columns) > room
        _tighten(own, [widths[column] for column in columns])
        _mark(part, "wide", "tight" * tight)


def _part(table: etree._Element, rows: Sequence[Row], columns: Sequence[int], used: set[etree._Element]) -> etree._Element:
    """A table of those columns. Cells that are `used` in another part already are repeated without identifiers."""
    again = bool(used)
    part = _like(table, again)
    groups = {table: part}
    part.extend(copy.deepcopy(child) for child in table if child.tag == "caption" and not again)
    for row, cells in rows:
        group = row.getparent()
        assert group is not None
        if group not in groups:
            groups[group] = _like(group, again)
            part.append(groups[group])
        new = _like(row, again)
        groups[group].append(new)
        for cell in cells:
            if covered := sum(cell.at <= column < cell.at + cell.span for column in columns):
                new.append(_copied(cell.element, covered, cell.element in used))
                used.add(cell.element)
    return part


def _like(element: etree._Element, again: bool) -> etree._Element:
    """Without its content."""
    new = etree.Element(element.tag)
    for name, value in element.attrib.items():
        if not (again and name == "id"):
            new.set(name, value)
    return new


def _copied(cell: etree._Element, span: int, again: bool) -> etree._Element:
    new = copy.deepcopy(cell)
    _without(new, "colspan")
    if span > 1:
        new.set("colspan", str(span))
    for each in new.iter() if again else ():
        _without(each, "id")
    return new


def _without(element: etree._Element, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]
