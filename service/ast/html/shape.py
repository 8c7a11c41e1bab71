"""The shape of text: white space, line breaks, blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node, attr, div, span, walk, words

SPACES = re.compile(r"[ \t\n\r\f]+")
BREAK: Node = {"t": "LineBreak"}


BLOCK_TAGS = frozenset({
    "Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList", "BulletList", "DefinitionList", "Header",
    "HorizontalRule", "Table", "Figure", "Div",
})  # fmt: skip


INLINE_TAGS = frozenset({
    "Str", "Emph", "Underline", "Strong", "Strikeout", "Superscript", "Subscript", "SmallCaps", "Quoted", "Cite", "Code", "Space",
    "SoftBreak", "LineBreak", "Math", "RawInline", "Link", "Image", "Note", "Span",
})  # fmt: skip


def is_block(node: Node) -> bool:
    return node["t"] in BLOCK_TAGS


def spaced(content: str) -> list[Node]:
    """Text by the rule of HTML: a run of white space is one space."""
    return words(SPACES.sub(" ", content))


# Fields of a form, players and frames, which a page draws as boxes with space around them.
BOXED = frozenset({
    "button", "input", "select", "textarea", "output", "meter", "progress", "iframe", "video", "audio", "embed", "object",
    "amp-video", "amp-audio", "amp-iframe", "amp-youtube", "amp-vimeo",
})  # fmt: skip


def needs_gap(before: str | Element | None, part: str | Element) -> bool:
    """Whether a space belongs between two neighbours, of which one is such a box: "Name" and "Ann" are two words."""
    if before is None or (isinstance(before, str) and isinstance(part, str)):
        return False
    ends = before[-1:].isalnum() if isinstance(before, str) else True
    begins = part[:1].isalnum() if isinstance(part, str) else True
    return ends and begins and any(isinstance(each, Element) and each.tag in BOXED for each in (before, part))


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
    """No space next to a line break or another space."""
    out: list[Node] = []
    for node in inlines:
        if node["t"] == "Space" and out and out[-1]["t"] in ("Space", "LineBreak"):
            continue
        if node["t"] == "LineBreak" and out and out[-1]["t"] == "Space":
            out.pop()
        out.append(node)
    return out


def flattened(node: Node) -> list[Node]:
    """A block as inlines, for a place without blocks: its texts with line breaks between them."""
    if not is_block(node):
        return [node]
    if node["t"] in ("Plain", "Para"):
        return list(node["c"])
    if node["t"] == "Header":
        return list(node["c"][2])
    if node["t"] in ("CodeBlock", "RawBlock"):
        lines = [words(line) for line in node["c"][1].split("\n") if line.strip()]
    else:
        lines = [flattened(each) for each in _parts(node.get("c"))]
    return [part for number, line in enumerate(filter(None, lines)) for part in ([BREAK] if number else []) + line]


def _parts(content: Any) -> Iterator[Node]:
    """The blocks of a block, in order; the terms of a list of definitions are inlines and stay together."""
    if isinstance(content, dict):
        if "t" in content and is_block(content):
            yield content
    elif isinstance(content, list):
        if content and isinstance(content[0], dict) and content[0].get("t") in INLINE_TAGS:
            yield {"t": "Plain", "c": content}
        else:
            for part in content:
                yield from _parts(part)


def wrapped(blocks: Sequence[Node], wrap: Callable[[list[Node]], list[Node]]) -> list[Node]:
    """`blocks` with markup around each of their texts. Blocks of code, which have no inlines, do not change."""

    def visit(node: Node) -> Node:
        if node["t"] == "Header":
            return {"t": "Header", "c": [*node["c"][:2], wrap(node["c"][2])]}
        return {"t": node["t"], "c": wrap(node["c"])} if node["c"] else node

    return walk(blocks, visit, {"Para", "Plain", "Header"})


def anchored(blocks: list[Node], identifier: str) -> list[Node]:
    """`blocks` with an anchor in their first text, because a division around them would have another look."""
    if not identifier:
        return blocks
    place = span([], attr(identifier))
    if blocks and blocks[0]["t"] in ("Para", "Plain"):
        return [{"t": blocks[0]["t"], "c": [place, *blocks[0]["c"]]}, *blocks[1:]]
    return [div(blocks, attr(identifier))] if blocks else []
