"""The grid that the spans of a table make."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast, tables


def rows(count: int, *cells: tuple[int, int]) -> list[tables.Row]:
    """`count` rows of cells with these row and column spans; each cell has its row's number as its text."""
    return [
        [pandoc_ast.attr(), [tables.cell([pandoc_ast.plain(pandoc_ast.words(str(number)))], *spans) for spans in cells]]
        for number in range(count)
    ]


@pytest.mark.parametrize("span", [2, 500, 65_534, 10**12])
def test_cells_next_to_a_full_grid_join_the_last_cell(span: int) -> None:
    """Spans from above leave no column free in whole rows: no text is lost."""
    count = tables.MAX_COLUMNS * 3
    grid = tables.lay_out(rows(count, (span, 1)))
    blocks = [block for row in grid.rows for cell in row[1] for block in cell[4]]
    assert sorted(int(pandoc_ast.text(block["c"])) for block in blocks) == list(range(count))
    assert grid.columns <= tables.MAX_COLUMNS


@pytest.mark.parametrize("span", [1_000, 10**12])
def test_wide_cells_are_cut(span: int) -> None:
    grid = tables.lay_out(rows(3, (1, span), (1, span)))
    assert grid.columns == tables.MAX_COLUMNS
    assert [len(row[1]) for row in grid.rows] == [1, 1, 1]
    assert grid.cut == 6


def test_the_callers_rows_stay_as_they_are() -> None:
    given = rows(70, (70, 1))
    before = [len(cell[4]) for row in given for cell in row[1]]
    tables.lay_out(given)
    assert [len(cell[4]) for row in given for cell in row[1]] == before
