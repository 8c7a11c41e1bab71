"""The names of WordprocessingML (ECMA-376 part 1) for the DOCX reader."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
VML = "urn:schemas-microsoft-com:vml"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
# The prefixes that pandoc expects.
PREFIXES = {"w": W, "r": R, "a": A, "pic": PIC, "wp": WP, "v": VML, "m": MATH}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def w(name: str) -> str:
    return f"{{{W}}}{name}"


RUN, TEXT, PARAGRAPH, BOX = w("r"), w("t"), w("p"), w("txbxContent")
BLIP, DRAWN_TEXT = f"{{{A}}}blip", f"{{{A}}}t"
IMAGE_DATA = f"{{{VML}}}imagedata"


def run(text: str) -> etree._Element:
    """A run of plain text."""
    element = etree.Element(RUN)
    inside = etree.SubElement(element, TEXT)
    inside.text = text
    inside.set(SPACE, "preserve")
    return element


def spliced(element: etree._Element) -> None:
    """Replaces `element` by its children. Text between them is layout, not content."""
    replaced(element, list(element))


def replaced(element: etree._Element, instead: Iterable[etree._Element]) -> None:
    """Replaces `element` by `instead`, without counting siblings, which takes long if there are many."""
    parent = element.getparent()
    if parent is not None:
        for each in instead:
            element.addprevious(each)
        parent.remove(element)
