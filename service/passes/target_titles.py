"""The title of a link or image is in its target. A title in its attributes moves there, or is removed if there is one.

`![A lamp](lamp.png "At night"){title="By day"}` has two, and pandoc writes both as one attribute, which XML forbids.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast.pandoc_ast import query, walk_blocks
from service.model.document import Conversion, Document, Inline

TITLED = frozenset({"Link", "Image"})


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    if not any(_given(node) for node in query(document.blocks, TITLED)):
        return document
    return replace(document, blocks=walk_blocks(document.blocks, _settled, TITLED))


def _given(node: Inline) -> list[str]:
    return [value for key, value in node["c"][0][2] if key == "title"]


def _settled(node: Inline) -> Inline:
    given = _given(node)
    if not given:
        return node
    (identifier, classes, pairs), inlines, (url, title) = node["c"]
    attributes = [identifier, classes, [pair for pair in pairs if pair[0] != "title"]]
    return {"t": node["t"], "c": [attributes, inlines, [url, title or given[0]]]}
