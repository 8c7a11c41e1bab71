"""Changes of lxml elements that keep the text around them."""

from __future__ import annotations

from lxml import etree


def dissolve(element: etree._Element) -> None:
    """Removes the element, but keeps its content and the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    index = parent.index(element)
    children = list(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    _append_text(parent, index, element.text)
    _append_text(parent, index + len(children), element.tail)
    parent.remove(element)


def _append_text(parent: etree._Element, index: int, text: str | None) -> None:
    """`text` before the child at `index`."""
    if not text:
        return
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def replace(old: etree._Element, new: etree._Element) -> None:
    """Replaces `old` by `new`, before the text that follows."""
    new.tail, old.tail = old.tail, None
    parent = old.getparent()
    if parent is not None:
        parent.replace(old, new)
