"""Arranges pictures of one line in rows as wide as the text, each row with one height."""

from __future__ import annotations

from collections.abc import Sequence

SIDE_BY_SIDE = 3  # pictures in a row that is too narrow for their own sizes
LOWEST = 80  # pixels: rows that would be lower hold fewer pictures
SMALL = 60  # pixels: lower pictures are badges and icons, which wrap like words
GAP = 6  # pixels between two pictures in a row: a blank
Size = tuple[float, float]  # width and height


def fitted(line: Sequence[Size], width: float) -> list[list[Size]]:
    """The rows of a line of pictures on a text of `width` pixels, with their sizes. None if they keep their own sizes."""
    if len(line) < 2 or sum(each[0] + GAP for each in line) <= width or all(high <= SMALL for _, high in line):
        return []
    rows = -(-len(line) // SIDE_BY_SIDE)
    each_row = -(-len(line) // rows)
    while each_row > 1 and min(_height(row, width) for row in _rows(line, each_row)) < LOWEST:
        each_row -= 1
    return [_at(row, _height(row, width)) for row in _rows(line, each_row)] if each_row > 1 else []


def _rows(line: Sequence[Size], length: int) -> list[Sequence[Size]]:
    return [line[start : start + length] for start in range(0, len(line), length)]


def _height(row: Sequence[Size], width: float) -> float:
    """The height of a row as wide as the text, or of its highest picture."""
    room = width - GAP * len(row)
    return min(room / sum(wide / high for wide, high in row), max(high for _, high in row))


def _at(row: Sequence[Size], height: float) -> list[Size]:
    return [(wide * height / high, height) if high > height else (wide, high) for wide, high in row]
