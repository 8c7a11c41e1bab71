"""The title stands once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.ast.pandoc_ast import div
from service.model.blocks import Blocks
from service.model.document import Conversion, Document
from service.passes import title
from tests.passes.conftest import Make, codes, nodes, said

Recipe = Callable[..., Conversion]


@pytest.mark.parametrize(
    ("given", "heading"),
    [
        ("On lamps", "# On lamps"),
        ("On lamps", "## *On* LAMPS!"),
        ("On lamps", "# [On lamps](https://lamps.example/)"),
        ("灯塔：一份记录", "# 灯塔: 一份记录"),
        ("Q&amp;A", "# Q&A"),
        ("？？", "# ？？"),
    ],
)
def test_heading_that_repeats_it_goes(read: Make, conversion: Recipe, given: str, heading: str) -> None:
    after = title.run(read(f"{heading}\n\ntext", title=given), conversion("pdf"))
    assert said(after).strip() == "text"
    assert codes(after) == ["title-heading-removed"]
    assert after.notices[0].data["removed"]


def test_every_repetition_near_the_top_goes(read: Make, conversion: Recipe) -> None:
    after = title.run(read("# One\n\ncover\n\n# One\n\ntext", title="One"), conversion("pdf"))
    assert not nodes(after, "Header")
    assert len(after.notices[0].data["removed"]) == 2


def in_divisions(document: Document) -> Document:
    """`document` as a page has it: an article with its head."""
    return replace(document, blocks=Blocks([div([div(document.blocks[:2]), *document.blocks[2:]])]))


def test_heading_in_divisions_goes(read: Make, conversion: Recipe) -> None:
    after = title.run(in_divisions(read("# One\n\nby Ada\n\ntext", title="One")), conversion("pdf"))
    assert not nodes(after, "Header") and codes(after) == ["title-heading-removed"]
    assert said(after).split() == ["by", "Ada", "text"]


def test_section_of_the_same_name_far_below_in_a_division_stays(read: Make, conversion: Recipe) -> None:
    before = in_divisions(read("text\n\n" * 20 + "## One\n\nmore", title="One"))
    assert title.run(before, conversion("pdf")) == before


@pytest.mark.parametrize("text", ["# Another\n\ntext", "text One", "# ![One](one.png)\n\ntext"])
def test_anything_else_stays(read: Make, conversion: Recipe, text: str) -> None:
    before = read(text, title="One")
    assert title.run(before, conversion("pdf")) == before


def test_section_of_the_same_name_far_below_stays(read: Make, conversion: Recipe) -> None:
    before = read("text\n\n" * 20 + "## One\n\nmore", title="One")
    assert title.run(before, conversion("pdf")) == before
