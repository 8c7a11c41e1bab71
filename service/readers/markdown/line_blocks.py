"""Line blocks of pandoc: lines that each begin with `| `, as verse is written. A row of a table ends with a bar."""

from __future__ import annotations

from collections.abc import Sequence

from service.ast.pandoc_ast import Node

ENDS = frozenset({"SoftBreak", "LineBreak"})


def from_paragraph(inlines: Sequence[Node]) -> Node | None:
    """The line block that a paragraph of two or more such lines is; None for another paragraph."""
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
    return {"t": "LineBlock", "c": [line[2:] for line in lines]}


def _is_line(line: list[Node]) -> bool:
    begins = line[:1] == [{"t": "Str", "c": "|"}] and (len(line) == 1 or line[1]["t"] == "Space")
    last = line[-1] if len(line) > 1 else {"t": "Str", "c": ""}
    return begins and not (last["t"] == "Str" and last["c"].endswith("|"))
