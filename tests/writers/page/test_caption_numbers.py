"""Captions and formulas that a reference can name show their number."""

from __future__ import annotations

import pytest

from service.ast import tables
from service.ast.pandoc_ast import Node, attr, image, para, plain, span, text, words
from service.model.blocks import Blocks
from service.writers.page import caption_numbers


def figure(identifier: str, caption: str) -> Node:
    return {"t": "Figure", "c": [attr(identifier), [None, [plain(words(caption))]], [plain([image([], "a.png")])]]}


def captions(blocks: list[Node], lang: str = "en") -> list[str]:
    return [text(node["c"][1][1]) for node in caption_numbers.shown(Blocks(blocks), lang)]


def test_figures_and_tables_have_numbers_of_their_own() -> None:
    table = tables.table([], [[]], [], [plain(words("Birds"))], attr("tbl-birds"))
    blocks = [figure("fig-a", "Dunes"), table, figure("", "No name"), figure("fig:b", "Waves")]
    assert captions(blocks) == ["Figure\u00a01. Dunes", "Table\u00a01. Birds", "No name", "Figure\u00a02. Waves"]


@pytest.mark.parametrize(
    ("lang", "shown"),
    [("de", "Abbildung\u00a01. x"), ("zh-Hans", "图\u00a01 x"), ("ja", "図\u00a01 x"), ("xx", "Figure\u00a01. x")],
)
def test_the_language_of_the_document(lang: str, shown: str) -> None:
    assert captions([figure("fig-a", "x")], lang) == [shown]


@pytest.mark.parametrize("caption", ["Figure 4: Dunes", "Fig. 2. Dunes", "图3 沙丘", "1. Dunes", "(2) Dunes"])
def test_a_number_of_the_author_stays(caption: str) -> None:
    assert captions([figure("fig-a", caption)]) == [caption]


def test_a_formula() -> None:
    formula = {"t": "Math", "c": [{"t": "DisplayMath"}, "x"]}
    (done,) = caption_numbers.shown(Blocks([para([span([formula], attr("eq-a"))])]), "en")
    assert done["c"][0]["c"][1][0]["c"][1] == "x \\qquad \\text{(1)}"


def test_a_formula_with_a_tag_keeps_it() -> None:
    formula = {"t": "Math", "c": [{"t": "DisplayMath"}, "x \\qquad \\text{(5.1)}"]}
    blocks = Blocks([para([span([formula], attr("eq-a"))])])
    assert list(caption_numbers.shown(blocks, "en")) == list(blocks)
