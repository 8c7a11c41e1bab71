"""Tables are cut to what can be laid out, and no text goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.ast import tables as table_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import tables

Recipe = Callable[..., Conversion]


def document(*blocks: Any) -> Document:
    return Document(Metadata(), blocks, Source("a.md", b""))


def cell(text: str, row_span: int = 1, column_span: int = 1) -> Any:
    return table_ast.cell([pandoc_ast.plain([pandoc_ast.string(text)])], row_span, column_span)


def bare_table(rows: list[list[Any]], columns: int) -> Any:
    """A table as a stranger's AST may have it: nothing cut to the grid."""
    empty: list[Any] = ["", [], []]
    specs = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in range(columns)]
    body = [empty, 0, [], [[empty, row] for row in rows]]
    caption = [None, [pandoc_ast.plain([pandoc_ast.string("caption")])]]
    return {"t": "Table", "c": [["id", [], []], caption, specs, [empty, [[empty, [cell("head")]]]], [body], [empty, []]]}


def spans(table: Any) -> list[list[tuple[int, int]]]:
    return [[(one[2], one[3]) for one in cells] for body in table["c"][4] for _, cells in body[3]]


def letters(nodes: Any) -> str:
    return pandoc_ast.text(nodes).replace("\n", "")


def twice(blocks: Document, conversion: Recipe) -> Document:
    once = tables.run(blocks, conversion("pdf"))
    assert tables.run(once, conversion("pdf")) == once
    return once


def test_a_sane_table_stays(conversion: Recipe) -> None:
    before = document(bare_table([[cell("a", 2), cell("b")], [cell("c")]], 2))
    assert twice(before, conversion) == before


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        ([[cell("a", 1, 1_000_000)]], 1, [[(1, 1)]]),
        ([[cell("a", 1_000_000, 1), cell("b")]], 2, [[(1, 1), (1, 1)]]),
        ([[cell("a", 0, -3), cell("b")]], 2, [[(1, 1), (1, 1)]]),
        ([[cell("a", 3), cell("b")], [cell("c", 1, 5)]], 2, [[(2, 1), (1, 1)], [(1, 1)]]),
        ([[cell("a"), cell("b", 2)], [cell("c", 1, 2)]], 2, [[(1, 1), (2, 1)], [(1, 1)]]),
    ],
)
def test_spans(rows: Any, columns: int, expected: Any, conversion: Recipe, engines: Engines) -> None:
    before = document(bare_table(rows, columns))
    after = twice(before, conversion)
    assert spans(after.blocks[0]) == expected
    assert letters(list(after.blocks)) == letters(list(before.blocks))
    assert [one.code for one in after.notices] == ["table-clamped"]
    assert pandoc_ast.loads(engines.pandoc.read(pandoc_ast.dumps(after.blocks), "json")[0]) == list(after.blocks)


def test_too_many_columns(conversion: Recipe) -> None:
    before = document(bare_table([[cell(f"c{number};") for number in range(100)]], 100))
    after = twice(before, conversion)
    (table,) = after.blocks
    assert len(table["c"][2]) == 64
    assert letters(list(after.blocks)) == letters(list(before.blocks))


def test_a_row_that_is_covered_keeps_its_text(conversion: Recipe) -> None:
    before = document(bare_table([[cell("a", 2)], [cell("b")]], 1))
    assert "b" in letters(list(twice(before, conversion).blocks))


def test_many_rows(conversion: Recipe) -> None:
    before = document(bare_table([[cell(f"r{number};")] for number in range(1_200)], 1))
    after = twice(before, conversion)
    assert [len(table["c"][4][0][3]) for table in after.blocks] == [500, 500, 200]
    assert [letters(table["c"][3]) for table in after.blocks] == ["head"] * 3
    assert [letters(table["c"][1]) for table in after.blocks] == ["caption", "", ""]
    assert [table["c"][0][0] for table in after.blocks] == ["id", "", ""]


def test_rows_are_parted_where_no_span_crosses(conversion: Recipe) -> None:
    rows = [[cell("x"), cell("y")] for _ in range(600)]
    rows[495] = [cell("tall", 10), cell("y")]
    rows[496:505] = [[cell("y")] for _ in range(9)]
    after = twice(document(bare_table(rows, 2)), conversion)
    assert [len(table["c"][4][0][3]) for table in after.blocks] == [495, 105]
    assert spans(after.blocks[1])[0] == [(10, 1), (1, 1)]
