"""Tables that are drawn: pandoc's and reStructuredText's grid tables, and pandoc's simple and multiline tables.

The cells of a grid table are texts of their own, with lists and code. The columns of the others are below dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from textwrap import dedent

from service.ast.pandoc_ast import attr
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading

GRID = re.compile(
    r"^(?P<lead>[ \t>]*+)(?P<first>\+(?:[-=:]+\+)+)[ \t]*\n(?P<rows>(?:[ \t>]*+[|+][^\n]*[|+][ \t]*(?:\n|\Z))+)", re.M
)
RULE = re.compile(r"\+(?:[-=:]+\+)+\Z")
DASHES = re.compile(r"-{2,}")
COLUMNS = re.compile(r"[ ]{0,3}-{2,}(?:[ ]+-{2,})+[ ]*\Z")  # `-----  ----`: below a head, or around a table without one
LINE = re.compile(r"[ ]{0,3}-{5,}[ ]*\Z")  # above and below a multiline table
LONGEST = 2_000  # lines of one table


@dataclass(frozen=True, slots=True)
class Drawn:
    """The cells of a table as lines of text: rows of cells, the head first; `alignments` are for the columns."""

    head: Sequence[Sequence[str]]
    rows: Sequence[Sequence[str]]
    alignments: Sequence[str]
    lines: Sequence[int]  # the line of the upload in which each row begins, that of the head first


def changed(text: Text) -> None:
    text.replaced(GRID, partial(_grid_as_stand_in, text), "+-")
    text.replaced(GRID, partial(_grid_as_stand_in, text), "+=")
    if "-- " in text.bare:
        text.cut(list(_below_dashes(text)))


def _grid_as_stand_in(text: Text, found: re.Match[str]) -> str | None:
    source = text.text[found.start() : found.end()]
    table = _grid(found, source, text.line + text.text.count("\n", 0, found.start()))
    return f"{found['lead']}{text.masks.stand_in(partial(_made, table), source)}\n" if table else None


def _below_dashes(text: Text) -> Iterator[tuple[int, int, str]]:
    """Simple and multiline tables: a line of dashes in groups, and the lines around it."""
    lines, bare = text.text.split("\n"), text.bare.split("\n")
    places = [0]
    for line in lines:
        places.append(places[-1] + len(line) + 1)
    done = 0
    for number, line in enumerate(bare):
        if number < done or "-- " not in line or not COLUMNS.match(line):
            continue
        found = _multiline(lines, number, done, text.line) or _simple(lines, number, done, text.line)
        if found is None:
            continue
        first, done, table = found
        source = "\n".join(lines[first:done])
        yield places[first], places[done], text.masks.stand_in(partial(_made, table), source) + "\n"


def _grid(found: re.Match[str], source: str, line: int) -> Drawn | None:
    lead = len(found["lead"])
    lines = [one[lead:].rstrip() for one in source.rstrip("\n").split("\n")]
    corners = [place for place, one in enumerate(lines[0]) if one == "+"]
    if len({len(one) for one in lines if one.isascii()}) > 1 or not RULE.match(lines[-1]):
        return None
    rows: list[list[str]] = []
    starts: list[int] = []
    rules = [number for number, one in enumerate(lines) if RULE.match(one)]
    for first, last in pairwise(rules):
        cells = [_columns(one, corners) for one in lines[first + 1 : last]]
        rows.append(["\n".join(cell[column] for cell in cells) for column in range(len(corners) - 1)])
        starts.append(line + first + 1)
    heads = [place for place, number in enumerate(rules) if "=" in lines[number]]
    ruled = lines[rules[heads[0]]] if heads else lines[0]
    alignments = [_of_colons(ruled[start + 1 : end]) for start, end in pairwise(corners)]
    split = heads[0] if heads and heads[0] else 0
    return Drawn(rows[:split], rows[split:], alignments, starts)


def _columns(line: str, corners: Sequence[int]) -> list[str]:
    """The cells of a line: by its bars if their number fits the columns, because wide characters move them."""
    parts = line.strip("|").split("|") if line.count("|") == len(corners) else []
    if len(parts) == len(corners) - 1:
        return [one.rstrip() for one in parts]
    return [line[start + 1 : end].rstrip() for start, end in pairwise(corners)]


def _of_colons(rule: str) -> str:
    begins, ends = rule.startswith(":"), rule.endswith(":")
    return "AlignCenter" if begins and ends else "AlignLeft" if begins else "AlignRight" if ends else "AlignDefault"


Found = tuple[int, int, Drawn]


def _simple(lines: Sequence[str], number: int, done: int, line: int) -> Found | None:
    """The table whose head is above the dashes in line `number`: its first line, the line behind it, and its cells."""
    spans = [one.span() for one in DASHES.finditer(lines[number])]
    above = lines[number - 1] if number > done else ""
    if above.strip() and number - 2 >= done and lines[number - 2].strip():
        return None
    end = number + 1
    while end < min(len(lines), number + LONGEST) and lines[end].strip():
        end += 1
    rows = lines[number + 1 : end]
    closed = bool(rows) and not rows[-1].strip(" -")
    rows = rows[:-1] if closed else rows
    if not rows or not (above.strip() or closed) or any(_crosses(one, spans) for one in [above, *rows]):
        return None
    has_head = bool(above.strip())
    if has_head and not all(_cut(above, spans)):
        return None
    starts = [line + number - 1] * has_head + [line + number + 1 + place for place in range(len(rows))]
    table = Drawn([_cut(above, spans)] * has_head, [_cut(one, spans) for one in rows], _of_head(above or rows[0], spans), starts)
    return number - has_head, end, table


def _multiline(lines: Sequence[str], number: int, done: int, line: int) -> Found | None:
    """The same for a table between two lines of dashes, with blank lines between its rows."""
    spans = [one.span() for one in DASHES.finditer(lines[number])]
    top = number - 1
    while top >= max(done, number - 10) and lines[top].strip() and not LINE.match(lines[top]):
        top -= 1
    if top < done or top == number - 1 or not LINE.match(lines[top]):
        return None
    end = next((place for place in range(number + 1, min(len(lines), number + LONGEST)) if LINE.match(lines[place])), 0)
    if not end:
        return None
    rows: list[list[str]] = []
    starts = [line + top + 1]
    for place in range(number + 1, end):
        if not lines[place].strip():
            continue
        if not rows or not lines[place - 1].strip():
            rows.append([])
            starts.append(line + place)
        rows[-1].append(lines[place])
    heads = lines[top + 1 : number]
    if any(_crosses(one, spans) for one in [*heads, *(each for row in rows for each in row)]):
        return None
    table = Drawn([_joined(heads, spans)], [_joined(row, spans) for row in rows], _of_head(heads[-1], spans), starts)
    return top, end + 1, table


def _joined(lines: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    cells = [_cut(line, spans) for line in lines]
    return ["\n".join(cell[column] for cell in cells if cell[column]) for column in range(len(spans))]


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The text of each column, which reaches to the next one; that of the first begins with the line."""
    starts = [0, *(start for start, _ in spans[1:]), len(line) + 1]
    return [line[start:end].strip() for start, end in pairwise(starts)]


