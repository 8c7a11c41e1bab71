"""Numbers of what a cross-reference can name: "Figure 2." before a caption, "(1)" behind a formula.

An author who gives a figure the identifier `fig:x` refers to it by a number, so its caption shows the number. The numbers
are those of the pass `cross_references`, which makes the references. A caption that already begins with a number keeps its own.
"""

from __future__ import annotations

import re

from service.ast.cross_references import Target, targets
from service.ast.pandoc_ast import Node, attr, span, string, text, walk_blocks
from service.model.blocks import Blocks
from service.model.text import construct_labels

PLACES = frozenset({"Figure", "Table", "Span"})  # nodes whose attributes come first
HOLDING = frozenset({"Figure", "Table", "Math"})
NUMBERED = re.compile(r"\W{0,3}(?:[^\W\d_]+\.?\s{0,3})?\d")  # how a caption begins that the author numbered
WITHOUT_STOP = ("zh", "ja")  # languages that put a blank alone between the number and the words


def shown(blocks: Blocks, lang: str) -> Blocks:
    """The blocks with the numbers of their figures, tables and formulas, in the language `lang`."""
    found = targets(blocks) if blocks.holding(HOLDING) else {}

    def visit(node: Node) -> Node:
        target = found.get(node["c"][0][0])
        if target is None:
            return node
        return _formula(node, target) if node["t"] == "Span" else _captioned(node, target, lang)

    return walk_blocks(blocks, visit, PLACES) if found else blocks


def _captioned(node: Node, target: Target, lang: str) -> Node:
    attributes, (short, caption), *rest = node["c"]
    if not target.label or not caption or caption[0]["t"] not in {"Plain", "Para"} or NUMBERED.match(text(caption)):
        return node
    word = construct_labels.word(target.label, lang)
    stop = "" if lang.lower().startswith(WITHOUT_STOP) else "."
    label = span([string(f"{word}\u00a0{target.number}{stop}")], attr(classes=["caption-number"]))
    first = {"t": caption[0]["t"], "c": [label, {"t": "Space"}, *caption[0]["c"]]}
    return {"t": node["t"], "c": [attributes, [short, [first, *caption[1:]]], *rest]}


def _formula(node: Node, target: Target) -> Node:
    attributes, inlines = node["c"]
    if len(inlines) != 1 or inlines[0]["t"] != "Math" or target.prefix != "eq" or "\\text{(" in inlines[0]["c"][1]:
        return node
    style, tex = inlines[0]["c"]
    return span([{"t": "Math", "c": [style, f"{tex} \\qquad \\text{{({target.number})}}"]}], attributes)
