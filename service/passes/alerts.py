"""Callouts (`> [!TIP]`, `:::note`) in one shape; in Markdown as alerts, or as quotations if GitHub lacks the kind.

pandoc makes divisions of alerts. Their name is a paragraph among the others.
"""

from __future__ import annotations

from dataclasses import replace

from service.ast import callouts
from service.ast.pandoc_ast import attr, div, para, text, walk_blocks, words
from service.model.document import Block, Conversion, Document

ALERTS = frozenset(callouts.LOOKS)  # the kinds of GitHub


def run(document: Document, conversion: Conversion) -> Document:
    if conversion.to == ("ast",):
        return document
    change = _alert if conversion.to == ("markdown",) else _shaped
    blocks = walk_blocks(document.blocks, change, {"Div"})
    if conversion.to == ("markdown",):
        blocks = walk_blocks(blocks, _under_title, {"CodeBlock"})
    return replace(document, blocks=blocks)


def _under_title(block: Block) -> Block | list[Block]:
    """Code under its title in bold: GitHub's Markdown has no place for the title of code."""
    title = next((value for key, value in block["c"][0][2] if key == "title"), "")
    return [para([{"t": "Strong", "c": words(title)}]), block] if title.strip() else block


def _shaped(block: Block) -> Block:
    if not callouts.is_alert(block):
        return block
    (identifier, classes, pairs), inner = block["c"]
    return {"t": "Div", "c": [[identifier, [*classes, callouts.CALLOUT], pairs], inner]}


def _alert(block: Block) -> Block:
    """GitHub's kinds stay. Their syntax has no place for a title, so a title becomes a line in bold."""
    found = callouts.of(_shaped(block), "")
    if found is None or found.kind not in ALERTS:
        return _quotation(block)
    name = div([para(words(found.kind.capitalize()))], attr(classes=[callouts.TITLE]))
    own = [] if text(found.title).casefold() == found.kind else [para([{"t": "Strong", "c": found.title}])]
    return div([name, *own, *found.blocks], attr(classes=[found.kind]))


def _quotation(block: Block) -> Block:
    found = callouts.of(_shaped(block), "")
    if found is None:
        return block
    return {"t": "BlockQuote", "c": [para([{"t": "Strong", "c": found.title}]), *found.blocks]}