def _crosses(line: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a word crosses the start of a column."""
    return any(line[start - 1 : start].strip() and line[start : start + 1].strip() for start, _ in spans[1:])


def _of_head(line: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The alignment by the place of a head above its dashes."""
    made = []
    for start, end in spans:
        cell = line[start:end].ljust(end - start)
        left, right = not cell[:1].isspace(), not cell[-1:].isspace()
        made.append(
            "AlignDefault" if left == right and left else "AlignLeft" if left else "AlignRight" if right else "AlignCenter"
        )
    return made


def _made(table: Drawn, reading: Reading) -> list[Block]:
    rows = [*table.head, *table.rows]
    made = [
        [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, _cell(reading, cell, line)] for cell in row]]
        for row, line in zip(rows, table.lines, strict=True)
    ]
    head = len(table.head)
    columns = [[{"t": one}, {"t": "ColWidthDefault"}] for one in table.alignments]
    return [
        {"t": "Table", "c": [attr(), [None, []], columns, [attr(), made[:head]], [[attr(), 0, [], made[head:]]], [attr(), []]]}
    ]


def _cell(reading: Reading, cell: str, line: int) -> list[Block]:
    text = dedent(cell).strip("\n")
    if not text.strip():
        return []
    blocks = reading.sub_document(text.split("\n"), line - reading.line + 1)
    return [{"t": "Plain", "c": blocks[0]["c"]}] if len(blocks) == 1 and blocks[0]["t"] == "Para" else blocks
