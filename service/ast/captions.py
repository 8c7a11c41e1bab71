"""Captions with their number: "Figure 2. Dunes at noon", if the figure or table has an identifier for references.

The numbers are those of the references (`passes.cross_references`): by kind, in the order of the document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.ast.cross_references import targets
from service.ast.pandoc_ast import Node, span, string, text, walk_blocks
from service.model.blocks import Blocks
from service.model.text import construct_labels

TYPED = re.compile(r"[^\W\d_]{1,20}\.?\s{0,3}\d")  # the author's own number
LABEL = "caption-label"
WIDE = ("zh", "ja")  # languages with the number directly after the word, and an ideographic space behind it
LABELLED = frozenset({"Figure", "Table"})


def numbered(blocks: Blocks, lang: str) -> Blocks:
    """The blocks with a Span of the class `caption-label` before each such caption; the same object otherwise."""
    labels = _labels(blocks, lang)
    if not labels:
        return blocks

    def visit(node: Node) -> Node:
        label = labels.get(node["c"][0][0], "")
        inlines = node["c"][1][1][0]["c"] if label and node["c"][1][1] else None
        if inlines is None or not _is_text(node["c"][1][1][0]) or TYPED.match(text(inlines)):
            return node
        short, (first, *others) = node["c"][1]
        mark = span([string(label + ("\u3000" if lang[:2].lower() in WIDE else ".\u00a0"))], ["", [LABEL], []])
        caption = [short, [{"t": first["t"], "c": [mark, *inlines]}, *others]]
        return {"t": node["t"], "c": [node["c"][0], caption, *node["c"][2:]]}

    return walk_blocks(blocks, visit, LABELLED)


def _labels(blocks: Sequence[Node], lang: str) -> dict[str, str]:
    """Identifier → the text of a reference to it."""
    found: dict[str, str] = {}
    for identifier, target in targets(blocks).items():
        if target.label:
            word = construct_labels.word(target.label, lang)
            space = "" if lang[:2].lower() in WIDE and not word.isascii() else "\u00a0"
            found[identifier] = f"{word}{space}{target.number}"
    return found


def _is_text(block: Node) -> bool:
    return block["t"] in ("Plain", "Para") and bool(block["c"])
