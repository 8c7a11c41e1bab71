"""Callouts (`> [!TIP]`, `:::note`) in their one shape, or as quotations under their title where a format has no callouts.

pandoc makes divisions of alerts, whose name is a paragraph among the others. Where they go back into a text they stay.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast import callouts
from service.ast.pandoc_ast import para, walk_blocks
from service.model.document import Block, Conversion, Document

TEXTS = frozenset({"markdown", "ast"})  # formats that know pandoc's own shape
SHAPED = frozenset({"docx", "epub"})  # formats whose writers show callouts


def run(document: Document, conversion: Conversion) -> Document:
    if TEXTS.issuperset(conversion.to):
        return document
    change = _shaped if SHAPED.issuperset(conversion.to) else _quotation
    return replace(document, blocks=walk_blocks(document.blocks, change, {"Div"}))


def _shaped(block: Block) -> Block:
    if not callouts.is_alert(block):
        return block
    (identifier, classes, pairs), inner = block["c"]
    return {"t": "Div", "c": [[identifier, [*classes, callouts.CALLOUT], pairs], inner]}


def _quotation(block: Block) -> Block:
    found = callouts.of(_shaped(block), "")
    if found is None:
        return block
    return {"t": "BlockQuote", "c": [para([{"t": "Strong", "c": found.title}]), *found.blocks]}
