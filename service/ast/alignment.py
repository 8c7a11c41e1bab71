"""Alignment of a division: the attribute `align` or the class `center` becomes a class, the one shape that writers know."""

from __future__ import annotations

from service.ast.pandoc_ast import Node, walk_blocks
from service.model.blocks import Blocks

ALIGNMENTS = frozenset({"left", "right", "center", "justify", "start", "end"})


def as_classes(blocks: Blocks) -> Blocks:
    """`align=center` as the class `align-center`, which pandoc writes in every format."""
    return walk_blocks(blocks, _division, {"Div"})


def is_centred(block: Node) -> bool:
    """Whether the block is a division whose content is centred."""
    return block["t"] == "Div" and _alignment(block) == "center"


def _alignment(division: Node) -> str:
    _, classes, pairs = division["c"][0]
    return next((value for key, value in pairs if key == "align"), "center" if "center" in classes else "")


def _division(node: Node) -> Node:
    (identifier, classes, pairs), inner = node["c"]
    align = _alignment(node)
    if align not in ALIGNMENTS:
        return node
    rest = [pair for pair in pairs if pair[0] != "align"]
    return {"t": "Div", "c": [[identifier, [*classes, f"align-{align}"], rest], inner]}
