"""Line blocks of pandoc: lines that each begin with `| `, as in verse. A row of a table ends with a bar."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from service.ast.pandoc_ast import Node

ENDS = frozenset({"SoftBreak", "LineBreak"})
INDENT = re.compile(r"[ \t>]*+\| ( *)")
BLANK = "\u00a0"


def from_paragraph(inlines: Sequence[Node], source: Callable[[], Sequence[str]] = tuple) -> Node | None:
    """The line block of a paragraph with two or more such lines; None for another paragraph.

    `source` has the lines of the text: the indentation becomes no-break spaces, as in pandoc.
    """
    if inlines[0] != {"t": "Str", "c": "|"}:
        return None
    lines: list[list[Node]] = [[]]
    for one in inlines:
        if one["t"] in ENDS:
            lines.append([])
        else:
            lines[-1].append(one)
    if len(lines) < 2 or not all(map(_is_line, lines)):
        return None
    indents = [len(found[1]) if (found := INDENT.match(line)) else 0 for line in source()]
    if len(indents) != len(lines):
        indents = [0] * len(lines)
    return {"t": "LineBlock", "c": [_indented(line[2:], blanks) for line, blanks in zip(lines, indents, strict=True)]}


def _indented(line: list[Node], blanks: int) -> list[Node]:
    if not line or not blanks:
        return line
    if line[0]["t"] == "Str":
        return [{"t": "Str", "c": BLANK * blanks + line[0]["c"]}, *line[1:]]
    return [{"t": "Str", "c": BLANK * blanks}, *line]


def _is_line(line: list[Node]) -> bool:
    begins = line[:1] == [{"t": "Str", "c": "|"}] and (len(line) == 1 or line[1]["t"] == "Space")
    last = line[-1] if len(line) > 1 else {"t": "Str", "c": ""}
    return begins and not (last["t"] == "Str" and last["c"].endswith("|"))
