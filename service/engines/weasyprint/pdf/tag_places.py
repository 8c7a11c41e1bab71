"""While WeasyPrint builds the structure tree: which of its elements represents which place, and how a list is numbered.

A structure destination (PDF 2.0) leads to an element of the tree, and the attribute ListNumbering is of the list's own style.
Both are known only while boxes and elements are side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

from service.engines.weasyprint.pdf import structure_destinations

FORMULA, NOTE, CALL, BACK = "formula", "foot-note", "footnote-ref", "footnote-back"  # classes of service.writers.page
# Styles of a marker → ListNumbering (ISO 32000-1, table 347); all others are set as what they look like most.
NUMBERING = {
    "none": "None", "disc": "Disc", "circle": "Circle", "square": "Square", "decimal": "Decimal", "lower-roman": "LowerRoman",
    "upper-roman": "UpperRoman", "lower-alpha": "LowerAlpha", "lower-latin": "LowerAlpha", "upper-alpha": "UpperAlpha",
    "upper-latin": "UpperAlpha",
}  # fmt: skip


def install() -> None:
    """Stands around WeasyPrint's builder. Idempotent."""
    plain = tags._build_box_tree
    if hasattr(plain, "plain"):
        return

    def build(box: Any, parent: Any, pdf: Any, page: int, *rest: Any) -> Iterator[Any]:
        seen = box._box if isinstance(box, AbsolutePlaceholder) else box
        if isinstance(seen, boxes.MarginBox):
            return  # an artifact (`margin_artifacts`)
        if isinstance(seen, boxes.PageBox) or seen.element is None or seen.element_tag in ("html", "body"):
            yield from plain(box, parent, pdf, page, *rest)
            return
        places = structure_destinations.places(pdf)
        at = len(places.bookmarks)
        has_bookmark = seen.bookmark_label and seen.style["bookmark_level"] != "none"
        if has_bookmark:
            places.bookmarks.append(b"")  # in the order of the boxes: those in it come after
        for element in plain(box, parent, pdf, page, *rest):
            reference = element.reference
            if has_bookmark and not places.bookmarks[at]:
                places.bookmarks[at] = reference
            if anchor := seen.style["anchor"]:
                places.anchors.setdefault(anchor, reference)
            if element["S"] == "/L" and "A" not in element:
                element["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": f"/{_numbering(seen)}"})
            _relate(places, seen.element, element)
            yield element

    build.plain = plain  # type: ignore[attr-defined]
    tags._build_box_tree = build


def _relate(places: structure_destinations.Places, source: Any, element: Any) -> None:
    """The role of a formula and its MathML; the notes, and the links that call them."""
    names = (source.get("class") or "").split()
    if FORMULA in names and element["S"] == "/Figure":
        element["S"] = "/Formula"
        if mathml := source.get("data-mathml"):
            places.formulas.append((element, mathml))
    if NOTE in names and element["S"] == "/Span":
        first = places.notes.setdefault(source.get("id") or "", element)
        if first is not element and first.reference in element["K"]:
            places.notes[source.get("id") or ""] = element  # what is in it came before
        elif first is not element:
            places.continued.append(element)  # on the next page
    elif CALL in names and element["S"] == "/Link":
        places.calls.setdefault((source.get("href") or "").removeprefix("#"), []).append(element)
    elif source.tag == "li" and element["S"] == "/LI" and any(each.get("class") == BACK for each in source.iter("a")):
        places.notes.setdefault(source.get("id") or "", element)


def _numbering(box: Any) -> str:
    style = box.style["list_style_type"]
    return NUMBERING.get(style if isinstance(style, str) else "", "Decimal" if box.element_tag == "ol" else "Disc")
