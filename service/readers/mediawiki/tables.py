"""Tables of MediaWiki as pandoc reads them: closed, without empty rows, the first row as wide as the widest.

pandoc 3.9 takes the width of a table from its first row and loses the cells beyond it; two row marks without a cell
between them lose the whole table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENS, TABLE_END = re.compile(r"[ \t:*]*+\{\|"), re.compile(r"[ \t:*]*+\|\}")
HEADING = re.compile(r"={2,6}[^=].*=\s*$")
ROW = re.compile(r"[ \t]*+\|-")
CELL = re.compile(r"[ \t]*+([|!])(?![-}+])")
NEXT = {"|": re.compile(r"\|\|"), "!": re.compile(r"\|\||!!")}
COLSPAN = re.compile(r"\bcolspan\s*+=\s*+[\"']?+(\d{1,3})", re.I)
ATTRIBUTE = re.compile(r"(?<![\w-])[\w-]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'|]++)")
WORD = re.compile(r"\w{2}")
GONE = "\x02"
LINKS = re.compile(r"\[\[[^\[\]\n]*+\]\]")


@dataclass
class Table:
    """`row` is the width of the row that is read, `first` that of the first; `end` is the line that follows the first row."""

    row: int = 0
    first: int = 0
    widest: int = 0
    end: int = -1
    mark: int = -1  # the line of a row mark that no cell follows yet
    sign: str = "|"


def settled(text: str) -> str:
    """`text` with its tables in a form that pandoc reads completely."""
    if "{|" not in text:
        return text
    lines = text.split("\n")
    opened: list[Table] = []
    inserted: dict[int, str] = {}
    for at, line in enumerate(lines):
        if found := OPENS.match(line):
            opened.append(Table())
            attributes = ATTRIBUTE.findall(line, found.end())
            if words := " ".join(ATTRIBUTE.sub(" ", line[found.end() :]).split()):  # pandoc fails on them
                inserted[at] = f"{words}\n" if WORD.search(words) else ""
                lines[at] = " ".join([found.group(), *attributes])
        elif opened and TABLE_END.match(line):
            _end(opened.pop(), at, inserted)
        elif opened and HEADING.match(line):
            for each in reversed(opened):
                _end(each, at, inserted)
            inserted[at] = inserted.get(at, "") + "|}\n" * len(opened)
            opened = []
        elif opened:
            _line(opened[-1], lines, at)
    for each in reversed(opened):
        _end(each, len(lines), inserted)
    last = inserted.pop(len(lines), "").splitlines()
    shown = [inserted.get(at, "") + ("" if line == GONE else f"{line}\n") for at, line in enumerate(lines)]
    return "".join(shown) + "\n".join([*last, *["|}"] * len(opened)])


def _line(table: Table, lines: list[str], at: int) -> None:
    if ROW.match(lines[at]):
        if table.mark >= 0:
            lines[table.mark] = GONE  # two marks in a row
        if table.row and table.end < 0:
            table.first, table.end = table.row, at
        table.row, table.mark = 0, at
    elif found := CELL.match(lines[at]):
        table.mark = -1
        table.row += _width(LINKS.sub("", lines[at][found.end() :]), found[1])
        table.sign = found[1] if table.end < 0 else table.sign
        table.widest = max(table.widest, table.row)


def _width(cells: str, sign: str) -> int:
    spans = sum(min(int(each), 100) - 1 for each in COLSPAN.findall(cells) if each != "0")
    return 1 + len(NEXT[sign].findall(cells)) + spans


def _end(table: Table, at: int, inserted: dict[int, str]) -> None:
    """The table ends before line `at`: adds the missing cells of its first row."""
    first, end = (table.first, table.end) if table.end >= 0 else (table.row, at)
    if first < table.widest:
        inserted[end] = f"{table.sign} \n" * (table.widest - first) + inserted.get(end, "")
