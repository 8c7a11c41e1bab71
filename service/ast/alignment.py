"""Alignment of a division or a heading: the attribute `align` or the class `center` becomes a class for writers."""

from __future__ import annotations

from service.ast.pandoc_ast import Node, walk_blocks
from service.model.blocks import Blocks

ALIGNMENTS = frozenset({"left", "right", "center", "justify", "start", "end"})


def as_classes(blocks: Blocks) -> Blocks:
    """`align=center` as the class `align-center`, which pandoc writes in every format."""
    return walk_blocks(blocks, _as_class, {"Div", "Header"})


def is_centred(block: Node) -> bool:
    """Whether the block is a division whose content is centred."""
    return block["t"] == "Div" and of(block) == "center"


def of(node: Node) -> str:
    """The alignment of a division or a heading; empty for none."""
    _, classes, pairs = node["c"][node["t"] == "Header"]
    return next((value for key, value in pairs if key == "align"), "center" if "center" in classes else "")


def _as_class(node: Node) -> Node:
    align = of(node)
    if align not in ALIGNMENTS:
        return node
    place = int(node["t"] == "Header")
    identifier, classes, pairs = node["c"][place]
    given = [identifier, [*classes, f"align-{align}"], [pair for pair in pairs if pair[0] != "align"]]
    return {"t": node["t"], "c": [*node["c"][:place], given, *node["c"][place + 1 :]]}
