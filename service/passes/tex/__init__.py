"""TeX that pandoc does not read becomes TeX that it reads: `\\ce{…}`, `\\tag{…}`, `a \\over b`, and the rows of `commands`.

pandoc's reader of TeX (texmath) does not know mhchem and the infix fractions of plain TeX, drops the numbers of equations,
and knows a macro only in the formula that defines it (`definitions`).
The source does not change for targets that show TeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.ast.pandoc_ast import walk_blocks
from service.model.document import Block, Conversion, Document, Inline
from service.model.notices import notice
from service.passes.tex import commands, definitions, mhchem

SHOW_TEX = frozenset({"markdown", "ast"})  # targets
PIECE = re.compile(r"\\(?:[A-Za-z]++\*?|.)|[{}]|[^\\{}]++", re.S)
INFIX = {"\\over": "\\frac", "\\atop": "\\genfrac{}{}{0pt}{}", "\\choose": "\\binom"}
DEEPEST = 60  # depth of groups


def run(document: Document, conversion: Conversion) -> Document:
    if SHOW_TEX.intersection(conversion.to):
        return document

    macros = definitions.Macros()
    coloured: list[str] = []

    def visit(node: Inline | Block) -> Inline | Block | None:
        kind, tex = node["c"]
        if commands.COLOURED.search(tex):
            coloured.append(tex)
        changed = rewritten(commands.prepared(macros.applied(tex)))
        if not changed:
            return None  # a formula of definitions alone
        return node if changed == tex else {"t": "Math", "c": [kind, changed]}

    blocks = walk_blocks(document.blocks, visit, {"Math"})
    reported = [notice("math-colour-dropped", stage="write", data={"tex": tex[:500]}) for tex in dict.fromkeys(coloured)]
    return replace(document, blocks=blocks, notices=(*document.notices, *reported))


def rewritten(tex: str) -> str:
    """The formula in TeX that pandoc reads; unchanged if its groups do not close or a command is not understood."""
    if not any(each in tex for each in ("\\ce", "\\pu", "\\tag", *INFIX)) and not commands.USED.search(tex):
        return tex
    pieces = PIECE.findall(tex)
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if not 0 <= depth <= DEEPEST:
            return tex
    return tex if depth else _group(iter(pieces), commands.defined(tex))


def _group(pieces: Iterator[str], own: frozenset[str]) -> str:
    """One group up to its closing brace, without the braces. `own` are commands that the formula defines."""
    out: list[str] = []
    command = numerator = ""
    for piece in pieces:
        if piece == "}":
            break
        if piece == "{":
            out.append("{" + _group(pieces, own) + "}")
        elif piece[1:] in commands.ROWS and piece[1:] not in own:
            made, behind = _row(piece[1:], pieces, own)
            out.append(made)
            if behind == "}":
                break
        elif piece in ("\\ce", "\\pu", "\\tag", "\\tag*"):
            out.append(_argument(piece, pieces))
        elif piece in INFIX and not command:
            command, numerator, out = piece, "".join(out), []
        else:
            out.append(piece)
    text = "".join(out)
    return f"{INFIX[command]}{{{numerator.strip()}}}{{{text.strip()}}}" if command else text


def _row(name: str, pieces: Iterator[str], own: frozenset[str]) -> tuple[str, str]:
    """The command by its row, and the brace that ended the group if arguments are missing."""
    wanted, bracket, found = commands.ROWS[name].arguments, "", list[str]()
    rest = ""
    while len(found) < wanted:
        rest = rest.lstrip() or next(pieces, "}").lstrip()
        if not rest:
            continue
        if rest == "{":
            found.append(_group(pieces, own))
            rest = ""
        elif rest == "}":
            return f"\\{name}{''.join(f'{{{each}}}' for each in found)}", "}"
        elif rest[0] == "[" and not found and not bracket and "]" in rest:
            bracket, _, rest = rest[1:].partition("]")
        elif rest[0] == "\\":
            found.append(rest)
            rest = ""
        else:
            found.append(rest[0])
            rest = rest[1:]
    return commands.filled(name, bracket, found) + rest, ""


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
            made = mhchem.translated(content)
            return rewritten(made) if "\\ce{" in made and made != content else made or f"\\ce{{{content}}}"
        if command == "\\pu":
            return mhchem.quantity(content)
        shown = content if command == "\\tag*" else f"({content})"
        return f"\\qquad \\text{{{shown}}}"
    return command + blank


def _raw(pieces: Iterator[str]) -> str:
    """The unchanged text of a group, up to its closing brace."""
    out: list[str] = []
    depth = 0
    for piece in pieces:
        if piece == "}" and not depth:
            break
        depth += (piece == "{") - (piece == "}")
        out.append(piece)
    return "".join(out)
