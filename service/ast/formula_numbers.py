"""Numbers of formulas that a cross-reference names: "(1)" behind the formula, as `\\tag` sets it.

The numbers are those of the pass `cross_references`. A formula with its own tag keeps it.
"""

from __future__ import annotations

from service.ast.cross_references import targets
from service.ast.pandoc_ast import Node, span, walk_blocks
from service.model.blocks import Blocks

PREFIX = "eq"


def shown(blocks: Blocks) -> Blocks:
    """The blocks with the number of each formula that has an identifier such as `eq:model`."""
    if not blocks.holding({"Math"}) or not blocks.holding({"Span"}):
        return blocks
    numbers = {name: each.number for name, each in targets(blocks).items() if each.prefix == PREFIX}

    def visit(node: Node) -> Node:
        number = numbers.get(node["c"][0][0])
        return node if number is None else _numbered(node, number)

    return walk_blocks(blocks, visit, {"Span"}) if numbers else blocks


def _numbered(node: Node, number: int) -> Node:
    attributes, inlines = node["c"]
    if len(inlines) != 1 or inlines[0]["t"] != "Math" or "\\text{(" in inlines[0]["c"][1]:
        return node
    style, tex = inlines[0]["c"]
    return span([{"t": "Math", "c": [style, f"{tex} \\qquad \\text{{({number})}}"]}], attributes)
