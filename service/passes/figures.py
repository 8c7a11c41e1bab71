"""A picture alone in a paragraph becomes a figure if it has a title, its caption, or an identifier such as `fig:x`."""

from __future__ import annotations

import re
from dataclasses import replace

from service.ast.pandoc_ast import Node, attr, image, plain, walk_blocks, words
from service.model.blocks import Survey
from service.model.document import Conversion, Document

PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)\Z", re.IGNORECASE)
MAY_HOLD = frozenset({"Para", "BulletList", "OrderedList"})
PREFIXES = ("fig:", "fig-")  # prefixes of identifiers of figures (pandoc-crossref, Quarto)


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    return replace(document, blocks=walk_blocks(document.blocks, _visited, MAY_HOLD, _may_be_one))


def _may_be_one(found: Survey) -> bool:
    return found.count("Image") > 0


def _visited(node: Node) -> Node:
    """Visits a paragraph, or a list: a tight item of a list is a Plain."""
    if node["t"] == "Para":
        return _figure(node)
    items = node["c"] if node["t"] == "BulletList" else node["c"][1]
    made = [[_figure(one) if one["t"] == "Plain" else one for one in item] for item in items]
    if all(one is other for item, old in zip(made, items, strict=True) for one, other in zip(item, old, strict=True)):
        return node
    return {"t": node["t"], "c": made if node["t"] == "BulletList" else [node["c"][0], made]}


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
    """Whether it has words for readers. The name of the file, a number or a single name is usually written by a program."""
    name = url.rsplit("/", 1)[-1]
    given = title.strip()
    if given in {name, name.rsplit(".", 1)[0], url} or PICTURE_NAME.search(given):
        return False
    return len(given.split()) > 1 or sum(one >= "\u3040" for one in given) > 3
