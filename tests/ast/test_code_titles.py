"""Both spellings of a title of code become one shape; a paragraph of another span stays."""

from __future__ import annotations

from service.ast import code_titles
from service.ast.pandoc_ast import Node, attr, para, span, string, text
from service.model.blocks import Blocks


def code(**pairs: str) -> Node:
    return {"t": "CodeBlock", "c": [attr("", ["js"], pairs), "let x = 1;"]}


def test_one_shape() -> None:
    strong: Node = {"t": "Strong", "c": [string("src/a.js")]}
    for blocks in ((code(title="src/a.js"),), (para([span([strong], attr(classes=["code-title"]))]), code())):
        title, block = code_titles.shaped(Blocks(blocks))
        assert code_titles.is_title(title) and text(title).strip() == "src/a.js"
        assert block == code()


def test_what_is_no_title_stays() -> None:
    blocks = Blocks((para([span([string("x")], attr(classes=["mark"]))]), code(), code(title=" ")))
    assert list(code_titles.shaped(blocks)) == list(blocks)
