"""The parentheses of ordered lists, `(a)` and `a)`: HTML has no attribute for them, so a division around the list has a class."""

from __future__ import annotations

from collections.abc import Mapping

from service.ast.pandoc_ast import attr, div, walk_blocks
from service.model.blocks import Blocks
from service.model.document import Block, Inline

CLASSES: Mapping[str, str] = {"OneParen": "list-paren", "TwoParens": "list-parens"}
AROUND: Mapping[str, tuple[str, str]] = {"list-paren": ("", ")"), "list-parens": ("(", ")")}


def divisions(blocks: Blocks) -> Blocks:
    """The blocks, with a Div around each list whose numbers have parentheses."""

    def visit(node: Inline | Block) -> Inline | Block:
        name = CLASSES.get(node["c"][0][2]["t"])
        return div([node], attr(classes=[name])) if name else node

    return walk_blocks(blocks, visit, {"OrderedList"})
