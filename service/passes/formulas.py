"""Formulas have a separate budget: a formula that costs too much is shown as its text, and the article is converted.

pandoc's reader of TeX reads the argument of a script twice: the time doubles with each nested script (measured:
10,000 characters take 0.03 s outside of scripts, 1 s at depth six, and four times as long with each unclosed one).
`x = ____` occurs in a quiz: twelve underscores take 0.7 s, fourteen 3 s. So the cost of a formula is the sum of its characters,
each doubled for each script around it, plus a hundred: 170,000 short formulas took more than a minute to
become MathML.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.ast.pandoc_ast import query, walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.model.notices import notice

MOST = 300_000  # of one formula: about 0.5 s
MOST_IN_ALL = 1_500_000  # twice as much took a PDF 37 s
EACH = 100
DEEPEST = 10  # depth of scripts
TOKEN = re.compile(r"\\(?:[A-Za-z]++|.)|[{}_^]|\s++|[^\\{}_^\s]++", re.S)


def run(document: Document, _conversion: Conversion) -> Document:
    spent = 0
    costly: list[str] = []
    for node in query(document.blocks, {"Math"}):
        tex = node["c"][1]
        price = EACH + cost(tex)
        if price > MOST or spent + price > MOST_IN_ALL:
            costly.append(tex)
        else:
            spent += price
    if not costly:
        return document
    shown = frozenset(costly)

    def visit(node: Inline | Block) -> Inline | Block:
        return {"t": "Code", "c": [["", ["math"], []], node["c"][1]]} if node["c"][1] in shown else node

    reported = tuple(notice("math-unreadable", stage="formulas", data={"tex": tex[:500]}) for tex in costly)
    blocks = walk_blocks(document.blocks, visit, {"Math"})
    return replace(document, blocks=blocks, notices=document.notices + reported)


def cost(tex: str) -> int:
    """The cost: characters, each doubled for each script around it; more than any budget if it cannot end.

    One pass over the text. A script's argument is the next group, command or character (The TeXbook, chapter 16).
    """
    total = depth = pending = 0
    groups: list[int] = []  # for each open brace, the scripts that it is the argument of
    for found in TOKEN.finditer(tex):
        piece = found.group()
        if piece in ("_", "^"):
            pending += 1
        elif piece == "{":
            groups.append(pending)
            depth, pending = depth + pending, 0
        elif piece == "}":
            depth -= groups.pop() if groups else 0
            pending = 0
        if depth + pending > DEEPEST:
            return MOST + 1
        total += len(piece) << (depth + pending)
        if not piece.isspace() and piece not in ("_", "^"):
            pending = 0
    return total if depth == 0 else max(MOST + 1, total)
