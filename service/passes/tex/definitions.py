"""Macros of a document: later formulas may use the definitions of earlier ones, as in MathJax and KaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.passes.tex import commands

PIECE = re.compile(r"\\(?:[A-Za-z]++\*?|.)|[{}\[\]]|\s++|[^\\{}\[\]\s]++", re.S)
DEFINING = frozenset({f"\\{name}{star}" for name in ("newcommand", "renewcommand", "providecommand", "DeclareMathOperator")
                      for star in ("", "*")})  # fmt: skip
COMMAND = re.compile(r"\\([A-Za-z]+)")
MOST = 200  # definitions that are kept for a document


@dataclass(slots=True)
class Macros:
    """The definitions of the formulas so far, by the name of the command."""

    known: dict[str, str] = field(default_factory=dict)

    def applied(self, tex: str) -> str:
        """The formula with the earlier definitions that it uses; empty if it has only definitions."""
        tex = commands.prepared(tex) if "\\def" in tex or "\\let" in tex else tex
        own, rest = definitions(tex)
        known = {**self.known, **own}
        needed = _needed(rest, known) - own.keys() if self.known else set()
        if len(known) <= MOST:
            self.known = known
        if own and not rest.strip():
            return ""
        return "".join(text for name, text in self.known.items() if name in needed) + tex


def _needed(tex: str, known: dict[str, str]) -> set[str]:
    """The commands of `known` that the formula uses, and that these use."""
    found, todo = set[str](), [tex]
    while todo:
        new = (set(COMMAND.findall(todo.pop())) & known.keys()) - found
        found |= new
        todo += [known[name] for name in new]
    return found


def definitions(tex: str) -> tuple[dict[str, str], str]:
    """The definitions of a formula by the name of the command, and the rest of the formula."""
    if not commands.DEFINED.search(tex):
        return {}, tex
    own, rest = dict[str, str](), list[str]()
    pieces = iter(PIECE.findall(tex))
    for piece in pieces:
        if piece not in DEFINING:
            rest.append(piece)
            continue
        text = piece + "".join(_arguments(pieces))
        name = commands.DEFINED.match(text)
        if name is None:
            rest.append(text)
        else:
            own[name[1]] = text
    return own, "".join(rest)


def _arguments(pieces: Iterator[str]) -> Iterator[str]:
    """The name, the numbers in brackets and the body of a definition."""
    named, depth = False, 0
    for piece in pieces:
        yield piece
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
            if depth == 0 and named:
                return
            named = named or depth == 0
        elif depth == 0 and piece.startswith("\\"):
            named = True
