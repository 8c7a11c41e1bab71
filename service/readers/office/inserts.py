"""Keeps content that pandoc cannot read as nodes of the AST: a character of private use is in its place meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node

FIRST, LAST = 0x100000, 0x10FFFD


class Inserts:
    """The nodes of one document that are kept. `used` is all of its XML: no character of it becomes a stand-in."""

    def __init__(self, used: str = "") -> None:
        self._free = self._unused(used)
        self._inlines: dict[str, list[Node]] = {}
        self._blocks: dict[str, list[Node]] = {}

    def _unused(self, used: str) -> Iterator[str]:
        """Searches the text at the first request, which most documents do not have."""
        taken = frozenset() if used.isascii() else frozenset(used)
        yield from (chr(code) for code in range(FIRST, LAST) if chr(code) not in taken)

    def inline(self, *nodes: Node) -> str:
        """The character that represents `nodes` within a text."""
        mark = next(self._free)
        self._inlines[mark] = list(nodes)
        return mark

    def mark(self) -> str:
        """A character of the caller's own; what it represents can be set with `set`."""
        return next(self._free)

    def set(self, mark: str, blocks: Sequence[Node]) -> None:
        """`blocks` replace the paragraph that consists of `mark`."""
        self._blocks[mark] = list(blocks)

    def placed(self, blocks: Sequence[Node]) -> list[Node]:
        """`blocks` with every node in its place."""
        if self._blocks:
            blocks = pandoc_ast.walk(blocks, self._block, {"Para", "Plain"})
        if self._inlines:
            blocks = pandoc_ast.walk(blocks, self._string, {"Str"})
        return list(blocks)

    def _block(self, node: Node) -> Node | list[Node]:
        found = self._blocks.get(mark_of(node))
        return node if found is None else self.placed(found)

    def _string(self, node: Node) -> Node | list[Node]:
        text: str = node["c"]
        if self._inlines.keys().isdisjoint(text):
            return node
        return list(self._parts(text))

    def _parts(self, text: str) -> Iterator[Node]:
        held = ""
        for one in text:
            if one not in self._inlines:
                held += one
                continue
            if held:
                yield pandoc_ast.string(held)
            held = ""
            yield from self._inlines[one]
        if held:
            yield pandoc_ast.string(held)


def mark_of(node: Node) -> str:
    """The text of a paragraph of one word, else empty."""
    content: list[Node] = node["c"] if node["t"] in pandoc_ast.TEXT_BLOCKS else []
    return str(content[0]["c"]) if len(content) == 1 and content[0]["t"] == "Str" else ""
