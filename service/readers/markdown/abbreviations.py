"""Abbreviations, `*[HTML]: Hyper Text Markup Language`: each occurrence in the text gets its meaning as its title."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.ast.pandoc_ast import Node, attr, span, string, walk

MOST = 1_000  # abbreviations of one text


def applied(blocks: list[Node], meanings: Mapping[str, str]) -> list[Node]:
    """The blocks with a Span.abbr around each abbreviation."""
    known = pattern(sorted(meanings, key=len, reverse=True)[:MOST])

    def visit(node: Node) -> Node | list[Node]:
        parts = known.split(node["c"])
        if len(parts) == 1:
            return node
        return [_shown(part, meanings) if number % 2 else string(part) for number, part in enumerate(parts) if part]

    return walk(blocks, visit, {"Str"})


def pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Finds the terms as whole words; of two with the same start the first in `terms`."""
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, terms))})(?!\w)")


def _shown(term: str, meanings: Mapping[str, str]) -> Node:
    return span([string(term)], attr(classes=["abbr"], pairs={"title": meanings[term]}))
