"""While WeasyPrint builds the structure tree: which of its elements stands for which place, and how a list is numbered.

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
            yield element

    build.plain = plain  # type: ignore[attr-defined]
    tags._build_box_tree = build


def _numbering(box: Any) -> str:
    style = box.style["list_style_type"]
    return NUMBERING.get(style if isinstance(style, str) else "", "Decimal" if box.element_tag == "ol" else "Disc")
