"""pandoc's tables: builds one from rows of cells, and the grid of their spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service.ast.pandoc_ast import Attr, Node, attr

MAX_COLUMNS = 64
MAX_ROWS = 500  # of one table: WeasyPrint's time grows with the square
ALIGNMENTS = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
Row = list[Any]  # [attr, cells]; a cell is [attr, {"t": alignment}, row span, column span, blocks]


@dataclass
class Grid:
    """The layout of a section's rows: `rows` with every span cut to the grid, `columns` wide; `cut` counts changed spans."""

    rows: list[Row] = field(default_factory=list)
    columns: int = 0
    cut: int = 0


def cell(blocks: Sequence[Node], row_span: int = 1, column_span: int = 1, align: str = "", attributes: Attr | None = None) -> Row:
    alignment = ALIGNMENTS.get(align.lower(), "AlignDefault")
    return [attributes or attr(), {"t": alignment}, row_span, column_span, list(blocks)]


def table(
    head: Sequence[Row],
    bodies: Sequence[Sequence[Row]],
    foot: Sequence[Row],
    caption: Sequence[Node],
    attributes: Attr | None = None,
) -> Node:
    """A table of `[attr, cells]` rows, its spans cut to the grid."""
    grids = [lay_out(rows) for rows in (head, *bodies, foot)]
    columns = max((grid.columns for grid in grids), default=0) or 1
    specs = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in range(columns)]
    rows = [filled(grid.rows, columns) for grid in grids]
    sections = [[attr(), 0, [], body] for body in rows[1:-1]] or [[attr(), 0, [], []]]
    return {
        "t": "Table",
        "c": [attributes or attr(), [None, list(caption)], specs, [attr(), rows[0]], sections, [attr(), rows[-1]]],
    }


def lay_out(rows: Sequence[Row], limit: int = MAX_COLUMNS) -> Grid:
    """The grid of one section: row spans end with it, column spans at `limit`; cells beyond it join the last one."""
    grid = Grid()
    last: list[Row] = []  # the cells of the last row that has any
    covered: dict[tuple[int, int], bool] = {}
    for number, (attributes, cells) in enumerate(rows):
        column = 0
        placed: list[Row] = []
        for one in cells:
            while (number, column) in covered:
                column += 1
            if column >= limit:
                last[-1][4] += one[4]  # text must not be lost
                grid.cut += 1
                continue
            height = max(1, min(int(one[2]), len(rows) - number))
            width = _free_width(covered, number, column, max(1, min(int(one[3]), limit - column)))
            grid.cut += (height, width) != (one[2], one[3])
            covered |= {(number + down, column + right): True for down in range(height) for right in range(width)}
            placed.append([one[0], one[1], height, width, list(one[4])])
            last = placed
            column += width
        grid.rows.append([attributes, placed])
    grid.columns = max((column + 1 for _, column in covered), default=0)
    return grid


def _free_width(covered: dict[tuple[int, int], bool], row: int, column: int, wanted: int) -> int:
    """The columns that a cell may use before a row span from above blocks it."""
    return next((width for width in range(1, wanted) if (row, column + width) in covered), wanted)


def filled(rows: Sequence[Row], columns: int) -> list[Row]:
    """`rows`, each with empty cells up to `columns`: pandoc drops rows with missing cells."""
    out: list[Row] = []
    covered: dict[tuple[int, int], bool] = {}
    for number, (attributes, cells) in enumerate(rows):
        row, column = list(cells), 0
        for one in cells:
            while (number, column) in covered:
                column += 1
            covered |= {(number + down, column + right): True for down in range(one[2]) for right in range(one[3])}
            column += one[3]
        missing = sum((number, column) not in covered for column in range(columns))
        out.append([attributes, row + [cell([]) for _ in range(missing)]])
    return out
