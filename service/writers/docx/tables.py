"""Tables: columns as wide as their content, words and numbers whole, the head on each page, space above and below.

The widths follow CSS 2.2, 17.5.2.2 (automatic layout): each column has space for its longest word, and columns that
need more share the rest. If the longest words do not fit, the type becomes smaller first. The program that shows the file
has its own fonts, so the widths of characters are estimates on the wide side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from service.model import column_parts
from service.writers.docx.body import w
from service.writers.docx.cell_widths import needed, text_of
from service.writers.docx.schema_order import properties, put
from service.writers.docx.stylesheet import StyleSheet, style_of
from service.writers.docx.wide_tables import Cell, cells_of, divided

CELL_MARGINS = 2 * 108  # twips, as in the style Table
SIZES = (19, 17, 15, 13)  # half points: the style's own, then smaller
PART_SIZES = SIZES[2:3]  # of tables in parts
SHORT_ROWS = 12  # rows of a table that stays on one page
FIRST_ROW = 0x0020  # w:tblLook (ECMA-376 part 1, 17.4.55)
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
FEW_COLUMNS = 6  # of a table that is not divided
LONG_ROW = 1_200  # characters: a row of more may break across pages
LINK = "Hyperlink"
AIR = 200  # twips above and below a table


@dataclass(slots=True)
class Column:
    """Twips at one half point of type: the longest word, and the longest line."""

    least: float = 0.0
    most: float = 0.0


@dataclass(slots=True)
class Layouts:
    """Lays out the tables of one part; `room` is the text width in twips, `scale` the ratio of the type to that of the style.

    `turned_room` is the text width of a page in landscape format, or 0; `turned` are the tables that need it.
    """

    styles: StyleSheet
    room: int
    rtl: bool
    scale: float = 1.0
    turned_room: int = 0
    rooms: dict[etree._Element, int] = field(default_factory=dict)
    turned: list[etree._Element] = field(default_factory=list)

    def lay_out(self, top: etree._Element) -> None:
        for table in list(top.iter(w("tbl"))):  # an outer table comes before those in it
            self._table(table)

    def _table(self, table: etree._Element) -> None:
        _drop_empty_head(table)
        cells = list(cells_of(table))
        count = max((cell.column + cell.span for cell in cells), default=0)
        holder = next(table.iterancestors(w("tc")), None)
        room = self.room if holder is None else self.rooms.get(holder, self.room) - CELL_MARGINS
        if not count:
            return
        columns, size = self._measured(cells, count, room)
        if _width_of(columns) > room and holder is None:
            columns, size, room = self._on_its_side(table, cells, columns, size)
        if _width_of(columns) > room and len(columns) > FEW_COLUMNS and next(table.iterdescendants(w("tbl")), None) is None:
            self._divide(table, cells, count, room)
            return
        self._lay_out(table, cells, columns, size, room)

    def _on_its_side(
        self, table: etree._Element, cells: Sequence[Cell], columns: list[Column], size: int
    ) -> tuple[list[Column], int, int]:
        """The columns, size and text width in landscape format, if that is wide enough; else unchanged."""
        parent = table.getparent()
        if self.turned_room and parent is not None and parent.tag == w("body"):
            found, other = self._measured(cells, len(columns), self.turned_room)
            if _width_of(found) <= self.turned_room:
                self.turned.append(table)
                return found, other, self.turned_room
        return columns, size, self.room

    def _divide(self, table: etree._Element, cells: Sequence[Cell], count: int, room: int) -> None:
        """Divides the columns into parts, each with the first column again."""
        columns, _ = self._measured(cells, count, room, PART_SIZES)
        for part in divided(table, column_parts.parts([round(column.least) for column in columns], room)):
            own = list(cells_of(part))
            number = max((cell.column + cell.span for cell in own), default=0)
            self._lay_out(part, own, *self._measured(own, number, room, PART_SIZES), room)

    def _lay_out(self, table: etree._Element, cells: Sequence[Cell], columns: list[Column], size: int, room: int) -> None:
        widths, count = shared(columns, room), len(columns)
        asked = _asked(table, count)
        if asked and all(wish * room >= column.least for wish, column in zip(asked, columns, strict=True)):
            widths = [wish * room for wish in asked]
        if self.rtl:  # Word and LibreOffice place such a narrow table at different sides
            widths = [width * room / sum(widths) for width in widths]
        self._set(table, cells, [round(width) for width in widths], size)
        _settle_rows(table)
        _keep_together(table)
        _name(table)
        if self.rtl:
            put(table, "tblPr", "bidiVisual")
        self._air(table)

    def _measured(self, cells: Sequence[Cell], count: int, room: int, sizes: Sequence[int] = SIZES) -> tuple[list[Column], int]:
        """The needs of the columns, and the font size at which the longest words fit: half points, 0 for that of the style."""
        for size in sizes:
            columns = [Column(CELL_MARGINS, CELL_MARGINS) for _ in range(count)]
            for cell in sorted(cells, key=lambda each: each.span):
                _widen(columns, cell, size * self.scale, self.styles)
            if _width_of(columns) <= room:
                break
        return columns, 0 if size == SIZES[0] else round(size * self.scale)

    def _set(self, table: etree._Element, cells: Sequence[Cell], widths: Sequence[int], size: int) -> None:
        put(table, "tblPr", "tblW", type="dxa", w=sum(widths))
        put(table, "tblPr", "tblLayout", type="fixed")
        grid = table.find(w("tblGrid"))
        if grid is None:
            grid = etree.Element(w("tblGrid"))
            properties(table, "tblPr").addnext(grid)
        grid[:] = [etree.Element(w("gridCol"), {w("w"): str(width)}) for width in widths]
        for cell in cells:
            width = sum(widths[cell.column : cell.column + cell.span])
            put(cell.element, "tcPr", "tcW", type="dxa", w=width)
            self.rooms[cell.element] = width
            for run in cell.element.iter(w("r")) if size else ():
                put(run, "rPr", "sz", val=size)
                put(run, "rPr", "szCs", val=size)

    def _air(self, table: etree._Element) -> None:
        """Space between a table and the text around it: a table has no such space in Word."""
        before, after = _neighbour(table, -1), _neighbour(table, 1)
        if before is not None and before.tag == w("p") and self._spacing(before, "after") < AIR // 2:
            put(before, "pPr", "spacing", after=AIR)
        if after is not None and after.tag == w("p") and self._spacing(after, "before") < AIR:
            put(after, "pPr", "spacing", before=AIR)
        if after is not None and after.tag == w("tbl"):
            gap = etree.Element(w("p"))  # two tables without a paragraph between them are one
            put(gap, "pPr", "pStyle", val="BoxGap")
            put(gap, "pPr", "spacing", before=AIR)
            table.addnext(gap)

    def _spacing(self, paragraph: etree._Element, side: str) -> int:
        own = paragraph.find(f"{w('pPr')}/{w('spacing')}")
        value = own.get(w(side)) if own is not None else None
        return int(value) if value is not None else self.styles.number(style_of(paragraph), "pPr/spacing", side)


def _neighbour(table: etree._Element, step: int) -> etree._Element | None:
    found = table
    while True:
        following = found.getnext() if step > 0 else found.getprevious()
        if following is None or following.tag in (w("p"), w("tbl")):
            return following
        found = following


def _asked(table: etree._Element, count: int) -> list[float]:
    """The shares of the columns if the article sets them: pandoc then writes the table's width, else equal columns."""
    width = table.find(f"{w('tblPr')}/{w('tblW')}")
    columns = [int(column.get(w("w"), "0")) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
    if width is None or width.get(w("type")) != "pct" or len(columns) != count or max(columns) - min(columns) < 2:
        return []
    share = min(1.0, int(width.get(w("w"), "5000")) / 5_000)
    return [column / sum(columns) * share for column in columns]


def _widen(columns: list[Column], cell: Cell, size: float, styles: StyleSheet) -> None:
    least, most = needed(cell, size, styles)
    covered = columns[cell.column : cell.column + cell.span]
    for name, wanted in (("least", least), ("most", most)):
        lacking = wanted + CELL_MARGINS - sum(getattr(column, name) for column in covered)
        for column in covered if lacking > 0 else ():
            setattr(column, name, getattr(column, name) + lacking / len(covered))
    for column in covered:
        column.most = max(column.most, column.least)


def _width_of(columns: Sequence[Column]) -> float:
    """The widths of the longest words."""
    return sum(column.least for column in columns)


def shared(columns: Sequence[Column], room: float) -> list[float]:
    """The widths of the columns within `room`: as wide as needed, else the longest word and a share of the rest."""
    most, least = sum(column.most for column in columns), sum(column.least for column in columns)
    if most <= room:
        return [column.most for column in columns]
    if least >= room:
        return [column.least * room / least for column in columns]
    wishes = [min(column.most, room) - min(column.least, room) for column in columns]
    left = (room - least) / sum(wishes)
    return [column.least + wish * left for column, wish in zip(columns, wishes, strict=True)]


def _name(table: etree._Element) -> None:
    """Sets the caption also as the title of the table's alternative text."""
    before = _neighbour(table, -1)
    if before is not None and style_of(before) == "TableCaption" and (said := " ".join(text_of(before).split())):
        put(table, "tblPr", "tblCaption", val=said[:250])


def _drop_empty_head(table: etree._Element) -> None:
    """Removes a head without words and pictures: Word would show an empty row between two rules."""
    rows = table.findall(w("tr"))
    heads = [row for row in rows if row.find(f"{w('trPr')}/{w('tblHeader')}") is not None]
    if not heads or len(heads) == len(rows) or any(_holds(row) for row in heads):
        return
    for row in heads:
        table.remove(row)
    look = table.find(f"{w('tblPr')}/{w('tblLook')}")
    if look is not None:
        look.set(w("firstRow"), "0")
        look.set(w("val"), f"{int(look.get(w('val'), '0'), 16) & ~FIRST_ROW:04X}")


def _holds(row: etree._Element) -> bool:
    return any((text.text or "").strip() for text in row.iter(w("t"))) or next(row.iter(w("drawing"), MATH), None) is not None


def _keep_together(table: etree._Element) -> None:
    """Keeps a short table on one page: each paragraph with the next row, except in the last row."""
    rows = table.findall(w("tr"))
    if len(rows) <= SHORT_ROWS:
        for paragraph in (each for row in rows[:-1] for each in row.iter(w("p"))):
            put(paragraph, "pPr", "keepNext")


def _settle_rows(table: etree._Element) -> None:
    """Rows do not break across pages, except rows that are too long."""
    for row in table.findall(w("tr")):
        look = row.find(w("trPr"))
        if look is None:
            look = etree.Element(w("trPr"))
            row.insert(0, look)
        if look.find(w("tblHeader")) is not None:
            _readable_head(row)
        if look.find(w("cantSplit")) is None and sum(len(text.text or "") for text in row.iter(w("t"))) < LONG_ROW:
            look.insert(0, etree.Element(w("cantSplit")))


def _readable_head(row: etree._Element) -> None:
    """Gives links and marked words in a head a readable colour: some profiles have dark heads with white text."""
    for run in row.iter(w("r")):
        style = run.find(f"{w('rPr')}/{w('rStyle')}")
        if run.find(f"{w('rPr')}/{w('highlight')}") is not None:
            put(run, "rPr", "color", val="000000")
        elif style is not None and style.get(w("val")) == LINK:
            put(run, "rPr", "color", val="auto")
