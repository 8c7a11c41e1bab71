"""Tables that are too wide for the page: on a page in landscape format, or with their columns in parts.

A page in landscape format is its own section (ECMA-376 part 1, 17.6): the last paragraph of a section has its properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from service.containers.packages import parse, serialize
from service.writers.docx.body import CONTENT_TYPES, R, add_relation, w
from service.writers.docx.schema_order import put
from service.writers.docx.stylesheet import StyleSheet, style_of

SIDE = 1134  # most twips of margin at the sides of a page in landscape format: 20 mm
ONCE = ("bookmarkStart", "bookmarkEnd", "footnoteReference", "endnoteReference")  # elements with a number are unique in a file
RELATIONS = "word/_rels/document.xml.rels"
ABOVE = ("Heading", "TableCaption")  # styles of paragraphs that belong to the table below


@dataclass(frozen=True, slots=True)
class Cell:
    """`column` is the first of the `span` columns that it covers."""

    element: etree._Element
    column: int
    span: int
    bold: bool


def cells_of(table: etree._Element) -> Iterator[Cell]:
    for row in table.findall(w("tr")):
        column, bold = 0, row.find(f"{w('trPr')}/{w('tblHeader')}") is not None
        for element in row.findall(w("tc")):
            wide = element.find(f"{w('tcPr')}/{w('gridSpan')}")
            span = max(1, int(wide.get(w("val"), "1"))) if wide is not None else 1
            yield Cell(element, column, span, bold)
            column += span


def divided(table: etree._Element, parts: Sequence[Sequence[int]]) -> list[etree._Element]:
    """Replaces `table` by one table for each part. Repeated content has no numbers and bookmarks."""
    made = [_part(table, columns, again=number > 0) for number, columns in enumerate(parts)]
    for part in reversed(made):
        table.addnext(part)
    parent = table.getparent()
    assert parent is not None
    parent.remove(table)
    return made


def _part(table: etree._Element, columns: Sequence[int], *, again: bool) -> etree._Element:
    part = deepcopy(table)
    for cell in list(cells_of(part)):
        covered = sum(cell.column <= column < cell.column + cell.span for column in columns)
        if not covered:
            cell.element.getparent().remove(cell.element)  # type: ignore[union-attr]
        elif cell.span > 1:
            put(cell.element, "tcPr", "gridSpan", val=covered)
        if again and cell.column == 0:
            for each in list(cell.element.iter(*map(w, ONCE))):
                each.getparent().remove(each)  # type: ignore[union-attr]
    return part


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of a section in twips."""

    width: int
    height: int
    margins: Mapping[str, int]

    @property
    def room(self) -> int:
        return self.width - sum(self.margins.values())

    @property
    def turned_room(self) -> int:
        """The text width of the page in landscape format; 0 if the page is in landscape format already."""
        return self.height - 2 * self.side if self.width < self.height else 0

    @property
    def side(self) -> int:
        return min(self.margins["left"], self.margins["right"], SIDE)


def sheet_of(top: etree._Element) -> Sheet:
    """The sheet of the first section of a word/document.xml."""
    size, margins = next(top.iter(w("pgSz"))), next(top.iter(w("pgMar")))
    width, height = (int(size.get(w(name), "0")) for name in "wh")
    return Sheet(width, height, {name: int(margins.get(w(name), "0")) for name in ("left", "right")})


def turn(top: etree._Element, tables: Sequence[etree._Element], parts: dict[str, bytes], styles: StyleSheet) -> None:
    """Puts each of `tables`, children of the body, on pages in landscape format, with the caption and headings above it.

    `parts` gain headers and footers for these pages.
    """
    last = top.find(f"{w('body')}/{w('sectPr')}")
    if last is None or not tables:
        return
    sheet = sheet_of(top)
    upright, turned = deepcopy(last), _turned(last, sheet)
    _widen_running_lines(turned, parts, styles, sheet)
    ends = set[etree._Element]()
    for table in tables:
        before = _before(table)
        if before in ends:  # on the pages of the table before it
            before.remove(before.find(w("pPr")))  # type: ignore[arg-type]
        else:
            _end(before, upright)
            upright = _without_first_page(upright)
        end = _gap()
        table.addnext(end)
        _end(end, turned)
        ends.add(end)
    body = last.getparent()
    assert body is not None
    body.replace(last, upright)


