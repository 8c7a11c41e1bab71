"""HTML tables → pandoc's: spans, sections and caption. Content of a table outside its cells follows the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.ast import tables
from service.ast.html.attributes import alignment, attributes_of
from service.ast.html.shape import anchored
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Attr, Node, attr, plain

if TYPE_CHECKING:
    from service.ast.html import Converter

SPAN = re.compile(r"\s*(\d{1,6})")
SECTIONS = frozenset({"thead", "tbody", "tfoot"})


@dataclass
class Parts:
    """The parts of a table; `bodies` are its rows in one body, or empty."""

    head: list[Element] = field(default_factory=list)
    bodies: list[list[Element]] = field(default_factory=list)
    foot: list[Element] = field(default_factory=list)
    captions: list[Element] = field(default_factory=list)
    strays: list[str | Element] = field(default_factory=list)
    places: dict[Element, str] = field(default_factory=dict)  # first row of a section → the section's identifier


def table_of(converter: Converter, element: Element, attributes: Attr) -> list[Node]:
    parts = taken_apart(element)
    if not parts.head and parts.bodies and _is_head(parts.bodies[0][0]):
        parts.head.append(parts.bodies[0].pop(0))
    sections = [[_row(converter, row, parts) for row in rows] for rows in (parts.head, *parts.bodies, parts.foot)]
    caption = [block for one in parts.captions for block in anchored(converter.blocks_in(one), one.get("id"))]
    after = converter.blocks_of(parts.strays)
    if not any(sections):
        return [*caption, *after]
    bodies = [rows for rows in sections[1:-1] if rows]
    return [tables.table(sections[0], bodies, sections[-1], caption, attributes), *after]


def taken_apart(element: Element) -> Parts:
    """Nested tables stay in their cells: only the table's own rows are read."""
    parts = Parts()
    if element.tag in ("tr", "td", "th"):
        parts.bodies.append([element if element.tag == "tr" else _row_around(element)])
        return parts
    for each in element.elements():
        first = next(each.elements(), None)
        if each.tag in SECTIONS and first is not None and each.get("id"):
            parts.places[first] = attributes_of(each)[0]
    for section, part in _members(element):
        if isinstance(part, str) or part.tag not in {"tr", "caption"}:
            parts.strays.append(part)
        elif part.tag == "caption":
            parts.captions.append(part)
        elif section == "thead":
            parts.head.append(part)
        elif section == "tfoot":
            parts.foot.append(part)
        elif parts.bodies:
            parts.bodies[-1].append(part)
        else:
            parts.bodies.append([part])
    return parts


def _members(element: Element) -> Iterator[tuple[str, str | Element]]:
    """The content of the table, each part with the name of its section."""
    for part in element.children:
        if isinstance(part, str):
            if part.strip():
                yield "", part
        elif part.tag in SECTIONS:
            yield from ((part.tag, inner) for _, inner in _members(part))
        elif part.tag not in {"colgroup", "col"} or part.text().strip():
            yield element.tag if element.tag in SECTIONS else "", part


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def is_layout(element: Element) -> bool:
    """Whether a table is a layout: by its role (WAI-ARIA 1.2, `presentation`), or as one column with headings or tables in it."""
    if element.tag != "table":
        return False
    if element.get("role") in ("presentation", "none"):
        return True
    rows = [part for _, part in _members(element)]
    if any(isinstance(row, str) or row.tag != "tr" for row in rows):
        return False
    cells = [[part.tag for part in row.elements()] for row in rows if isinstance(row, Element)]
    holds = any(each.tag in HEADINGS or each.tag == "table" for each in element.below())
    return holds and all(tags == ["td"] for tags in cells)


def laid_out(element: Element) -> Iterator[str | Element]:
    """The cells of a table, row by row, and the content outside of them."""
    for _, part in _members(element):
        if isinstance(part, Element) and part.tag == "tr":
            yield from (each for each in part.children if not isinstance(each, str) or each.strip())
        else:
            yield part


def _row_around(cell: Element) -> Element:
    row = Element("tr", line=cell.line)
    row.children.append(cell)
    return row


def _is_head(row: Element) -> bool:
    cells = [part.tag for part in row.elements() if part.tag in ("td", "th")]
    return bool(cells) and set(cells) == {"th"}


def _row(converter: Converter, row: Element, parts: Parts) -> tables.Row:
    cells = []
    places = [place for place in (parts.places.get(row, ""), attributes_of(row)[0]) if place]
    for part in row.children:
        if not isinstance(part, str) and part.tag in ("td", "th"):
            cells.append(_cell(converter, part, alignment(row), places))
            places = []
        elif not isinstance(part, str) or part.strip():
            parts.strays.append(part)
    return [attr(), cells]


def _cell(converter: Converter, element: Element, align: str, places: Sequence[str]) -> tables.Row:
    """`places` are the identifiers of the row, in its first cell: the AST's rows and cells are not targets of links."""
    blocks = converter.blocks_in(element)
    if len(blocks) == 1 and blocks[0]["t"] == "Para":
        blocks = [plain(blocks[0]["c"])]
    identifier, _, pairs = attributes_of(element)
    for place in (identifier, *reversed(places)):
        blocks = anchored(blocks or [plain([])], place)
    own = attr(pairs={key: value for key, value in pairs if key in ("lang", "dir")})
    blocks = [] if blocks == [plain([])] else blocks
    return tables.cell(blocks, _span(element, "rowspan"), _span(element, "colspan"), alignment(element) or align, own)


def _span(element: Element, name: str) -> int:
    """0 means "to the end" in HTML; the grid cuts it to that."""
    found = SPAN.match(element.get(name, "1"))
    number = int(found[1]) if found else 1
    return number or tables.MAX_ROWS
