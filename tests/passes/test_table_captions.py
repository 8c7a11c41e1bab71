"""A paragraph next to a table that begins with a colon is its caption."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import tables
from service.ast.pandoc_ast import Node, div, para, plain, words
from service.model.blocks import Blocks
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import table_captions

Recipe = Callable[..., Conversion]
TEXT = para(words("Some words."))


def _table(content: str) -> Node:
    row = [["", [], []], [tables.cell([plain(words(content))])]]
    return tables.table([], [[row]], [], [])


def run(blocks: list[Node], conversion: Recipe) -> list[Node]:
    document = Document(Metadata(), Blocks(blocks), Source("a.md", b""))
    done = table_captions.run(document, conversion("pdf"))
    assert table_captions.run(done, conversion("pdf")) is done
    return list(done.blocks)


@pytest.mark.parametrize("mark", [":", "Table:", "table:"])
@pytest.mark.parametrize("before", [False, True])
def test_the_paragraph_is_the_caption(mark: str, before: bool, conversion: Recipe) -> None:
    caption = para(words(f"{mark} Birds of the coast. {{#tbl:birds .striped}}"))
    blocks = [caption, _table("x")] if before else [_table("x"), caption]
    (done,) = run(blocks, conversion)
    assert done["c"][0] == ["tbl:birds", ["striped"], []]
    assert done["c"][1] == [None, [plain(words("Birds of the coast."))]]


def test_between_two_tables_it_is_that_of_the_first(conversion: Recipe) -> None:
    first, second = run([_table("x"), para(words(": One")), _table("y")], conversion)
    assert first["c"][1][1] and not second["c"][1][1]


def test_in_a_division(conversion: Recipe) -> None:
    (done,) = run([div([_table("x"), para(words(": One"))])], conversion)
    assert [each["t"] for each in done["c"][1]] == ["Table"]


@pytest.mark.parametrize(
    "blocks",
    [
        [_table("x"), TEXT],
        [_table("x"), TEXT, para(words(": One"))],
        [_table("x"), para(words(":One"))],
        [para(words(": One"))],
    ],
)
def test_other_paragraphs_stay(blocks: list[Node], conversion: Recipe) -> None:
    assert run(blocks, conversion) == blocks
