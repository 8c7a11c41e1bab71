"""Notes within notes: no format has them, and the writers would lose their words. They become brackets in the outer note."""

from __future__ import annotations

from dataclasses import replace

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node, string, walk_blocks
from service.model.document import Conversion, Document

SPACE: Node = {"t": "Space"}


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    blocks = walk_blocks(document.blocks, _flat, {"Note"}, lambda each: each.count("Note") > 1)
    return document if blocks is document.blocks else replace(document, blocks=blocks)


def _flat(note: Node) -> Node:
    """The note with the words of its inner notes: paragraphs in brackets at their place, other blocks at the end."""
    if not pandoc_ast.query(note["c"], {"Note"}):
        return note
    moved: list[Node] = []

    def bracketed(inner: Node) -> list[Node]:
        inlines: list[Node] = []
        for block in inner["c"]:
            if block["t"] in ("Para", "Plain"):
                inlines += [SPACE, *block["c"]]
            else:
                moved.append(block)
        return [SPACE, string("("), *inlines[1:], string(")")] if inlines else []

    content = pandoc_ast.walk(note["c"], bracketed, frozenset({"Note"}))
    return {"t": "Note", "c": [*content, *moved]}
