"""Titles of code in one shape: a Div of the class "code-title" with one paragraph, before the block of code.

Readers write the title as an attribute of the block, or as a paragraph of one span before it.
"""

from __future__ import annotations

from service.ast.pandoc_ast import Node, attr, div, plain, walk_blocks, words
from service.model.blocks import Blocks, Survey

CLASS = "code-title"


def shaped(blocks: Blocks) -> Blocks:
    """The same object if no code has a title."""
    return walk_blocks(walk_blocks(blocks, _of_attribute, {"CodeBlock"}), _of_span, {"Para", "Plain"}, _may_hold_title)


def is_title(node: Node) -> bool:
    return bool(node["t"] == "Div" and CLASS in node["c"][0][1])


def _may_hold_title(found: Survey) -> bool:
    return found.count("Span") > 0


def _of_attribute(node: Node) -> Node | list[Node]:
    (identifier, classes, pairs), text = node["c"]
    title = next((value for key, value in pairs if key == "title"), "").strip()
    if not title:
        return node
    rest = [pair for pair in pairs if pair[0] != "title"]
    return [_title(words(title)), {"t": "CodeBlock", "c": [[identifier, classes, rest], text]}]


def _of_span(node: Node) -> Node:
    inlines = node["c"]
    if len(inlines) != 1 or inlines[0]["t"] != "Span" or CLASS not in inlines[0]["c"][0][1]:
        return node
    inside = inlines[0]["c"][1]
    return _title(inside[0]["c"] if len(inside) == 1 and inside[0]["t"] == "Strong" else inside)


def _title(inlines: list[Node]) -> Node:
    return div([plain(inlines)], attr(classes=[CLASS]))
