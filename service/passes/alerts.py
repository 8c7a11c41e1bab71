"""Alerts (`> [!TIP]`) as quotations under their name in bold: what every format and every profile can show.

pandoc makes divisions of them, whose name is a paragraph among the others. Where they go back into a text they stay.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast.pandoc_ast import para, walk_blocks
from service.model.document import Block, Conversion, Document

ALERTS = frozenset({"note", "tip", "important", "warning", "caution"})
TEXTS = frozenset({"markdown", "ast"})  # formats that know them


def run(document: Document, conversion: Conversion) -> Document:
    if TEXTS.issuperset(conversion.to):
        return document
    return replace(document, blocks=walk_blocks(document.blocks, _quotation, {"Div"}))


def _quotation(block: Block) -> Block:
    attributes, inner = block["c"]
    if not (ALERTS.intersection(attributes[1]) and inner and _is_title(inner[0])):
        return block
    title = [{"t": "Strong", "c": each["c"]} for each in inner[0]["c"][1]]
    return {"t": "BlockQuote", "c": [*map(para, [[each] for each in title]), *inner[1:]]}


def _is_title(block: Block) -> bool:
    return bool(
        block["t"] == "Div" and "title" in block["c"][0][1] and all(each["t"] in {"Para", "Plain"} for each in block["c"][1])
    )
