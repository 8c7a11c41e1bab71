"""Pipe tables whose rows have more cells than their head: by the rule (GFM 4.10) the other cells are lost with their text.

Pages turned into Markdown are full of them: tables for layout, code with a pipe in it. The head is widened and the text
is parsed again, so that every cell has a column. Only ends of lines change: no line moves.
"""

from __future__ import annotations

import re

from service.readers.markdown.parser import Parsed

PREFIX = re.compile(r"^(?>(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)")
PIPE = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"(?<!`)`[^`\n]{1,300}`(?!`)")
MOST = 64


def widened(text: str, parsed: Parsed) -> str:
    """`text` with a head as wide as the widest row of its table. `parsed` has tables in the lines of `text`."""
    tables = parsed.by_kind.get("Table", ())
    if not tables:
        return text
    lines = text.split("\n")
    for node in tables:
        first, last = node.sourcepos.start.line - 1, node.sourcepos.end.line
        columns = node.node_value.value.num_columns
        for number in range(first, last):
            if "`" in lines[number] and cells(lines[number]) > columns:
                lines[number] = _with_code(lines[number], columns)
        extra = min(max(map(cells, lines[first:last]), default=0), MOST) - columns
        if extra > 0:
            lines[first] = _closed(lines[first]) + "  |" * extra
            lines[first + 1] = _closed(lines[first + 1]) + "---|" * extra
    return "\n".join(lines)


def _with_code(line: str, columns: int) -> str:
    """The row with escaped pipes in its code, where it then has as many cells as the head."""
    escaped = CODE.sub(lambda found: PIPE.sub(r"\\|", found[0]), line)
    return escaped if cells(escaped) == columns else line


def cells(line: str) -> int:
    """The number of cells of a row."""
    row = PREFIX.sub("", line).strip().removeprefix("|")
    return len(PIPE.findall(row[:-1] if row.endswith("|") and not row.endswith("\\|") else row)) + 1


def _closed(line: str) -> str:
    row = line.rstrip()
    return row if row.endswith("|") and not row.endswith("\\|") else f"{row} |"
