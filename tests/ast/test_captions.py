"""Numbers of captions: where the author named a figure, the same as in the references to it."""

from __future__ import annotations

import pytest

from service.ast import captions
from service.ast.pandoc_ast import Node, attr, plain, text, words
from service.model.blocks import Blocks


def figure(identifier: str, caption: str) -> Node:
    return {"t": "Figure", "c": [attr(identifier), [None, [plain(words(caption))] if caption else []], []]}


def shown(lang: str, *figures: Node) -> list[str]:
    return [text(each["c"][1][1]).strip() for each in captions.numbered(Blocks(figures), lang)]


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [("en", "Figure\u00a01.\u00a0Dunes", "Figure\u00a02.\u00a0Gulls"), ("zh-Hans", "图1\u3000Dunes", "图2\u3000Gulls")],
)
def test_named_figures_are_counted(lang: str, first: str, second: str) -> None:
    found = shown(lang, figure("fig:a", "Dunes"), figure("", "Bare"), figure("fig-b", "Gulls"))
    assert found == [first, "Bare", second]


def test_a_number_of_the_authors_own_stays_alone() -> None:
    assert shown("en", figure("fig:a", "Fig. 7: Dunes"), figure("fig:b", "")) == ["Fig. 7: Dunes", ""]


def test_nothing_to_number_is_the_same_object() -> None:
    blocks = Blocks([figure("a", "Dunes")])
    assert captions.numbered(blocks, "en") is blocks
