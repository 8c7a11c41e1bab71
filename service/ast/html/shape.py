"""The shape of text: white space, line breaks, what is a block."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.ast.html import names
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Attr, Node, text, words

SPACES = re.compile(r"[ \t\n\r\f]+")
BREAK: Node = {"t": "LineBreak"}


def has_block(element: Element) -> bool:
    """Whether an inline element holds blocks: then it is one itself."""
    if element.tag in names.INVISIBLE or element.tag in names.EMBEDDED:
        return False
    return any(child.tag in names.BLOCKS for child in element.below())


BLOCK_TAGS = frozenset({
    "Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList", "BulletList", "DefinitionList", "Header",
    "HorizontalRule", "Table", "Figure", "Div",
})  # fmt: skip


def is_block(node: Node) -> bool:
    return node["t"] in BLOCK_TAGS


def attributes_of(element: Element) -> Attr:
    pairs = [[key, value] for key, value in element.attributes.items() if key not in {"id", "class"}]
    return names.clean_attr([element.get("id"), element.get("class").split(), pairs])


def spaced(content: str) -> list[Node]:
    """Text as HTML has it: any run of white space is one space."""
    return words(SPACES.sub(" ", content))


def trimmed(inlines: Sequence[Node]) -> list[Node]:
    """Without white space and line breaks at either end."""
    blank = ("Space", "SoftBreak", "LineBreak")
    start, end = 0, len(inlines)
    while start < end and inlines[start]["t"] in blank:
        start += 1
    while end > start and inlines[end - 1]["t"] in blank:
        end -= 1
    return without_double_spaces(list(inlines[start:end]))


def without_double_spaces(inlines: Sequence[Node]) -> list[Node]:
    """No space beside a line break or another space."""
    out: list[Node] = []
    for node in inlines:
        if node["t"] == "Space" and out and out[-1]["t"] in ("Space", "LineBreak"):
            continue
        if node["t"] == "LineBreak" and out and out[-1]["t"] == "Space":
            out.pop()
        out.append(node)
    return out


def flattened(node: Node) -> list[Node]:
    """A block as inlines, for a place that takes no block: its text with line breaks between its parts."""
    if not is_block(node):
        return [node]
    if node["t"] in ("Plain", "Para"):
        return list(node["c"])
    if node["t"] == "Header":
        return list(node["c"][2])
    lines = [line for line in text([node]).split("\n") if line.strip()]
    return [part for number, line in enumerate(lines) for part in ([BREAK] if number else []) + words(line)]


def wrapped(block: Node, tag: str) -> Node:
    """`block` with `tag` around its text, where it is a paragraph; else as it is."""
    return {"t": block["t"], "c": [{"t": tag, "c": block["c"]}]} if block["t"] in ("Para", "Plain") and block["c"] else block
