"""Pipe tables whose rows have more cells than their head: the rule (GFM 4.10) throws the rest away, and its text with it.

Pages turned into Markdown are full of them: tables for layout, code with a pipe in it. The head is widened before
pandoc reads it, so that every cell has a column. Only ends of lines are touched: no line moves.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile

from service.readers.shared import fences

PREFIX = r"^[ ]{0,3}(?:>[ ]?)*"
DELIMITERS = re.compile(PREFIX + r"\|?[ \t]*+:?-++:?[ \t]*+(?>(?:\|[ \t]*+:?-++:?[ \t]*+)*)\|?[ \t]*+$")
QUOTE = re.compile(PREFIX)
PIPE = re.compile(r"(?<!\\)\|")
MOST = 64


def widen(text: str) -> str:
    if "|" not in text:
        return text
    lines = text.split("\n")
    fence, end = "", 0
    for number, line in enumerate(lines):
        before, fence = fence, fences.after(line, fence)
        if not fence and not before and number > end and "|" in line and DELIMITERS.match(line):
            end = _widen_one(lines, number)
            _part_one(lines, number)
    return "\n".join(lines)


def _widen_one(lines: list[str], delimiters: int) -> int:
    """Widens the head above and the row of delimiters at `delimiters`, where the rows below have more cells.

    Answers the table's last line: delimiters in its rows begin no table.
    """
    columns = cells(lines[delimiters])
    if cells(lines[delimiters - 1]) != columns:
        return 0
    rows = [*takewhile(lambda line: QUOTE.sub("", line).strip(), islice(lines, delimiters + 1, None))]
    extra = min(max(map(cells, rows), default=0), MOST) - columns
    if extra > 0:
        lines[delimiters - 1] = _closed(lines[delimiters - 1]) + "  |" * extra
        lines[delimiters] = _closed(lines[delimiters]) + "---|" * extra
    return delimiters + len(rows)


def _part_one(lines: list[str], delimiters: int) -> None:
    head, above = lines[delimiters - 1], lines[delimiters - 2] if delimiters > 1 else ""
    if above.strip() and "|" in head and not {"|", ">"} & {*above} and cells(head) == cells(lines[delimiters]):
        lines[delimiters - 1] = f"\n{head}"


def cells(line: str) -> int:
    """How many cells the row has."""
    row = QUOTE.sub("", line).strip().removeprefix("|")
    return len(PIPE.findall(row[:-1] if row.endswith("|") and not row.endswith("\\|") else row)) + 1


def _closed(line: str) -> str:
    row = line.rstrip()
    return row if row.endswith("|") and not row.endswith("\\|") else f"{row} |"
