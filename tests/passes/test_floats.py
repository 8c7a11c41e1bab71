"""Pictures at one side: every spelling becomes the one class."""

from __future__ import annotations

import pytest

from service.ast.pandoc_ast import Node, attr, image, para, plain, string
from service.model.document import Document, Metadata, Source
from service.passes import floats


def picture(classes: list[str] | None = None, pairs: dict[str, str] | None = None) -> Node:
    return image([string("lamp")], "lamp.png", "", attr("", classes or [], pairs or {}))


def run(*blocks: Node) -> list[Node]:
    document = Document(Metadata(), tuple(blocks), Source("a.md", b""))
    return list(floats.run(document, None).blocks)  # type: ignore[arg-type]


def figure(about: list[object], inner: Node) -> Node:
    return {"t": "Figure", "c": [about, [None, [plain([string("said")])]], [plain([inner])]]}


@pytest.mark.parametrize("name", ["float-right", "align-right", "alignright", "pull-right", "right", "float-end", "tright"])
def test_classes_of_site_builders(name: str) -> None:
    (block,) = run(para([picture(["lamp", name])]))
    assert block["c"][0]["c"][0] == ["", ["lamp", "float-right"], []]


def test_the_attribute_align() -> None:
    (block,) = run(para([picture(pairs={"align": "left", "width": "30%"}), string("text")]))
    assert block["c"][0]["c"][0] == ["", ["float-left"], [["width", "30%"]]]


def test_the_figure_has_the_class_and_not_its_picture() -> None:
    (block,) = run(figure(attr(), picture(["float-right"])))
    assert block["c"][0][1] == ["float-right"] and block["c"][2][0]["c"][0]["c"][0][1] == []
    (other,) = run(figure(attr("fig", ["alignleft"]), picture()))
    assert other["c"][0][:2] == ["fig", ["float-left"]]


def test_a_division_with_one_picture_gives_it_the_side() -> None:
    (block,) = run({"t": "Div", "c": [attr("", ["right"]), [para([picture()])]]})
    assert block["t"] == "Para" and block["c"][0]["c"][0][1] == ["float-right"]


def test_what_is_set_to_the_right_stays_in_its_place() -> None:
    aligned = {"t": "Div", "c": [attr("", [], {"align": "right"}), [para([picture()])]]}
    several = {"t": "Div", "c": [attr("", ["right"]), [para([picture(), string("text")])]]}
    centred = para([picture(pairs={"align": "center"})])
    assert run(aligned, several, centred) == [aligned, several, centred]


def test_the_pass_changes_nothing_more() -> None:
    once = run(para([picture(["alignleft"])]), figure(attr(), picture(["right"])))
    assert run(*once) == once
