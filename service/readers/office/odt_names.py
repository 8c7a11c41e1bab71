"""The names of OpenDocument (ODF 1.3 part 3) for the ODT reader."""

from __future__ import annotations

from lxml import etree

NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
OFFICE, TEXT, TABLE, STYLE = (NAMESPACE.format(name) for name in ("office", "text", "table", "style"))
DRAW = NAMESPACE.format("drawing")
META = NAMESPACE.format("meta")
SVG = NAMESPACE.format("svg-compatible")
DC = "http://purl.org/dc/elements/1.1/"
HREF = "{http://www.w3.org/1999/xlink}href"


def t(name: str) -> str:
    return f"{{{TEXT}}}{name}"


def d(name: str) -> str:
    return f"{{{DRAW}}}{name}"


def tb(name: str) -> str:
    return f"{{{TABLE}}}{name}"


BODY = f"{{{OFFICE}}}text"
PARAGRAPH, HEADING, LIST, SECTION, LINK = t("p"), t("h"), t("list"), t("section"), t("a")
TABLES, CELL, ITEM, NOTE = tb("table"), tb("table-cell"), t("list-item"), t("note-body")
FRAME, IMAGE, BOX = d("frame"), d("image"), d("text-box")
LINES = frozenset({PARAGRAPH, HEADING})
BLOCKS = LINES | {LIST, SECTION, TABLES}


def words(element: etree._Element) -> str:
    """The text in an element."""
    return "".join(map(str, element.itertext()))


def paragraph(text: str = "") -> etree._Element:
    element = etree.Element(PARAGRAPH)
    element.text = text
    return element
