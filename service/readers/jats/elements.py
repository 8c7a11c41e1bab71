"""Changes of single elements of a JATS tree."""

from __future__ import annotations

from lxml import etree


def append(element: etree._Element, text: str) -> None:
    """`text` at the end of the element's content."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def removed(element: etree._Element) -> None:
    """Removes the element, and keeps the text after it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def local(element: etree._Element) -> str:
    """The name of the element without its namespace."""
    return etree.QName(element).localname
