"""The heading that is the title of a document: no text is above it, and no other heading has its level.

A first heading is not enough: of 288 real files without a title, 155 begin with text, followed by a section's heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.ast.pandoc_ast import Node, query, text, walk, walk_blocks
from service.model.document import Block, Document
from service.model.notices import notice

TEXT = frozenset({"Str", "Code", "Math", "CodeBlock", "Table"})
PICTURES = frozenset({"Image", "Figure"})


def find(blocks: Sequence[Block]) -> Block | None:
    """The heading; None if the title must come from elsewhere."""
    first = next(_until_text(blocks), None)
    if first is None or first["t"] != "Header":
        return None
    levels = [block["c"][0] for block in query(blocks, {"Header"}) if words(block)]
    return first if min(levels) == first["c"][0] and levels.count(min(levels)) == 1 else None


def words(heading: Block) -> str:
    return " ".join(text(heading["c"][2]).split())


def without(document: Document) -> Document:
    """`document` without the heading, because a title from outside replaces it."""
    heading = find(document.blocks)
    if heading is None or any(query(heading["c"][2], {"Image"})):
        return document
    blocks = walk_blocks(document.blocks, lambda block: [] if block is heading else block, {"Header"})
    reported = notice("title-heading-removed", stage="title", data={"removed": [words(heading)]})
    return replace(document, blocks=blocks, notices=(*document.notices, reported))


def _until_text(blocks: Sequence[Block]) -> Iterator[Block]:
    """Headings with words and blocks with text, in the order of reading; pictures are not text."""
    for block in blocks:
        if block["t"] == "Div" and "abstract" in block["c"][0][1]:
            yield block  # its heading is not a title
        elif block["t"] == "Div":
            yield from _until_text(block["c"][1])
        elif block["t"] == "Header":
            if words(block):
                yield block
        elif any(query(walk([block], _without_pictures), TEXT)):
            yield block


def _without_pictures(node: Node) -> Node | list[Node]:
    return [] if node["t"] in PICTURES else node
