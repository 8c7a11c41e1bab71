"""Cleaned Markdown: the front matter as YAML for any parser, the body by pandoc, images as data: URIs."""

from __future__ import annotations

import base64
import re

import yaml

from schemas import front_matter as fields
from service.ast import pandoc_ast
from service.engines import Engines
from service.model import record
from service.model.document import Block, Conversion, Document, Inline
from service.model.media_bag import media_of
from service.readers.shared import abstracts
from service.writers.base import Writer, Written

# Text here that other programs would read as a division or as attributes such as onclick.
MARKUP_ELSEWHERE = (":::", "{")
# pandoc 3.9 loses a mark after a backslash in one string.
ESCAPED = re.compile(r"(?<=\\)(?=[^\w\s]|_)")
DIALECT = "commonmark_x-attributes-raw_attribute-implicit_header_references-smart"


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:  # noqa: ARG001
    media = media_of(document)

    def inline(node: Inline | Block) -> Inline | Block | list[Inline]:
        if node["t"] == "Str" and node["c"].startswith(MARKUP_ELSEWHERE):
            return [{"t": "RawInline", "c": ["markdown", f"\\{node['c'][0]}"]}, {"t": "Str", "c": node["c"][1:]}]
        if node["t"] in ("Table", "Figure"):
            return _for_html(node)
        if node["t"] == "Strong":
            return {"t": "Strong", "c": pandoc_ast.walk(node["c"], lambda inner: list(inner["c"]), {"Strong"})}
        if node["t"] == "Str" and "\\" in node["c"]:
            return [{"t": "Str", "c": each} for each in ESCAPED.split(node["c"])]
        if node["t"] == "Image":
            node = {"t": "Image", "c": [node["c"][0], pandoc_ast.walk(node["c"][1], _unescaped, {"RawInline"}), node["c"][2]]}
        if node["t"] == "Image" and node["c"][2][0] in media:
            attributes, alt, (name, title) = node["c"]
            mime, data = media[name]
            uri = f"data:{mime};base64,{base64.b64encode(data).decode()}"
            return {"t": "Image", "c": [attributes, alt, [uri, title]]}
        return node

    own = [block for block in document.blocks if not (document.metadata.abstract and abstracts.is_abstract(block))]
    blocks = pandoc_ast.walk(own, inline)
    text = engines.pandoc.write(pandoc_ast.dumps(blocks), DIALECT, {"wrap_text": "preserve"}).decode()
    return Written((front_matter(document) + text).encode())


def _unescaped(node: Inline | Block) -> Inline | Block:
    """The mark itself, in a description without markup."""
    form, mark = node["c"]
    return pandoc_ast.string(mark[1:]) if form == "markdown" else node


def _for_html(node: Block) -> Block:
    """A table or figure, which pandoc may write as HTML: without backslashes there, and without attributes, which it writes
    behind a caption.
    """

    def reference(inner: Inline | Block) -> Inline | Block:
        form, mark = inner["c"]
        return {"t": "RawInline", "c": ["html", f"&#{ord(mark[1])};"]} if form == "markdown" else inner

    (inside,) = pandoc_ast.walk([node], reference, {"RawInline"})
    return {"t": "Table", "c": [pandoc_ast.attr(), *inside["c"][1:]]} if inside["t"] == "Table" else inside


def front_matter(document: Document) -> str:
    """The record under the author's keys, quoted so that every YAML parser reads the same values."""
    data = fields.changed(record.given(document))
    if not data:
        return ""
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---\n\n"


WRITER = Writer("markdown", write, images=frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"}))
