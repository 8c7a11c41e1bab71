"""A paragraph `: Caption` or `Table: Caption` next to a table is its caption, and `{#tbl:x}` at its end the table's identifier.

The spelling is pandoc's (Pandoc User's Guide, "Tables"). Readers that do not know it leave a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.ast.pandoc_ast import Attr, Node, plain, query, text, walk_blocks
from service.model.blocks import Blocks
from service.model.document import Conversion, Document
from service.readers.markdown import attributes

MARK = re.compile(r"(?:[Tt]able)?:")
BLANKS = frozenset({"Space", "SoftBreak", "LineBreak"})
CONTAINERS = frozenset({"Div", "BlockQuote"})
AROUND = (1, -1)  # places of a caption: behind the table, then before it


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    if not any(each.count("Table") for each in document.blocks.surveys):
        return document
    blocks = walk_blocks(document.blocks, _contained, CONTAINERS, lambda found: found.count("Table") > 0)
    joined = _joined(blocks)
    return document if joined is document.blocks else replace(document, blocks=Blocks(joined, like=document.blocks))


def _contained(node: Node) -> Node:
    if node["t"] == "Div":
        inner = _joined(node["c"][1])
        return node if inner is node["c"][1] else {"t": "Div", "c": [node["c"][0], list(inner)]}
    inner = _joined(node["c"])
    return node if inner is node["c"] else {"t": node["t"], "c": list(inner)}


def _joined(blocks: Sequence[Node]) -> Sequence[Node]:
    """The blocks with each caption in its table; `blocks` itself without captions."""
    taken = dict[int, Node]()
    for place, block in enumerate(blocks):
        if block["t"] != "Table" or block["c"][1][1]:
            continue
        for step in AROUND:
            found = place + step
            if 0 <= found < len(blocks) and found not in taken and (inlines := _caption(blocks[found])):
                taken |= {found: block, place: _with_caption(block, inlines)}
                break
    if not taken:
        return blocks
    return [taken.get(place, block) for place, block in enumerate(blocks) if place not in taken or block["t"] == "Table"]


def _caption(block: Node) -> list[Node]:
    """The inlines behind the mark; empty if the block is not a caption."""
    if block["t"] != "Para" or len(block["c"]) < 3 or block["c"][0]["t"] != "Str":
        return []
    first, second, *rest = block["c"]
    return rest if MARK.fullmatch(first["c"]) and second["t"] in BLANKS and next(query(rest, {"Image"}), None) is None else []


def _with_caption(table: Node, inlines: Sequence[Node]) -> Node:
    given, words = _attributes(inlines)
    own, _, *rest = table["c"]
    identifier, classes, pairs = given
    merged: Attr = [own[0] or identifier, [*own[1], *classes], [*own[2], *pairs]]
    return {"t": "Table", "c": [merged, [None, [plain(words)]], *rest]}


def _attributes(inlines: Sequence[Node]) -> tuple[Attr, list[Node]]:
    """The attributes at the end of a caption, and its words."""
    start = next((place for place in reversed(range(len(inlines))) if _opens(inlines[place])), None)
    given = None if start is None else attributes.at_end(text(inlines[start:]))
    if start is None or given is None:
        return ["", [], []], list(inlines)
    words = list(inlines[:start])
    while words and words[-1]["t"] in BLANKS:
        words.pop()
    return (given, words) if words else (["", [], []], list(inlines))


def _opens(inline: Node) -> bool:
    return bool(inline["t"] == "Str" and inline["c"].startswith("{"))
