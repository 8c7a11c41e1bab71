"""The layout of the paragraphs of a DOCX, which pandoc ignores: direction, alignment and page breaks.

A paragraph of the other direction than most letters (`w:bidi`, also by its style), and one that is centred or set to the far
edge (`w:jc` of its own), has a stand-in before its text, by which the block that pandoc made of it gets its attributes. A page
break before or after the text of a paragraph becomes a paragraph of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from service.ast.pandoc_ast import Node, attr, div, para, plain, span, walk
from service.containers import packages
from service.readers.office.inserts import Inserts
from service.readers.office.word_names import PARAGRAPH, TEXT, run, w
from service.readers.office.word_package import KNOWN

PROPERTIES, BIDI = w("pPr"), w("bidi")
OFF = frozenset({"0", "false", "off"})
MOST_BASES = 20  # styles may be based on each other in a circle
OTHER = {"rtl": "ltr", "ltr": "rtl"}
ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}
CONTENT = (TEXT, w("drawing"), w("pict"), w("object"), w("tab"), w("footnoteReference"), w("endnoteReference"))


class Paragraphs:
    """Those of one document. `mark` changes the trees of its parts in place, `placed` the blocks that pandoc made of them."""

    def __init__(self, parts: Mapping[str, bytes], tops: Sequence[etree._Element], inserts: Inserts) -> None:
        self._styles = _styles(parts)
        self._inserts = inserts
        self._said: dict[tuple[tuple[str, str], ...], str] = {}  # attributes → stand-in
        letters = Counter({"ltr": 0})
        for top in tops:
            for paragraph in top.iter(PARAGRAPH):
                letters[self._direction(paragraph)] += sum(len(text.text or "") for text in paragraph.iter(TEXT))
        self.main = letters.most_common(1)[0][0]

    def mark(self, top: etree._Element) -> None:
        for paragraph in list(top.iter(PARAGRAPH)):
            first = next((text for text in paragraph.iter(TEXT) if (text.text or "").strip()), None)
            said = tuple(self._attributes(paragraph)) if first is not None else ()
            if first is not None and said:
                if said not in self._said:
                    self._said[said] = self._inserts.mark()
                first.text = self._said[said] + (first.text or "")
        for paragraph in list(top.iterfind(f"{w('body')}/{PARAGRAPH}")):
            self._divide(paragraph)

    def placed(self, blocks: Sequence[Node]) -> list[Node]:
        """`blocks` with what each paragraph and heading says."""
        if not self._said:
            return list(blocks)
        attributes = {mark: dict(said) for said, mark in self._said.items()}
        gone = str.maketrans("", "", "".join(attributes))

        def unmarked(node: Node) -> Node:
            if node["t"] == "Str":
                return {"t": "Str", "c": node["c"].translate(gone)}
            return {"t": node["t"], "c": [node["c"][0], node["c"][1].translate(gone)]}

        given = walk(blocks, lambda node: _given(node, attributes), {"Para", "Plain", "Header"})
        return walk(given, unmarked, {"Str", "Code", "CodeBlock"})

    def _attributes(self, paragraph: etree._Element) -> Iterator[tuple[str, str]]:
        direction = self._direction(paragraph)
        if direction != self.main:
            yield "dir", OTHER[self.main]
        own = paragraph.find(f"{PROPERTIES}/{w('jc')}")
        align = ALIGNMENTS.get(own.get(w("val"), "")) if own is not None else None
        if align == "center" or (align and direction == "ltr"):
            yield "align", align

    def _direction(self, paragraph: etree._Element) -> str:
        properties = paragraph.find(PROPERTIES)
        own = _is_right_to_left(properties)
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

    def _divide(self, paragraph: etree._Element) -> None:
        """A page break before the text goes before the paragraph, one after it behind; one within stays a line end."""
        before, after = _breaks(paragraph)
        for is_there, add in ((before, paragraph.addprevious), (after, paragraph.addnext)):
            if is_there:
                mark = self._inserts.mark()
                self._inserts.set(mark, [div([], attr(classes=["page-break"]))])
                alone = etree.Element(PARAGRAPH)
                alone.append(run(mark))
                add(alone)


def _breaks(paragraph: etree._Element) -> tuple[bool, bool]:
    """Whether a page break is before, and after the content of a paragraph; removes both from it."""
    own = paragraph.find(f"{PROPERTIES}/{w('pageBreakBefore')}")
    before, after = own is not None and own.get(w("val"), "true").lower() not in OFF, False
    is_empty = True
    trailing: list[etree._Element] = []
    for each in list(paragraph.iter(w("br"), *CONTENT)):
        if each.tag == w("br") and each.get(w("type")) == "page":
            if is_empty:
                before = True
                packages.take_out(each)
            else:
                trailing.append(each)
        elif each.tag != TEXT or (each.text or "").strip():
            is_empty, trailing = False, []
    for each in trailing:
        after = True
        packages.take_out(each)
    return before, after


def _given(node: Node, attributes: Mapping[str, Mapping[str, str]]) -> Node:
    """A block with the attributes of its stand-in: a heading has them itself, a paragraph gets a division, a cell a span."""
    inlines = node["c"][2] if node["t"] == "Header" else node["c"]
    pairs = next((given for mark, given in attributes.items() if _holds(inlines, mark)), None)
    if pairs is None:
        return node
    if node["t"] == "Header":
        level, (identifier, classes, own), inner = node["c"]
        return {"t": "Header", "c": [level, attr(identifier, classes, {**dict(own), **pairs}), inner]}
    if node["t"] == "Plain":
        directed = {key: value for key, value in pairs.items() if key == "dir"}
        return plain([span(inlines, attr(pairs=directed))]) if directed else node
    return div([para(inlines)], attr(pairs=pairs))


def _styles(parts: Mapping[str, bytes]) -> dict[str, tuple[bool | None, str]]:
    """Paragraph style → whether it is from right to left, None where it does not say, and the style it is based on."""
    data = parts.get(KNOWN["styles"], b"")
    found: dict[str, tuple[bool | None, str]] = {}
    for style in packages.parse(data).iter(w("style")) if data.strip() else ():
        base = style.find(w("basedOn"))
        own = _is_right_to_left(style.find(PROPERTIES))
        found[style.get(w("styleId"), "")] = own, base.get(w("val"), "") if base is not None else ""
    return found


def _is_right_to_left(properties: etree._Element | None) -> bool | None:
    bidi = properties.find(BIDI) if properties is not None else None
    return None if bidi is None else bidi.get(w("val"), "true").lower() not in OFF


def _holds(value: Any, mark: str) -> bool:
    """Whether a text within the inlines has the stand-in; notes have blocks of their own."""
    if isinstance(value, str):
        return mark in value
    if isinstance(value, dict):
        return value.get("t") != "Note" and _holds(value.get("c"), mark)
    return isinstance(value, list) and any(_holds(each, mark) for each in value)
