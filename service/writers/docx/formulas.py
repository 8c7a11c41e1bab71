"""Formulas: one that Word cannot show becomes code with a notice, as pandoc would print its TeX. Others follow the schema."""

from __future__ import annotations

from lxml import etree

from service.ast.pandoc_ast import Node, query, walk_blocks
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Notice
from service.model.notices import notice

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def in_order(top: etree._Element) -> None:
    """Properties of formulas as ECMA-376 part 1 has them: 22.1.2.87 (rPr: plain text has no style), 22.1.2.66 (mcPr)."""
    for look in top.iter(f"{MATH}rPr"):
        if look.find(f"{MATH}nor") is not None:
            for each in (*look.findall(f"{MATH}sty"), *look.findall(f"{MATH}scr")):
                look.remove(each)
    for column in top.iter(f"{MATH}mcPr"):
        column[:] = sorted(column, key=lambda each: each.tag != f"{MATH}count")


def settle(blocks: Blocks, engines: Engines) -> tuple[Blocks, tuple[Notice, ...]]:
    """The same object if Word can show every formula: pandoc reads TeX for MathML as it does for Word."""
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

    reported = tuple(notice("math-unreadable", stage="docx", data={"tex": tex[:500]}) for tex in formulas if tex in unreadable)
    return walk_blocks(blocks, visit, {"Math"}), reported
