"""Checks that every letter of the HTML is on a page, in the boxes of WeasyPrint's layout.

WeasyPrint drops content that it cannot place: a table head that is taller than a page, a row that may not break. `install`
counts the letters of each element before the layout and after it, and raises TextLost with the elements that lost some.
Then `loosen` permits breaks anywhere around them, and the page is laid out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import weasyprint.document
from weasyprint.formatting_structure.boxes import TextBox

MARK = "data-breaking"
TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
# First a part may break at each end of a page. Then its tables are set as blocks, one cell below the other.
FREELY, AS_BLOCKS = "freely", "blocks"
LOOSE = f"""
[{MARK}] {{ break-inside: auto !important; break-before: auto !important; break-after: auto !important;
  float: none !important; position: static !important; height: auto !important; max-height: none !important }}
thead[{MARK}], tfoot[{MARK}] {{ display: table-row-group !important }}
[{MARK}={AS_BLOCKS}] {{ display: block !important; width: auto !important }}
"""
GENERATED = ("::before", "::after", "::marker", "::footnote-call", "::footnote-marker")


class TextLost(Exception):
    """`elements` lost letters when their pages were laid out."""

    def __init__(self, elements: Sequence[Any]) -> None:
        super().__init__(f"{len(elements)} elements lost text, the first: {excerpt(elements)!r}")
        self.elements = elements


def excerpt(elements: Sequence[Any]) -> str:
    """The beginning of the text that was lost."""
    return " ".join(" ".join("".join(each.itertext()) for each in elements[:3]).split())[:80]


def loosen(root: Any, elements: Iterable[Any], how: str) -> None:
    """Marks the elements, their ancestors and the parts of their tables; LOOSE is the style of marked elements."""
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in elements:
        outermost, each = None, element
        while each is not None:
            each.set(MARK, how)
            outermost = each if each.tag == "table" else outermost
            each = parents.get(each)
        if how == AS_BLOCKS and outermost is not None:
            for part in outermost.iter():
                if part.tag in TABLE_PARTS:
                    part.set(MARK, how)


def _count(box: Any, bottom: float | None, found: dict[Any, int]) -> None:
    """Adds to `found`, element → number of its characters that are not blanks, the texts in `box` that begin above `bottom`."""
    waiting = [box]
    while waiting:
        box = waiting.pop()
        if isinstance(box, TextBox):
            if not (box.element_tag or "").endswith(GENERATED) and (bottom is None or box.position_y < bottom):
                found[box.element] = found.get(box.element, 0) + len("".join(box.text.split()))
        elif (children := getattr(box, "children", None)) and not box.is_running():
            waiting.extend(children)


def _unseen(box: Any) -> set[Any]:
    """The elements whose text the author hides: by a font size of 0, or by `max-lines`."""
    found, waiting = set[Any](), [(box, False)]
    while waiting:
        box, hidden = waiting.pop()
        if isinstance(box, TextBox):
            found |= {box.element} if hidden or not box.style["font_size"] else set()
        else:
            hidden = hidden or box.style["continue"] == "discard"
            waiting += ((child, hidden) for child in getattr(box, "children", ()))
    return found


class Checked:
    """Replaces `layout_document`."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain

    def __call__(self, html: Any, root_box: Any, context: Any, *rest: Any) -> list[Any]:
        """The pages. Raises TextLost if letters of the document are on no page."""
        before, after = dict[Any, int](), dict[Any, int]()
        for box in (root_box, *context.footnotes):
            _count(box, None, before)
        pages = list(self.plain(html, root_box, context, *rest))
        for page in pages:
            _count(page, page.margin_height(), after)
        lost = [element for element, count in reversed(before.items()) if element is not None and after.get(element, 0) < count]
        unseen = _unseen(root_box) if lost else set()
        lost = [element for element in lost if element not in unseen]
        if lost:
            raise TextLost(lost)
        return pages


def install() -> None:
    """Makes WeasyPrint count. Idempotent."""
    if not isinstance(weasyprint.document.layout_document, Checked):
        weasyprint.document.layout_document = Checked(weasyprint.document.layout_document)
