"""The abstract stands on the page once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from service.ast import pandoc_ast
from service.model.document import Conversion
from service.passes import abstract
from tests.passes.conftest import Make, nodes, said

Recipe = Callable[..., Conversion]


def test_it_stands_before_the_text(read: Make, conversion: Recipe) -> None:
    after = abstract.run(read("## Sand\n\nText.", title="Low tide", abstract="We dug.\n\nDeep.", lang="it"), conversion("pdf"))
    assert [pandoc_ast.text(each) for each in nodes(after, "Header")] == ["Sommario", "Sand"]
    assert after.blocks[0]["c"][0][1] == ["abstract"]
    assert [pandoc_ast.text([each]) for each in nodes(after, "Para")] == ["We dug.", "Deep.", "Text."]
    assert abstract.run(after, conversion("pdf")) == after


def test_a_text_that_begins_with_it_stays(read: Make, conversion: Recipe) -> None:
    before = read("# Abstract\n\nWe *dug* deep.\n\nText.", abstract="We dug deep.")
    assert abstract.run(before, conversion("pdf")) == before


def test_the_requests_takes_the_place_of_the_authors(read: Make, conversion: Recipe) -> None:
    before = read("Text.", abstract="We dug.", front_matter={"abstract": "We dug."})
    before = abstract.run(before, conversion("pdf"))
    after = abstract.run(replace(before, metadata=replace(before.metadata, abstract="We sang.")), conversion("pdf"))
    assert "We sang." in said(after)
    assert "We dug." not in said(after)
    gone = abstract.run(replace(before, metadata=replace(before.metadata, abstract="")), conversion("pdf"))
    assert said(gone).strip() == "Text."
