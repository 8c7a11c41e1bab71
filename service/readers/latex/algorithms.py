"""Algorithms (`algorithmic`, `algpseudocode`) as lines of text: pandoc drops their keywords and joins their lines.

Each command begins a line, its keyword in bold, indented by the blocks that are open.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from service.readers.shared import spans

BEGIN, END = re.compile(r"\\begin\{algorithmic\}(?:\[[^\[\]]*+\])?"), re.compile(r"\\end\{algorithmic\}")
BRACED = r"\{((?>(?:[^{}]++|\{(?>(?:[^{}]++|\{[^{}]*+\})*)\})*))\}"
COMMAND = re.compile(rf"\\([A-Za-z]++)\s*+(?>(?:{BRACED})?)(?>(?:{BRACED})?)")
INDENT = "~~~~"


class Line(NamedTuple):
    """Words before and behind the argument; by how much the depth changes before and behind the line."""

    before: str = ""
    behind: str = ""
    closes: int = 0
    opens: int = 0


LINES = {
    "state": Line(), "statex": Line(), "if": Line("if", "then", 0, 1), "elsif": Line("else if", "then", 1, 1),
    "elseif": Line("else if", "then", 1, 1), "else": Line("else", "", 1, 1), "endif": Line("end if", "", 1),
    "for": Line("for", "do", 0, 1), "forall": Line("for all", "do", 0, 1), "endfor": Line("end for", "", 1),
    "while": Line("while", "do", 0, 1), "endwhile": Line("end while", "", 1), "repeat": Line("repeat", "", 0, 1),
    "until": Line("until", "", 1), "loop": Line("loop", "", 0, 1), "endloop": Line("end loop", "", 1),
    "require": Line("Require:"), "ensure": Line("Ensure:"), "input": Line("Input:"), "output": Line("Output:"),
    "return": Line("return"), "print": Line("print"), "procedure": Line("procedure", "", 0, 1),
    "endprocedure": Line("end procedure", "", 1), "function": Line("function", "", 0, 1),
    "endfunction": Line("end function", "", 1), "globals": Line("globals"),
}  # fmt: skip
BLOCKS = ("if", "for", "while", "else", "until", "loop", "procedure", "function", "repeat", "elsif", "elseif", "forall")


def written_out(text: str) -> str:
    """`text` with its algorithms in paragraphs that pandoc reads. Line ends stay."""
    if r"\begin{algorithmic}" not in text:
        return text
    parts, last = [], 0
    for each in spans.spans(text, BEGIN, lambda _: END):
        parts += [text[last : each.start], r"\par ", _lines(text[each.opening.end() : each.inner_end]), r"\par "]
        last = each.end
    return "".join([*parts, text[last:]])


def _lines(text: str) -> str:
    depth = 0
    first = True

    def line(found: re.Match[str]) -> str:
        nonlocal depth, first
        name, argument, second = found[1].lower(), found[2], found[3]
        ends = "\n" * found.group().count("\n")
        if name in ("comment", "call"):
            return f"({argument}){ends}" if name == "comment" else f"{argument}({second or ''}){ends}"
        if found[1] == "Return":  # within a \\State
            return rf"\textbf{{return}} {f'{{{argument}}}' if argument else ''}{ends}"
        if name not in LINES:
            return found.group()
        row = LINES[name]
        depth = max(0, depth - row.closes)
        start = ("" if first else r"\newline ") + INDENT * depth
        depth, first = depth + row.opens, False
        words = [rf"\textbf{{{row.before}}}" if row.before else "", *_arguments(name, argument, second)]
        words.append(rf"\textbf{{{row.behind}}}" if row.behind and argument is not None else "")
        return start + "".join(f"{each} " for each in words if each) + ends

    return COMMAND.sub(line, text)


def _arguments(name: str, argument: str | None, second: str | None) -> list[str]:
    if name in ("procedure", "function"):
        return [f"{argument or ''}({second or ''})"]
    return [each if name in BLOCKS else f"{{{each}}}" for each in (argument, second) if each is not None]
