"""Blocks remember what is within them, and a walk goes only where something is to be found."""

from __future__ import annotations

from typing import Any

import pytest

from service.ast import pandoc_ast
from service.ast.pandoc_ast import attr, header, image, link, para, string, words
from service.model.blocks import Blocks, deepest, survey
from service.model.document import Document, Metadata, Source
from tests.ast.test_pandoc_ast import MIXED


def test_a_survey_reports_tags_depth_and_words() -> None:
    found = survey(Blocks([para(words("one two")), para([link([string("three")], "#x"), {"t": "SoftBreak"}])]))
    assert found.tags == {"Para": 2, "Str": 3, "Space": 1, "Link": 1, "SoftBreak": 1}
    assert (found.depth, found.words, found.count("Image")) == (3, "onetwothree", 0)


def test_surveys_of_blocks_make_that_of_all() -> None:
    blocks = Blocks(MIXED)
    all_in_one, together = survey(MIXED), survey(blocks)
    assert (together.tags, together.depth) == (all_in_one.tags, all_in_one.depth)
    assert sorted(together.words) == sorted(all_in_one.words)
    assert [each.tags for each in blocks.surveys] == [survey([block]).tags for block in MIXED]


@pytest.mark.parametrize(
    "tags", [{"Code"}, {"Str"}, {"Str", "Emph"}, {"Para", "Cite"}, {"Table"}, {"Nothing"}, {"Link", "Image"}]
)
def test_what_blocks_know_changes_no_answer(tags: set[str]) -> None:
    def visit(node: Any) -> Any:
        return None if node["t"] in ("Emph", "Image") else [node, node]

    blocks = Blocks(MIXED)
    assert list(pandoc_ast.query(blocks, tags)) == list(pandoc_ast.query(MIXED, tags))
    walked = pandoc_ast.walk_blocks(blocks, visit, tags)
    assert list(walked) == pandoc_ast.walk(MIXED, visit, tags)
    assert walked.surveys == [survey([block]) for block in walked]


def test_a_walk_goes_only_into_blocks_that_hold_what_it_wants() -> None:
    seen: list[Any] = []
    blocks = Blocks([para([string("a")]), para([string("b"), image([], "b.png")]), para([string("c")])])
    pandoc_ast.walk_blocks(blocks, seen.append, {"Str"}, lambda found: found.count("Image") > 0)
    assert seen == [string("b")]


def test_what_does_not_change_is_the_same_object_with_the_same_survey() -> None:
    blocks = Blocks([header(2, [string("a")]), para([link([string("b")], "#x")]), *MIXED])
    known = blocks.surveys
    assert pandoc_ast.walk_blocks(blocks, lambda node: node) is blocks
    changed = pandoc_ast.walk_blocks(blocks, lambda node: {**node, "c": [3, *node["c"][1:]]}, {"Header"})
    assert changed[0]["c"] == [3, attr(), [string("a")]]
    assert all(new is old for new, old in zip(changed[1:], blocks[1:], strict=True))
    assert all(new is old for new, old in zip(changed.surveys[1:], known[1:], strict=True))
    assert blocks[0]["c"][0] == 2


def test_a_document_keeps_blocks_whatever_it_was_given() -> None:
    given: Any = (para([string("a")]),)
    document = Document(Metadata(), given, Source("a.md", b"a"))
    assert isinstance(document.blocks, Blocks)
    assert document.blocks == given
    assert Blocks(document.blocks) is document.blocks


def test_a_text_is_longer_than_a_limit_or_not() -> None:
    blocks = Blocks([para(words("four")), {"t": "CodeBlock", "c": [attr(), "code"]}])
    length = len(pandoc_ast.text(blocks))
    assert pandoc_ast.is_longer(blocks, length - 1)
    assert not pandoc_ast.is_longer(blocks, length)
    assert pandoc_ast.is_longer(blocks, 3)


def test_the_words_of_the_deepest_text() -> None:
    deep = {"t": "Para", "c": [{"t": "Emph", "c": [{"t": "Strong", "c": [{"t": "Str", "c": "low"}, {"t": "Str", "c": "down"}]}]}]}
    flat = {"t": "Para", "c": [{"t": "Str", "c": "high"}]}
    assert deepest([flat, deep]) == "low down"
    assert deepest([]) == ""