def _turned(section: etree._Element, sheet: Sheet) -> etree._Element:
    turned = _without_first_page(section)
    size, margins = next(turned.iter(w("pgSz"))), next(turned.iter(w("pgMar")))
    for name, value in (("w", str(sheet.height)), ("h", str(sheet.width)), ("orient", "landscape")):
        size.set(w(name), value)
    for name in ("left", "right"):
        margins.set(w(name), str(sheet.side))
    return turned


def _widen_running_lines(section: etree._Element, parts: dict[str, bytes], styles: StyleSheet, sheet: Sheet) -> None:
    """Gives the section its own headers and footers, with tab stops for the width of the page."""
    relations = {each.get("Id"): each for each in parse(parts[RELATIONS])}
    for reference in section.findall(w("headerReference")) + section.findall(w("footerReference")):
        relation = relations.get(reference.get(f"{{{R}}}id"))
        name = f"word/{relation.get('Target')}" if relation is not None else ""
        if relation is None or name not in parts:
            continue
        line = parse(parts[name])
        if not any(_widen(paragraph, styles, sheet) for paragraph in line.iter(w("p"))):
            continue
        identifier, part = f"{relation.get('Id')}turned", name.replace(".xml", "turned.xml")
        parts[part] = serialize(line)
        parts[RELATIONS] = add_relation(parts[RELATIONS], identifier, relation.get("Type", ""), part.removeprefix("word/"))
        _declare_like(parts, name, part)
        reference.set(f"{{{R}}}id", identifier)


def _widen(paragraph: etree._Element, styles: StyleSheet, sheet: Sheet) -> bool:
    """Whether the paragraph of a header or footer has tab stops that were moved."""
    style = styles.styles.get(style_of(paragraph))
    inherited = [] if style is None else style.findall(f"{w('pPr')}/{w('tabs')}/{w('tab')}")
    stops = paragraph.findall(f"{w('pPr')}/{w('tabs')}/{w('tab')}") or inherited
    if not stops or next(paragraph.iter(w("r")), None) is None:
        return False
    moved, kept = [deepcopy(each) for each in stops], {each.get(w("pos")) for each in inherited}
    for each in moved:
        each.set(w("pos"), str(round(int(each.get(w("pos"), "0")) * sheet.turned_room / sheet.room)))
    cleared = [etree.Element(w("tab"), {w("val"): "clear", w("pos"): str(pos)}) for pos in kept]
    put(paragraph, "pPr", "tabs")[:] = [*cleared, *moved]
    return True


def _declare_like(parts: dict[str, bytes], model: str, part: str) -> None:
    """Gives `part` the media type of `model`."""
    types = parse(parts["[Content_Types].xml"])
    for entry in types.findall(f"{{{CONTENT_TYPES}}}Override"):
        if entry.get("PartName") == f"/{model}":
            entry.addnext(etree.Element(str(entry.tag), PartName=f"/{part}", ContentType=entry.get("ContentType", "")))
    parts["[Content_Types].xml"] = serialize(types)


def _without_first_page(section: etree._Element) -> etree._Element:
    """The properties of a later section: its first page is not a title page, and its numbers continue."""
    later = deepcopy(section)
    for name in ("titlePg", "pgNumType"):
        for each in later.findall(w(name)):
            later.remove(each)
    return later


def _before(table: etree._Element) -> etree._Element:
    """The paragraph that ends before the table and what is above it; created if missing."""
    first = table
    for each in table.itersiblings(preceding=True):
        if each.tag == w("p"):
            if not style_of(each).startswith(ABOVE) or each.find(f"{w('pPr')}/{w('sectPr')}") is not None:
                return each
            first = each
        elif each.tag not in (w("bookmarkStart"), w("bookmarkEnd")):
            break
    made = _gap()
    first.addprevious(made)
    return made


def _end(paragraph: etree._Element, section: etree._Element) -> None:
    put(paragraph, "pPr", "sectPr")
    look = paragraph.find(w("pPr"))
    assert look is not None
    look.replace(look.find(w("sectPr")), deepcopy(section))  # type: ignore[arg-type]


def _gap() -> etree._Element:
    """A paragraph of no height."""
    paragraph = etree.Element(w("p"))
    put(paragraph, "pPr", "pStyle", val="BoxGap")
    return paragraph
