"""A formula that a reference can name shows its number."""

from __future__ import annotations

from service.ast import formula_numbers
from service.ast.pandoc_ast import Node, attr, para, span
from service.model.blocks import Blocks


def formula(identifier: str, tex: str) -> Node:
    return para([span([{"t": "Math", "c": [{"t": "DisplayMath"}, tex]}], attr(identifier))])


def test_numbers_in_order() -> None:
    done = formula_numbers.shown(Blocks([formula("eq-a", "x"), formula("", "y"), formula("eq:b", "z")]))
    shown = [each["c"][0]["c"][1][0]["c"][1] for each in done]
    assert shown == ["x \\qquad \\text{(1)}", "y", "z \\qquad \\text{(2)}"]


def test_a_tag_stays() -> None:
    blocks = Blocks([formula("eq-a", "x \\qquad \\text{(5.1)}")])
    assert list(formula_numbers.shown(blocks)) == list(blocks)
