"""Formulas that can't be set in Word: code in the text, and a notice. pandoc would print their TeX between dollar signs."""

from __future__ import annotations

from service.ast.pandoc_ast import Node, query, walk_blocks
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Notice
from service.model.notices import notice


def settle(blocks: Blocks, engines: Engines) -> tuple[Blocks, tuple[Notice, ...]]:
    """The same object where every formula can be set: pandoc reads TeX for MathML as it does for Word."""
    formulas = list(dict.fromkeys(node["c"][1] for node in query(blocks, {"Math"})))
    if not formulas:
        return blocks, ()
    lines: list[Node] = [{"t": "Plain", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, tex]}]} for tex in formulas]
    divided: list[Node] = [{"t": "Div", "c": [["", [], []], [line]]} for line in lines]
    options = {"html_math_method": "mathml", "wrap_text": "none"}
    written = engines.pandoc.writing_blocks(divided, {}, "html5", options, {})().decode().split("<div>")[1:]
    unreadable = {tex for tex, line in zip(formulas, written, strict=True) if "<math" not in line}
    if not unreadable:
        return blocks, ()

    def visit(node: Node) -> Node:
        tex = node["c"][1]
        return {"t": "Code", "c": [["", ["math"], []], tex]} if tex in unreadable else node

    told = tuple(notice("math-unreadable", stage="docx", data={"tex": tex[:500]}) for tex in formulas if tex in unreadable)
    return walk_blocks(blocks, visit, {"Math"}), told
