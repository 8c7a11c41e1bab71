"""Separate parts of a Word document that pandoc does not read: inserted files, charts and diagrams.

An inserted page or text (`w:altChunk`) is read in its place. A chart or a diagram (SmartArt) is replaced by its words.
Source: ECMA-376 part 1, 17.17.2.1 (altChunk), 17.17.2.2 (subDoc), 21.2 (charts), 21.4 (diagrams).
"""

from __future__ import annotations

import email
from collections.abc import Iterator, Mapping
from email import policy

from lxml import etree

from service.ast import html, pandoc_ast
from service.ast.html import tree
from service.ast.pandoc_ast import Node
from service.containers import packages
from service.input import encoding
from service.model.document import Notice
from service.model.errors import UnsupportedEncoding
from service.model.notices import notice
from service.readers.office.inserts import Inserts
from service.readers.office.word_names import DRAWN_TEXT, PARAGRAPH, RUN, WP, R, replaced, run, w
from service.readers.shared import dropped_html

CHUNK, SUBDOCUMENT, DRAWING = w("altChunk"), w("subDoc"), w("drawing")
BY_ID = f"{{{R}}}id"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
DATA = f"{{{R}}}dm"
PAGES = (".html", ".htm", ".xhtml", ".mht", ".mhtml")
LONGEST = 2_000  # characters of a drawing's words


class Embedded:
    """The embedded parts of one part. `targets` are its relationships: id → part of the package."""

    def __init__(self, targets: Mapping[str, str], parts: Mapping[str, bytes], inserts: Inserts) -> None:
        self.targets, self.parts, self.inserts = targets, parts, inserts
        self.notices: list[Notice] = []

    def settle(self, top: etree._Element) -> None:
        """Changes the tree of the part in place."""
        for chunk in list(top.iter(CHUNK, SUBDOCUMENT)):
            self._insert(chunk)
        words = [self._drawn(holder) for holder in list(top.iter(DRAWING))]
        if listed := [each for each in words if each]:
            self.notices.append(notice("drawing-as-text", stage="read", data={"count": len(listed), "words": listed[:100]}))

    def _insert(self, chunk: etree._Element) -> None:
        name = self.targets.get(chunk.get(BY_ID, ""), "")
        blocks = self._blocks(name) if chunk.tag == CHUNK else None
        if blocks is None:
            message = f"The file {name[:200] or 'without a name'} that the document inserts was not read."
            self.notices.append(notice("include-ignored", message, stage="read"))
            return
        mark = self.inserts.mark()
        self.inserts.set(mark, blocks)
        paragraph = etree.Element(PARAGRAPH)
        paragraph.append(run(mark))
        replaced(chunk, [paragraph])

    def _blocks(self, name: str) -> list[Node] | None:
        """None if it is neither a page nor a text, or not in the package."""
        data = self.parts.get(name, b"")
        if name.lower().endswith(".txt") and data:
            lines = (line.strip() for line in _decoded(data, "").splitlines())
            return [pandoc_ast.para(pandoc_ast.words(line)) for line in lines if line]
        if not name.lower().endswith(PAGES) or not data:
            return None
        text = _decoded(*_page(data))
        converter = html.Converter()
        blocks = converter.shown(tree.body(tree.parse(text)))
        self.notices += dropped_html.reported(converter.dropped, name)
        return blocks

    def _drawn(self, holder: etree._Element) -> str:
        """The words of a chart or a diagram, which are now in its place; empty for other drawings."""
        found = next(holder.iter(CHART, DIAGRAM), None)
        outer = holder.getparent()
        if found is None or outer is None or outer.tag != RUN:
            return ""
        said = (each.get(key, "").strip() for each in holder.iter(f"{{{WP}}}docPr") for key in ("descr", "title"))
        name = self.targets.get(found.get(DATA if found.tag == DIAGRAM else BY_ID, ""), "")
        words = list(dict.fromkeys(filter(None, (*said, *_texts(self.parts.get(name, b""))))))
        text = "; ".join(words)[:LONGEST] or "chart"
        replaced(holder, list(run(f"[{text}]")))
        return text


def _texts(data: bytes) -> Iterator[str]:
    """The texts of a part with a drawing, a paragraph each."""
    top = packages.parse(data) if data.strip() else None
    for line in top.iter("{*}p") if top is not None else ():
        yield " ".join("".join(each.text or "" for each in line.iter(DRAWN_TEXT)).split())


def _page(data: bytes) -> tuple[bytes, str]:
    """A page and its charset; from a MIME archive if it is one."""
    if data[:2_000].lstrip().startswith(b"<"):
        return data, "utf-8"
    message = email.message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(content, bytes):
            return content, part.get_content_charset() or "utf-8"
    return data, "utf-8"


def _decoded(data: bytes, charset: str) -> str:
    try:
        return encoding.decode(data, declared=charset)[0]
    except UnsupportedEncoding:
        return data.decode("utf-8", "replace")
