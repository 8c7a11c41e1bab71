"""The directions of the paragraphs of a DOCX (`w:bidi`), which pandoc passes over: those unlike the rest are marked.

The main direction is that of most letters. A paragraph of the other one has a stand-in before its text, by which the block
that pandoc made of it gets the attribute `dir`. A style's own direction counts where the paragraph names none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from service.ast.pandoc_ast import Node, attr, div, para, plain, span, walk
from service.containers import packages
from service.readers.office.inserts import Inserts
from service.readers.office.word_names import PARAGRAPH, TEXT, w
from service.readers.office.word_package import KNOWN

PROPERTIES, BIDI = w("pPr"), w("bidi")
OFF = frozenset({"0", "false", "off"})
MOST_BASES = 20  # styles may be based on each other in a circle
OTHER = {"rtl": "ltr", "ltr": "rtl"}


class Directions:
    """Those of one document. `mark` changes the trees of its parts in place, `placed` the blocks that pandoc made of them."""

    def __init__(self, parts: Mapping[str, bytes], tops: Sequence[etree._Element], inserts: Inserts) -> None:
        self._styles = _styles(parts)
        self._inserts = inserts
        self._mark = ""
        letters = Counter({"ltr": 0})
        for top in tops:
            for paragraph in top.iter(PARAGRAPH):
                letters[self._direction(paragraph)] += sum(len(text.text or "") for text in paragraph.iter(TEXT))
        self.main = letters.most_common(1)[0][0]

    def mark(self, top: etree._Element) -> None:
        for paragraph in top.iter(PARAGRAPH):
            first = next((text for text in paragraph.iter(TEXT) if (text.text or "").strip()), None)
            if first is not None and self._direction(paragraph) != self.main:
                self._mark = self._mark or self._inserts.mark()
                first.text = self._mark + (first.text or "")

    def placed(self, blocks: Sequence[Node]) -> list[Node]:
        """`blocks` with the direction of each paragraph and heading that has the other one."""
        if not self._mark:
            return list(blocks)
        directed = walk(blocks, self._directed, {"Para", "Plain", "Header"})
        return walk(directed, self._unmarked, {"Str", "Code", "CodeBlock"})

    def _directed(self, node: Node) -> Node:
        inlines = node["c"][2] if node["t"] == "Header" else node["c"]
        if not _holds(inlines, self._mark):
            return node
        pairs = {"dir": OTHER[self.main]}
        if node["t"] == "Header":
            level, (identifier, classes, given), inner = node["c"]
            return {"t": "Header", "c": [level, attr(identifier, classes, dict(given) | pairs), inner]}
        if node["t"] == "Plain":
            return plain([span(inlines, attr(pairs=pairs))])
        return div([para(inlines)], attr(pairs=pairs))

    def _unmarked(self, node: Node) -> Node:
        content = node["c"]
        if node["t"] == "Str":
            return {"t": "Str", "c": content.replace(self._mark, "")}
        return {"t": node["t"], "c": [content[0], content[1].replace(self._mark, "")]}

    def _direction(self, paragraph: etree._Element) -> str:
        properties = paragraph.find(PROPERTIES)
        own = _said(properties)
        if own is None and properties is not None:
            style = properties.find(w("pStyle"))
            own = self._of_style(style.get(w("val"), "") if style is not None else "")
        return "rtl" if own else "ltr"

    def _of_style(self, style: str) -> bool | None:
        for _ in range(MOST_BASES):
            own, base = self._styles.get(style, (None, ""))
            if own is not None or not base:
                return own
            style = base
        return None


def _styles(parts: Mapping[str, bytes]) -> dict[str, tuple[bool | None, str]]:
    """Paragraph style → whether it is from right to left, None where it does not say, and the style it is based on."""
    data = parts.get(KNOWN["styles"], b"")
    found: dict[str, tuple[bool | None, str]] = {}
    for style in packages.parse(data).iter(w("style")) if data.strip() else ():
        base = style.find(w("basedOn"))
        found[style.get(w("styleId"), "")] = _said(style.find(PROPERTIES)), base.get(w("val"), "") if base is not None else ""
    return found


def _said(properties: etree._Element | None) -> bool | None:
    bidi = properties.find(BIDI) if properties is not None else None
    return None if bidi is None else bidi.get(w("val"), "true").lower() not in OFF


def _holds(value: Any, mark: str) -> bool:
    """Whether a text within the inlines has the stand-in; notes have blocks of their own."""
    if isinstance(value, str):
        return mark in value
    if isinstance(value, dict):
        return value.get("t") != "Note" and _holds(value.get("c"), mark)
    return isinstance(value, list) and any(_holds(each, mark) for each in value)
