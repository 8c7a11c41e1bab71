"""Asking of a tree: each node once, in order, and how deep they nest."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.ast.pandoc_ast import attr, div, image, link, para, string

CITATION = {
    "citationId": "a", "citationPrefix": [string("see")], "citationSuffix": [{"t": "Emph", "c": [string("p. 3")]}],
    "citationMode": {"t": "NormalCitation"}, "citationNoteNum": 1, "citationHash": 0,
}  # fmt: skip
CITE = {"t": "Cite", "c": [[CITATION], [string("[@a]")]]}
QUOTED = {"t": "Quoted", "c": [{"t": "DoubleQuote"}, [string("said")]]}
ROW = [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, [para([string("cell")])]]]]
BODY = [attr(), 0, [], [ROW]]
TABLE = {
    "t": "Table",
    "c": [
        attr("t"), [None, []], [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": 0.5}]],
        [attr(), []], [BODY], [attr(), []],
    ],
}  # fmt: skip
LIST = {"t": "BulletList", "c": [[para([string("one")]), para([CITE])], [TABLE]]}
TREE = [div([LIST, para([link([image([string("alt")], "a.png")], "#x")])], attr("d", ["c"])), para([QUOTED])]


def shown(nodes: Any) -> list[Any]:
    return [node["c"] if node["t"] == "Str" else node["t"] for node in pandoc_ast.query(nodes)]


def test_query_goes_in_order_parents_first() -> None:
    cited = ["Para", "Cite", "see", "Emph", "p. 3", "[@a]"]
    table = ["Table", "Para", "cell"]
    reported = ["Div", "BulletList", "Para", "one", *cited, *table, "Para", "Link", "Image", "alt", "Para", "Quoted", "said"]
    assert shown(TREE) == shown(tuple(TREE)) == reported
    assert shown(TREE[1]) == ["Para", "Quoted", "said"]
    assert shown([]) == []


def test_a_survey_counts_what_a_query_finds() -> None:
    found = pandoc_ast.survey(tuple(TREE))
    assert found.tags == Counter(node["t"] for node in pandoc_ast.query(TREE))
    assert found.depth == len(["Div", "BulletList", "Para", "Cite", "Emph", "Str"])
    assert pandoc_ast.survey([]) == ({}, 0, "")


def test_depth_counts_enumerations_and_overflows_nowhere() -> None:
    assert pandoc_ast.depth([{"t": "Quoted", "c": [{"t": "DoubleQuote"}, []]}]) == len(["Quoted", "DoubleQuote"])
    deep: Any = string("x")
    for _ in range(50_000):
        deep = {"t": "Emph", "c": [deep]}
    assert pandoc_ast.depth([deep]) == 50_001
    while "c" in deep and isinstance(deep["c"], list):  # or freeing it would overflow
        deep = deep["c"].pop()


MIXED = [*TREE, para([string("a"), {"t": "Space"}, {"t": "Emph", "c": [string("b"), {"t": "Code", "c": [attr(), "c"]}]}, CITE])]


@pytest.mark.parametrize("tags", [{"Code"}, {"Str"}, {"Str", "Emph"}, {"Para", "Cite"}, {"Table"}, {"Nothing"}, set()])
def test_some_tags_are_asked_for_as_if_all_were(tags: set[str]) -> None:
    assert list(pandoc_ast.query(MIXED, tags)) == [node for node in pandoc_ast.query(MIXED) if node["t"] in tags]
    some: list[Any] = []
    every: list[Any] = []

    def visit(node: Any) -> Any:
        some.append(node)
        return [node, node] if node["t"] in ("Emph", "Str") else node

    def visit_all(node: Any) -> Any:
        if node["t"] not in tags:
            return node
        every.append(node)
        return [node, node] if node["t"] in ("Emph", "Str") else node

    assert pandoc_ast.walk(MIXED, visit, tags) == pandoc_ast.walk(MIXED, visit_all)
    assert some == every
