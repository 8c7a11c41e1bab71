"""A picture alone in a paragraph is a figure with its title as the caption."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast.pandoc_ast import Node, attr, image, para, plain, string, words
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import figures

Recipe = Callable[..., Conversion]


def run(block: Node, conversion: Recipe) -> Node:
    (done,) = figures.run(Document(Metadata(), (block,), Source("a.md", b"")), conversion("pdf")).blocks
    return done


def test_the_title_is_the_caption(conversion: Recipe) -> None:
    block = para([image(words("alt words"), "lamp.png", "A caption", attr("lamp", ["big"], {"width": "50%"}))])
    picture = image(words("alt words"), "lamp.png", "", attr("", ["big"], {"width": "50%"}))
    expected = {"t": "Figure", "c": [attr("lamp"), [None, [plain(words("A caption"))]], [plain([picture])]]}
    assert run(block, conversion) == expected
    assert run(expected, conversion) == expected


def test_an_identifier_of_a_figure_makes_the_description_a_caption(conversion: Recipe) -> None:
    done = run(para([image([string("Lamp")], "lamp.png", "", attr("fig:lamp"))]), conversion)
    assert done["t"] == "Figure" and done["c"][0] == attr("fig:lamp")
    assert done["c"][1] == [None, [plain([string("Lamp")])]]


@pytest.mark.parametrize(
    "block",
    [
        para([image([string("alt")], "lamp.png")]),
        para([image([string("alt")], "a/lamp.png", "lamp.png")]),
        para([string("Here "), image([], "lamp.png", "A caption")]),
        plain([image([], "lamp.png", "A caption")]),
    ],
    ids=["no title", "file name", "in a sentence", "in a cell"],
)
def test_other_pictures_stay(conversion: Recipe, block: Node) -> None:
    assert run(block, conversion) == block


def test_a_picture_alone_in_an_item_of_a_list(conversion: Recipe) -> None:
    picture, words_too = plain([image([], "lamp.png", "A caption")]), plain([*words("Words "), image([], "a.png", "A caption")])
    for block, items in (
        ({"t": "BulletList", "c": [[picture], [words_too]]}, lambda node: node["c"]),
        (
            {"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], [[picture], [words_too]]]},
            lambda node: node["c"][1],
        ),
    ):
        done = run(block, conversion)
        assert [item[0]["t"] for item in items(done)] == ["Figure", "Plain"]
        assert run(done, conversion) == done
