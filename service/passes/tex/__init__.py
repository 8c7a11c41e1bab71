"""TeX that pandoc does not read becomes TeX that it reads: `\\ce{…}`, `\\tag{…}`, `a \\over b`.

pandoc's reader of TeX (texmath) does not know mhchem and the infix fractions of plain TeX, and drops the numbers of equations.
The source stays as it was written where the target shows TeX itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.ast.pandoc_ast import walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.passes.tex import mhchem

SHOW_TEX = frozenset({"markdown", "ast"})  # targets
PIECE = re.compile(r"\\(?:[A-Za-z]++\*?|.)|[{}]|[^\\{}]++", re.S)
INFIX = {"\\over": "\\frac", "\\atop": "\\genfrac{}{}{0pt}{}", "\\choose": "\\binom"}
DEEPEST = 60  # groups in one another


def run(document: Document, conversion: Conversion) -> Document:
    if SHOW_TEX.intersection(conversion.to):
        return document

    def visit(node: Inline | Block) -> Inline | Block:
        kind, tex = node["c"]
        changed = rewritten(tex)
        return node if changed == tex else {"t": "Math", "c": [kind, changed]}

    return replace(document, blocks=walk_blocks(document.blocks, visit, {"Math"}))


def rewritten(tex: str) -> str:
    """The formula in TeX that pandoc reads; as it is where its groups do not close or a command is not understood."""
    if not any(each in tex for each in ("\\ce", "\\pu", "\\tag", *INFIX)):
        return tex
    pieces = PIECE.findall(tex)
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if not 0 <= depth <= DEEPEST:
            return tex
    return tex if depth else _group(iter(pieces))


def _group(pieces: Iterator[str]) -> str:
    """One group up to its closing brace, without the braces."""
    out: list[str] = []
    command = numerator = ""
    for piece in pieces:
        if piece == "}":
            break
        if piece == "{":
            out.append("{" + _group(pieces) + "}")
        elif piece in ("\\ce", "\\pu", "\\tag", "\\tag*"):
            out.append(_argument(piece, pieces))
        elif piece in INFIX and not command:
            command, numerator, out = piece, "".join(out), []
        else:
            out.append(piece)
    text = "".join(out)
    return f"{INFIX[command]}{{{numerator.strip()}}}{{{text.strip()}}}" if command else text


def _argument(command: str, pieces: Iterator[str]) -> str:
    blank = ""
    for piece in pieces:
        if piece.isspace():
            blank = piece
            continue
        if piece != "{":
            return f"{command}{blank}{piece}"
        content = _raw(pieces)
        if command == "\\ce":
            return mhchem.translated(content) or f"\\ce{{{content}}}"
        if command == "\\pu":
            return mhchem.quantity(content)
        shown = content if command == "\\tag*" else f"({content})"
        return f"\\qquad \\text{{{shown}}}"
    return command + blank


def _raw(pieces: Iterator[str]) -> str:
    """The text of a group as it is written, up to its closing brace."""
    out: list[str] = []
    depth = 0
    for piece in pieces:
        if piece == "}" and not depth:
            break
        depth += (piece == "{") - (piece == "}")
        out.append(piece)
    return "".join(out)
