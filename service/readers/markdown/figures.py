"""Figures with their own syntax: Hugo's shortcode, MyST's directive. `passes.figures` finds the others."""

from __future__ import annotations

from collections.abc import Sequence

from service.ast.pandoc_ast import Attr, Node, attr, plain


def figure(inlines: Sequence[Node], caption: Sequence[Node], attributes: Attr | None = None) -> Node:
    """A Figure of one line of pictures under its caption, which is blocks."""
    return {"t": "Figure", "c": [attributes or attr(), [None, list(caption)], [plain(inlines)]]}
