"""Tables that can be laid out: spans cut to the grid, at most 64 columns, long tables in parts of 500 rows.

A `colspan` of a million passes through pandoc and hangs WeasyPrint, whose time grows with the square of the rows.
No text is lost: cells beyond the last column join the last cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from service.ast.pandoc_ast import Node, walk_blocks
from service.ast.tables import MAX_COLUMNS, MAX_ROWS, Row, filled, lay_out
from service.model.document import Conversion, Document
from service.model.notices import notice

Body = list[Any]  # [attr, row head columns, head rows, rows]


def run(document: Document, _conversion: Conversion) -> Document:
    changed: list[str] = []

    def visit(node: Node) -> Node | list[Node]:
        return _parts(_clamped(node, changed), changed)

    blocks = walk_blocks(document.blocks, visit, {"Table"})
    if not changed:
        return document
    reported = notice(
        "table-clamped", f"{len(changed)} tables were changed: {changed[0]}", stage="tables", data={"changes": changed[:100]}
    )
    return replace(document, blocks=blocks, notices=(*document.notices, reported))


def _clamped(node: Node, changed: list[str]) -> Node:
    """The same table if nothing is beyond the grid."""
    attributes, caption, specs, head, bodies, foot = node["c"]
    sections = [head[1], foot[1], *(rows for body in bodies for rows in body[2:4])]
    grids = [lay_out(rows, min(MAX_COLUMNS, max(1, len(specs)))) for rows in sections]
    cut = sum(grid.cut for grid in grids)
    if not cut and len(specs) <= MAX_COLUMNS:
        return node
    changed.append(f"{cut} spans or cells were cut to {min(len(specs), MAX_COLUMNS)} columns.")
    specs = specs[:MAX_COLUMNS]
    rows = [filled(grid.rows, len(specs)) for grid in grids]
    new_bodies = [[*body[:2], rows[2 + 2 * number], rows[3 + 2 * number]] for number, body in enumerate(bodies)]
    return {"t": "Table", "c": [attributes, caption, specs, [head[0], rows[0]], new_bodies, [foot[0], rows[1]]]}


def _parts(node: Node, changed: list[str]) -> Node | list[Node]:
    """A table of too many rows as several: each with the head, the first with the caption, the last with the foot."""
    attributes, caption, specs, head, bodies, foot = node["c"]
    total = sum(len(body[2]) + len(body[3]) for body in bodies)
    if total <= MAX_ROWS:
        return node
    groups = list(_groups([piece for body in bodies for piece in _pieces(body)]))
    changed.append(f"{total} rows were set as {len(groups)} tables.")
    tables = []
    for number, group in enumerate(groups):
        first, last = number == 0, number == len(groups) - 1
        head_part = head if first else [["", [], []], head[1]]
        foot_part = foot if last else [["", [], []], []]
        content = [
            attributes if first else ["", *attributes[1:]],
            caption if first else [None, []],
            specs,
            head_part,
            group,
            foot_part,
        ]
        tables.append({"t": "Table", "c": content})
    return tables


def _pieces(body: Body) -> Iterator[Body]:
    """A body in pieces of at most MAX_ROWS rows, cut where no span crosses if there is such a place."""
    attributes, head_columns, head_rows, rows = body
    while len(head_rows) + len(rows) > MAX_ROWS:
        at = _uncrossed(rows, max(1, MAX_ROWS - len(head_rows)))
        yield [attributes, head_columns, head_rows[:MAX_ROWS], lay_out(rows[:at]).rows]
        head_rows, rows = head_rows[MAX_ROWS:], rows[at:]
    yield [attributes, head_columns, head_rows, rows]


def _uncrossed(rows: Sequence[Row], most: int) -> int:
    """The last row count up to `most` after which no row span is open; else `most`."""
    reach, best = 0, 0
    for number, (_, cells) in enumerate(rows[:most], 1):
        reach = max([reach, *(number - 1 + one[2] for one in cells)])
        if reach <= number:
            best = number
    return best or min(most, len(rows))


def _groups(pieces: Sequence[Body]) -> Iterator[list[Body]]:
    """Combines adjacent pieces into one table while they are small enough."""
    group: list[Body] = []
    count = 0
    for piece in pieces:
        size = len(piece[2]) + len(piece[3])
        if group and count + size > MAX_ROWS:
            yield group
            group, count = [], 0
        group.append(piece)
        count += size
    if group:
        yield group
