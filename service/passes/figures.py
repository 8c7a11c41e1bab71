"""A picture alone in a paragraph is a figure where it has a title, which is its caption, or an identifier such as `fig:x`."""

from __future__ import annotations

from dataclasses import replace

from service.ast.pandoc_ast import Node, attr, image, plain, walk_blocks, words
from service.model.blocks import Survey
from service.model.document import Conversion, Document

PREFIXES = ("fig:", "fig-")  # how identifiers of figures begin (pandoc-crossref, Quarto)


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    return replace(document, blocks=walk_blocks(document.blocks, _figure, {"Para"}, _may_be_one))


def _may_be_one(found: Survey) -> bool:
    return found.count("Image") > 0


def _figure(node: Node) -> Node:
    inlines = [each for each in node["c"] if each["t"] not in {"Space", "SoftBreak"}]
    if len(inlines) != 1 or inlines[0]["t"] != "Image":
        return node
    (identifier, classes, pairs), alt, (url, title) = inlines[0]["c"]
    named = identifier.startswith(PREFIXES)
    caption = words(" ".join(title.split())) if _says_something(title, url) else list(alt) if named else []
    if not caption:
        return node
    picture = image(alt or caption, url, "", ["", classes, pairs])
    return {"t": "Figure", "c": [attr(identifier), [None, [plain(caption)]], [plain([picture])]]}


def _says_something(title: str, url: str) -> bool:
    """Not the name of the file, which editors put there."""
    name = url.rsplit("/", 1)[-1]
    return bool(title.strip()) and title.strip() not in {name, name.rsplit(".", 1)[0], url}
